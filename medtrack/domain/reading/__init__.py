"""Reading a prescription as written: words in, a meaning shaped like FHIR R4 `Dosage` out, or a refusal."""

from .checks import doubt_of_strength
from .echo import as_row
from .meaning import Habits, Part, Reading, Repeat
from .notation import warn_of_amount
from .prescription import read_prescription
from .respelling import plain_words

__all__ = [
    "Habits",
    "Part",
    "Reading",
    "Repeat",
    "as_row",
    "doubt_of_strength",
    "plain_words",
    "read_prescription",
    "warn_of_amount",
]
