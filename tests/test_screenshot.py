"""The picture of the README shows what the program prints."""

from __future__ import annotations

from pathlib import Path

from tests.screenshot import PICTURE, draw


def test_the_picture_is_drawn_from_what_is_printed_now(tmp_path: Path) -> None:
    drawn = draw(tmp_path)
    assert PICTURE.read_text(encoding="utf-8") == drawn, "python -m tests.screenshot draws it anew"
    assert drawn.count("http") == 1, "it loads something from elsewhere"
