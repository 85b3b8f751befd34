"""Text that people typed, made harmless: to a terminal, to a reader of text, to a spreadsheet.

A name or a note may hold anything. What would move the cursor, turn the writing direction, hide
from the eye or end the line is shown as a visible escape; what a spreadsheet would run gets an apostrophe
(OWASP, CSV Injection).
"""

from __future__ import annotations

import re

_HIDDEN = (
    "\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
"""DEL, C1, marks and overrides of direction, zero width, separators of lines, surrogates, tags."""

_PLAIN = r"\x00-\u02ff\u2000-\u206f" + _HIDDEN
# Left to `re` to compile on first use: most text is plain, and compiling these costs a millisecond.
_UNSAFE = (
    rf"[\x00-\x1f{_HIDDEN}]"
    # A joiner shapes emoji and Indic or Persian letters; beside anything else it only hides.
    rf"|(?<![^{_PLAIN}])[\u200c\u200d]|[\u200c\u200d](?![^{_PLAIN}])"
)
_UNSAFE_IN_JSON = f"[{_HIDDEN}]"
_BEYOND_ASCII = r"[^\x00-\x7f]"
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_STAND_INS = {
    "\xb1": "+/-", "\xb0": " deg ", "\xb7": "-", "\xd7": "x", "\u2022": "-", "\u2026": "...",
    "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
    "\u2192": "->", "\u2264": "<=", "\u2265": ">=",
}  # fmt: skip
"""Signs of writing that ASCII has another for; letters have none, for their own would be another name."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def inert(text: str) -> str:
    r"""The text on one line, what is not plain writing as a visible escape: `\n`, `\x1b`, `\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSAFE, _escape, text)


def readable(text: str, encoding: str) -> str:
    """The text for people: inert, in letters that the encoding has, signs that it lacks as they are typed."""
    told = inert(text)
    if not told.isascii() and carried(told, encoding) != told:
        told = "".join(
            _STAND_INS.get(sign, sign) if carried(sign, encoding) != sign else sign for sign in told
        )
    return carried(told, encoding)


def formula_free(text: str) -> str:
    """The text as a spreadsheet takes it for text: an apostrophe first where it begins like a formula.

    Spaces before the sign do not count, since some spreadsheets drop them.
    """
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def json_inert(document: str, encoding: str = "utf-8") -> str:
    r"""A JSON document with the same characters as `\uXXXX`, which reads back as the very same text.

    Where the encoding cannot carry the document, all that is not ASCII is written so.
    """
    if document.isascii() and "\x7f" not in document:
        return document
    document = re.sub(_UNSAFE_IN_JSON, _escape_json, document)
    if carried(document, encoding) != document:
        document = re.sub(_BEYOND_ASCII, _escape_json, document)
    return document


def carried(text: str, encoding: str) -> str:
    """The text as the encoding can carry it: characters it lacks become visible escapes."""
    if text.isascii():
        return text
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    code = ord(sign)
    if sign in _SHORT:
        return _SHORT[sign]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escape_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
