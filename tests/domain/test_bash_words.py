"""A line of bash taken apart and put together again, beside bash itself."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.bash_words import put_back, typed

BREAKS = " \t\n\"'@><=;|&(:"
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\n\0", exclude_categories=["Cs", "Cc"]),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize(
    ("line", "words", "begun", "kept", "quote"),
    [
        ("medtrack take met", ["medtrack", "take"], "met", 0, ""),
        ("medtrack take ", ["medtrack", "take"], "", 0, ""),
        ("medtrack  take\t'vitamin D", ["medtrack", "take"], "vitamin D", 0, "'"),
        ('medtrack take "a \\"b', ["medtrack", "take"], 'a "b', 0, '"'),
        ("medtrack take a\\ b", ["medtrack", "take"], "a b", 0, ""),
        ("medtrack take B:1", ["medtrack", "take"], "B:1", 2, ""),
        ("medtrack take B\\:1", ["medtrack", "take"], "B:1", 0, ""),
        ("medtrack take @o", ["medtrack", "take"], "@o", 0, ""),
        ("medtrack report --format=h", ["medtrack", "report"], "--format=h", 9, ""),
        ("medtrack '' x", ["medtrack", ""], "x", 0, ""),
        ("", [], "", 0, ""),
    ],
)
def test_a_line_is_taken_apart(line: str, words: list[str], begun: str, kept: int, quote: str) -> None:
    found = typed(line, BREAKS)
    assert (found.words, found.begun, found.kept, found.quote) == (words, begun, kept, quote)


@given(word=TEXT, begun=st.integers(0, 3), way=st.sampled_from(["", "'", '"']))
def test_what_is_put_back_is_read_as_it_was_meant(word: str, begun: int, way: str) -> None:
    before = typed(f"medtrack take {way}", BREAKS)
    whole = f"medtrack take {way}{put_back(word, before)}{way} "
    assert typed(whole, BREAKS).words == ["medtrack", "take", word]


@settings(max_examples=30, deadline=None)
@given(words=st.lists(TEXT, min_size=1, max_size=8), way=st.sampled_from(["", "'", '"']))
def test_bash_reads_it_so_too(words: list[str], way: str) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash on this machine")
    line = typed(f"medtrack {way}", BREAKS)
    said = " ".join(f"{way}{put_back(word, line)}{way}" for word in words)
    done = subprocess.run([bash, "-c", f"printf '%s\\n' {said}"], capture_output=True, check=True)
    assert done.stdout.decode() == "".join(f"{word}\n" for word in words)
