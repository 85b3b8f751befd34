"""What services hand to the render room: several people's listings as one."""

from __future__ import annotations

from medtrack.domain.report import Column, Report, combined

COLUMNS = (Column("medication", "Medication"), Column("taken"))


def listing(
    *rows: dict[str, object], meta: dict[str, object] | None = None, footer: list[str] | None = None
) -> Report:
    return Report("log", COLUMNS, rows, meta or {}, ["of one person"], footer or [], "Nothing.")


def test_rows_of_several_people_stand_together_each_with_its_person() -> None:
    found = combined(
        [
            ("Ann", listing({"medication": "a"}, {"medication": "b"})),
            ("Ben", listing()),
            ("Cy", listing({"medication": "a"})),
        ]
    )
    assert found.kind == "log"
    assert [column.key for column in found.columns] == ["person", "medication", "taken"]
    assert list(found.rows) == [
        {"person": "Ann", "medication": "a"},
        {"person": "Ann", "medication": "b"},
        {"person": "Cy", "medication": "a"},
    ]
    assert found.meta == {"people": ["Ann", "Ben", "Cy"]}
    assert found.empty == "", "it stands under the name of Ben already"
    assert list(found.lines) == [
        "Ann: of one person",
        "Ben: of one person",
        "Ben: Nothing.",
        "Cy: of one person",
    ]


def test_counts_add_up_lists_join_and_what_differs_is_left_out() -> None:
    one = listing(meta={"due": 2, "dropped": [{"a": 1}], "zone": "UTC", "by": "day", "complete": True})
    two = listing(
        meta={"due": 3, "dropped": [{"b": 2}], "zone": "Europe/Paris", "by": "day", "complete": True}
    )
    assert combined([("Ann", one), ("Ben", two)]).meta == {
        "people": ["Ann", "Ben"],
        "due": 5,
        "dropped": [{"person": "Ann", "a": 1}, {"person": "Ben", "b": 2}],
        "by": "day",
        "complete": True,
    }


def test_a_truth_that_differs_is_no_count() -> None:
    one, two = listing(meta={"complete": True}), listing(meta={"complete": False})
    assert "complete" not in combined([("Ann", one), ("Ben", two)]).meta


def test_the_same_footer_is_said_once() -> None:
    one, two = listing(footer=["rule", "Ann's"]), listing(footer=["rule", "Ben's"])
    assert list(combined([("Ann", one), ("Ben", two)]).footer) == ["rule", "Ann: Ann's", "Ben: Ben's"]


def test_one_person_alone_is_named_too() -> None:
    found = combined([("Ann", listing({"medication": "a"}, meta={"due": 1}))])
    assert found.rows[0]["person"] == "Ann"
    assert found.meta == {"people": ["Ann"], "due": 1}


def test_the_reports_put_together_are_left_as_they_were() -> None:
    one = listing({"medication": "a"}, meta={"due": 1})
    combined([("Ann", one), ("Ben", one)])
    assert one.rows == ({"medication": "a"},)
    assert one.meta == {"due": 1}
