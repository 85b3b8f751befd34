"""A command line of bash, taken apart as bash does, and words put back so that it reads them right.

zsh and fish do this themselves. bash hands over the line as it was typed and puts in what it is given
without a change, in place of what follows the last of its break characters (bash(1), COMP_WORDBREAKS).
"""

from __future__ import annotations

_BARE = frozenset("-_./+,%:=")
"""What needs no quoting beside letters and digits; the last two only break words."""
_PREFIXES = "$@"
"""The break characters that belong to what they begin (readline, rl_special_prefixes)."""
_IN_DOUBLE = frozenset('"$`\\')
"""What a backslash takes the meaning from between double quotes."""

_HOMES = ("${HOME}", "$HOME")
"""How the home is typed by its name."""


class Typed:
    """A command line up to the cursor."""

    __slots__ = ("begun", "kept", "quote", "words")

    def __init__(self, words: list[str], begun: str, kept: int, quote: str) -> None:
        self.words = words
        """The words before the one at the cursor, without their quotes."""
        self.begun = begun
        """That one as far as it is typed, without its quotes."""
        self.kept = kept
        """How many of its first characters bash keeps; what is put in replaces the rest."""
        self.quote = quote
        """The quote that is still open, or nothing."""


def typed(line: str, breaks: str, home: str = "") -> Typed:
    """Take a line apart; `breaks` are bash's break characters.

    In the words before the one at the cursor `$HOME` is `home`. Nothing else that is typed is expanded.
    """
    words: list[str] = []
    homes: list[int] = []
    word: str | None = None
    kept, quote, is_escaped = 0, "", False
    for sign in line:
        if sign == "$" and home and quote != "'" and not is_escaped:
            homes.append(len(word or ""))
        if is_escaped:
            literal = f"\\{sign}" if quote and sign not in _IN_DOUBLE else sign
            word, is_escaped = (word or "") + literal, False
        elif sign == "\\" and quote != "'":
            is_escaped = True
        elif quote:
            if sign == quote:
                quote, kept = "", len(word or "")
            else:
                word = (word or "") + sign
        elif sign in "'\"":
            quote, word = sign, word or ""
            kept = len(word)
        elif sign in " \t\n":
            if word is not None:
                words.append(_expanded(word, homes, home))
            word, kept, homes = None, 0, []
        else:
            word = (word or "") + sign
            if sign in breaks:
                kept = len(word) - (sign in _PREFIXES)
    return Typed(words, word or "", kept, quote)


def _expanded(word: str, dollars: list[int], home: str) -> str:
    """The word with `home` at each of these dollar signs that begins `$HOME` or `${HOME}`."""
    for place in reversed(dollars):
        rest = word[place:]
        name = next((each for each in _HOMES if rest.startswith(each)), None)
        after = rest[len(name or "") :][:1]
        if name is not None and not (name == "$HOME" and (after.isalnum() or after == "_")):
            word = word[:place] + home + rest[len(name) :]
    return word


def put_back(word: str, line: Typed) -> str:
    """What bash is to put in, so that the line then reads as `word`."""
    rest = word[line.kept :]
    if line.quote == "'":
        return rest.replace("'", "'\\''")
    if line.quote:
        return "".join(f"\\{sign}" if sign in _IN_DOUBLE else sign for sign in rest)
    return "".join(sign if sign.isalnum() or sign in _BARE else f"\\{sign}" for sign in rest)
