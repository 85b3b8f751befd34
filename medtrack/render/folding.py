"""Text folded between words for a terminal that is narrower than it; what fits is left as it is."""

from __future__ import annotations

_NARROW_SIGNS = "\u0300"
"""Every sign before the combining ones is one column wide."""
_KEPT = "\u00a0"
"""Stands for the blank before a percent sign, which is never parted from its number."""
NARROWEST = 10
"""Below this many columns folding by medtrack helps nobody: the terminal wraps."""


def folded(page: str, width: int | None) -> str:
    """The page with every line that is wider than the terminal folded, under where it begins.

    None is no terminal: nothing is folded.
    """
    if width is None or (len(page) <= width and page.isascii()):
        return page
    return "".join(
        f"{line}\n" for whole in page.removesuffix("\n").split("\n") for line in fold(whole, width)
    )[: None if page.endswith("\n") else -1]


def fold(line: str, width: int, rest: str = "") -> list[str]:
    """One line as lines of a width at most; those after the first begin with the same blanks, and `rest`."""
    width = max(width, NARROWEST)
    if size(line, width) <= width:
        return [line]
    told = line.lstrip(" ")
    indent = " " * min(len(line) - len(told), width // 2)
    if line.isascii():
        from textwrap import wrap

        lines = wrap(
            told.replace(" %", f"{_KEPT}%"), width, initial_indent=indent, subsequent_indent=indent + rest,
            break_on_hyphens=False,
        )  # fmt: skip
        return [each.replace(_KEPT, " ") for each in lines]
    return _fold_wide(told, width, indent, indent + rest)


def size(text: str, enough: int = 0) -> int:
    """How many columns a text takes; where it surely takes no more than `enough`, the most that it can be."""
    if text.isascii() or max(text) < _NARROW_SIGNS:
        return len(text)
    if 2 * len(text) <= enough:
        return enough
    from rich.cells import cell_len

    return cell_len(text)


def _fold_wide(told: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """A sentence as lines where signs may be two columns wide, or none; each gap is one blank."""
    from rich.cells import cell_len, chop_cells

    lines: list[str] = []
    line = ""
    for word in _words(told):
        tried = f"{line} {word}" if line else first + word
        if cell_len(tried) <= width:
            line = tried
            continue
        if line:
            lines.append(line)
        # Signs without any width alone are no piece.
        for piece in chop_cells(word, width - max(len(first), len(rest))) or [word]:
            lines.append((rest if lines else first) + piece)
        line = lines.pop()
    return [*lines, *([line] if line else [])] or [""]


def _words(told: str) -> list[str]:
    """The words of a sentence, a percent sign with the number before it."""
    words: list[str] = []
    for word in told.split():
        if words and word.startswith("%"):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words
