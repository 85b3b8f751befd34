"""medtrack: a person's medication record in a terminal."""

__version__ = "0.1.0"
