"""The entry point: `medtrack`, and `python -m medtrack`."""

import gc
import os
import sys

# A command makes next to no garbage before it ends; looking for it while everything is imported costs a
# twentieth of the time.
gc.disable()


def main() -> None:
    """The command `medtrack`."""
    try:
        if sys.argv[1:2] == ["__complete"]:
            from medtrack.completing import main as complete

            complete("".join(sys.argv[2:3]), os.environ)
            os._exit(0)
        from medtrack.idle import answer

        known = answer(sys.argv[1:], os.environ)
        if known is not None:
            os._exit(known)
        from medtrack.app import main as whole
    except KeyboardInterrupt:
        os._exit(130)
    whole()


if __name__ == "__main__":
    main()
