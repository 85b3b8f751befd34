"""Look-ups at public services: only when asked for, told beforehand, kept, and never a reason to be sure.

The services are a stand-in on this machine that gives the documented answers.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.test_prompts import Terminal
from tests.conftest import Result
from tests.schemas import flaws
from tests.stand_in import StandIn, stand_in

Spawn = Callable[..., Result]
NOW = "2026-03-10T08:00[Europe/London]"


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


def check(spawn: Spawn, server: StandIn, *words: str, now: str = NOW, **environ: str) -> Result:
    return spawn(["check", *words], MEDTRACK_NOW=now, **{**server.environ, **environ})


def test_nothing_leaves_without_a_yes(spawn: Spawn, server: StandIn) -> None:
    said = check(spawn, server, "warfarin", "ibuprofen", "--online")
    assert (said.code, said.out, server.asked) == (30, "", [])
    assert "these names, and their RxNorm numbers, leave this machine one at a time" in said.err
    assert "127.0.0.1" in said.err
    assert ": warfarin and ibuprofen. Nothing else of the record does." in said.err
    assert "--yes" in said.err
    assert check(spawn, server, "warfarin", "ibuprofen").code == 4
    assert server.asked == [], "nor where it was not asked for"


def test_what_the_services_say_stands_beside_the_check(spawn: Spawn, server: StandIn) -> None:
    spawn("add sertraline --at 08:00 --yes", MEDTRACK_NOW=NOW)
    said = check(spawn, server, "warfarin", "Advil", "--online", "--yes")
    assert said.code == 4
    assert said.err.count("leave this machine") == 1
    assert "MAJOR (interaction): Advil with warfarin" in said.out
    assert "warfarin: its label at openFDA, fetched 2026-03-10, today." in said.out
    assert "Boxed warning: WARNING: BLEEDING RISK" in said.out
    assert 'It names Advil: "Nonsteroidal anti-inflammatory agents such as celecoxib, ibuprofen' in said.out
    assert "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=558b7a0d-" in said.out
    assert (
        "For patients, MedlinePlus.gov, fetched 2026-03-10, today: Warfarin, https://medlineplus.gov/"
        in said.out
    )
    assert "ibuprofen: openFDA has no label with a section on interactions." in said.out
    assert "What a label does not name may still matter" in said.out
    assert "publicly available data from the U.S. National Library of Medicine" in said.out
    assert "\x1b" not in said.out
    assert len(server.asked) == 6
    assert not any("sertraline" in each for each in server.asked), "what is taken was not asked about"
    assert not any("ann" in str(each).lower() for each in server.headers)


def test_the_regimen_is_looked_up_and_scripts_read_it(spawn: Spawn, server: StandIn) -> None:
    for name in ("warfarin", "ibuprofen"):
        spawn(f"add {name} --at 08:00 --yes", MEDTRACK_NOW=NOW)
    said = check(spawn, server, "--online", "--yes", "--json")
    assert flaws(json.loads(said.out)) == []
    online = json.loads(said.out)["online"]
    assert [each["typed"] for each in online["answers"]] == ["ibuprofen", "warfarin"]
    assert online["answers"][1]["names"][0]["medicine"] == "ibuprofen"
    assert online["answers"][1]["rxcui"] == "11289"
    assert online["failed"] == []
    assert online["fetched_at"].startswith("2026-03-10T08:00:00")
    assert "online" not in json.loads(check(spawn, server, "--json").out)


def test_answers_are_kept_for_a_month_with_their_age(spawn: Spawn, server: StandIn, home: Path) -> None:
    check(spawn, server, "warfarin", "ibuprofen", "--online", "--yes")
    first = len(server.asked)
    said = check(spawn, server, "warfarin", "ibuprofen", "--online", now="2026-03-20T09:00Z")
    assert (said.code, len(server.asked)) == (4, first), "nothing has to leave, so nothing is asked"
    assert "fetched 2026-03-10, 10 days ago" in said.out
    kept = home / "state" / "medtrack" / "lookups.db"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    late = check(spawn, server, "warfarin", "--online", "--yes", now="2026-05-01T09:00Z")
    assert "fetched 2026-05-01, today" in late.out
    server.mode = "500"
    old = check(spawn, server, "warfarin", "--online", "--yes", now="2026-08-01T09:00Z")
    assert "fetched 2026-05-01, 92 days ago" in old.out
    assert "NOT everything was looked up: openFDA, it answered with error 500." in old.out
    assert spawn("check --forget lookups").code == 0
    assert not kept.exists()
    assert spawn("check --forget lookups").code == 20


def test_a_name_that_is_not_known_is_offered_for_and_never_taken(spawn: Spawn, server: StandIn) -> None:
    said = check(spawn, server, "metfromin", "--online", "--yes")
    assert said.code == 20
    assert "metfromin: RxNav offers metformin and metronidazole, fetched 2026-03-10, today." in said.out
    assert "None of them was taken: compare with the packet." in said.out
    assert "NOT checked: metfromin." in said.out
    assert "Xyz: RxNav knows nothing like it" in check(spawn, server, "Xyz", "--online", "--yes").out


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("403", "it was asked too often; try again later"),
        ("500", "it answered with error 500"),
        ("elsewhere", "it points elsewhere, which is not followed"),
        ("page", "its answer cannot be read"),
        ("huge", "the answer is too large"),
    ],
)
def test_a_service_that_fails_is_said_and_the_check_goes_on(
    spawn: Spawn, server: StandIn, mode: str, why: str
) -> None:
    server.mode = mode
    said = check(spawn, server, "warfarin", "ibuprofen", "--online", "--yes")
    assert said.code == 4
    assert "MAJOR (interaction)" in said.out
    assert f"NOT everything was looked up: openFDA, {why}." in said.out
    assert f"NOT everything was looked up: RxNav, {why}." in said.out
    assert len(server.asked) == 2, "a service that failed is not asked again"
    assert not any("stolen" in each for each in server.asked)


@pytest.mark.parametrize("mode", ["strange", "cut"])
def test_odd_answers_say_nothing(spawn: Spawn, server: StandIn, mode: str) -> None:
    server.mode = mode
    said = check(spawn, server, "warfarin", "Xyz", "--online", "--yes")
    assert said.code == 20
    assert "Boxed warning" not in said.out
    assert "bug" not in said.err


def test_nobody_there(spawn: Spawn, server: StandIn) -> None:
    server.server_close()
    said = check(spawn, server, "warfarin", "--online", "--yes")
    assert said.code == 0
    assert "NOT everything was looked up: RxNav, it could not be reached." in said.out


@pytest.mark.parametrize(
    "base", ["http://example.org", "file:///etc/passwd", "ftp://127.0.0.1", "x", "https://", "http://[::1"]
)
def test_only_https_or_this_machine(spawn: Spawn, server: StandIn, base: str) -> None:
    said = check(spawn, server, "warfarin", "--online", "--yes", MEDTRACK_RXNAV_URL=base)
    assert said.code == 2
    assert "MEDTRACK_RXNAV_URL is an https address, or http on this machine" in said.err
    assert server.asked == []


def test_it_is_asked_about_on_a_terminal(home: Path, server: StandIn) -> None:
    terminal = Terminal(home)
    code, shown = terminal("check", "warfarin", "--online", answers="n\n", **server.environ)
    assert (code, server.asked) == (1, [])
    assert "Send them?" in shown
    code, shown = terminal("check", "warfarin", "--online", answers="y\n", **server.environ)
    assert code == 0
    assert "its label at openFDA" in shown


def test_a_damaged_or_unwritable_memory_of_answers_is_done_without(
    spawn: Spawn, server: StandIn, home: Path
) -> None:
    kept = home / "state" / "medtrack" / "lookups.db"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"not a database" * 100)
    assert "its label at openFDA" in check(spawn, server, "warfarin", "--online", "--yes").out
