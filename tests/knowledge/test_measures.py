"""The files of instruments and of whom to call: every row has its source, and items only where they may be shown."""

from __future__ import annotations

import re
import tomllib
from datetime import date

from medtrack.domain.helplines import say_help
from medtrack.knowledge import read_helplines, read_instruments

from .tables import PACK


def rows(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((PACK / f"{name}.toml").read_text(encoding="utf-8"))


def test_every_instrument_has_its_source_and_its_licence() -> None:
    for name, row in rows("instruments").items():
        assert row["source"], name
        assert row["licence"], name
        if "remission" in row or "response" in row or "change" in row:
            assert row["change_source"], name
        free = ("no permission required", "public domain")
        assert not row.get("items") or any(words in str(row["licence"]) for words in free), name


def test_items_answers_and_bands_fit_together() -> None:
    for instrument in read_instruments().values():
        assert bool(instrument.items) == bool(instrument.answers) == bool(instrument.ask)
        assert len(set(instrument.items)) == len(instrument.items)
        least = [at for at, _ in instrument.bands]
        assert least == sorted(set(least))
        assert not least or (least[0] == 0 and least[-1] <= instrument.most)


def test_every_helpline_has_its_source_and_a_number() -> None:
    for country, row in rows("helplines").items():
        assert re.fullmatch("[A-Z]{2}", country)
        assert row["source"], country
        assert isinstance(row["source_date"], date), country
        assert re.search(r"\d{3}", str(row["emergency"])), country
        assert re.search(r"\d{3}", str(row["line"]).replace(" ", "")), country


def test_help_is_said_whatever_is_known() -> None:
    lines = read_helplines()
    assert any("call 911" in line for line in say_help(lines, "US", None))
    assert any("988" in line for line in say_help(lines, "US", "Ben 555"))
    assert any("Ben 555" in line for line in say_help(lines, "US", "Ben 555"))
    for country in (None, "ZZ", "US"):
        said = " ".join(say_help(lines, country, None))
        assert "call " in said
        assert "To talk: " in said
    assert all(say_help({}, country, None) for country in (None, "US"))
