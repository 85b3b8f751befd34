"""Seals, the chain of actions, and identities: any change shows, and no order of writing does."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.chain import Chains, Value, digest, link, seal
from medtrack.domain.identity import later, uuid7

values: st.SearchStrategy[Value] = st.one_of(st.none(), st.integers(), st.text(max_size=12))
names = st.text(alphabet="abc_:,~i0123456789", min_size=1, max_size=6)
records = st.dictionaries(names, values, min_size=1, max_size=5)


def test_the_digest_is_sha_256() -> None:
    assert digest(b"abc") == hashlib.sha256(b"abc").digest()


def test_seals_never_change() -> None:
    # Rows sealed years ago must still verify: these are the bytes, whatever the code becomes.
    expected = hashlib.sha256(b"medtrack fact 1\n4:dose,2:u1,6:amount,3:1/2,2:ml,i5,").digest()
    assert seal("dose", "u1", {"ml": 5, "amount": "1/2", "note": None}) == expected
    expected = hashlib.sha256(b"medtrack action 1\nbefore7:command,4:take,3:key,~fact1fact2").digest()
    assert link(b"before", {"key": None, "command": "take"}, [b"fact1", b"fact2"]) == expected


@given(fields=records, data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_changed_field_shows(fields: dict[str, Value], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(fields)))
    other = data.draw(values.filter(lambda value: value != fields[name]))
    changed = {**fields, name: other}
    assert seal("dose", "u", changed) != seal("dose", "u", fields)
    assert link(b"", changed, []) != link(b"", fields, [])


@given(fields=records, renamed=names)
@settings(max_examples=100, deadline=None)
def test_a_renamed_field_and_a_moved_value_show(fields: dict[str, Value], renamed: str) -> None:
    before = {name: value for name, value in fields.items() if value is not None}
    if not before or renamed in before:
        return
    first = min(before)
    after = {renamed if name == first else name: value for name, value in before.items()}
    assert seal("dose", "u", after) != seal("dose", "u", before)


@given(fields=records)
@settings(max_examples=50, deadline=None)
def test_the_order_of_fields_does_not_matter(fields: dict[str, Value]) -> None:
    turned = dict(reversed(fields.items()))
    assert seal("dose", "u", turned) == seal("dose", "u", fields)
    assert link(b"x", turned, [b"y"]) == link(b"x", fields, [b"y"])


@given(fields=records, added=names)
@settings(max_examples=50, deadline=None)
def test_a_column_added_later_leaves_old_seals_alone(fields: dict[str, Value], added: str) -> None:
    if added not in fields:
        assert seal("dose", "u", {**fields, added: None}) == seal("dose", "u", fields)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "1"}, {"a": 1}),
        ({"a": ""}, {"a": None}),
        ({"a": "~"}, {"a": None}),
        ({"a": "x,1:b,1:y"}, {"a": "x", "b": "y"}),
        ({"a": "é"}, {"a": "e\u0301"}),
        ({"a": 0}, {"a": -0.0 or None}),
    ],
)
def test_values_that_look_alike_are_told_apart(one: dict[str, Value], other: dict[str, Value]) -> None:
    assert seal("dose", "u", one) != seal("dose", "u", other)


def test_kind_and_uid_are_sealed_in() -> None:
    seals = {seal(kind, uid, {"a": 1}) for kind in ("dose", "plan", "dos") for uid in ("u", "v", "eu")}
    assert len(seals) == 9


@given(
    facts=st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=5, unique=True), data=st.data()
)
@settings(max_examples=50, deadline=None)
def test_the_chain_notices_lost_added_and_reordered_facts(facts: list[bytes], data: st.DataObject) -> None:
    whole = link(b"p" * 32, {"a": 1}, facts)
    at = data.draw(st.integers(0, len(facts) - 1))
    assert link(b"p" * 32, {"a": 1}, facts[:at] + facts[at + 1 :]) != whole
    assert link(b"p" * 32, {"a": 1}, [*facts, facts[at]]) != whole
    assert link(b"p" * 32, {"a": 1}, facts[::-1]) != whole
    assert link(b"q" * 32, {"a": 1}, facts) != whole


moments = st.integers(0, 10**10).map(lambda s: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
noises = st.binary(min_size=10, max_size=10)


@given(moments, noises, moments, noises)
@settings(max_examples=100, deadline=None)
def test_identities_are_uuids_of_version_7_in_the_order_of_time(
    at: datetime, noise: bytes, after: datetime, more: bytes
) -> None:
    text = uuid7(at, noise)
    read = uuid.UUID(text)
    assert str(read) == text
    assert (read.version, read.variant) == (7, uuid.RFC_4122)
    assert read.int >> 80 == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    if at < after:
        assert text < uuid7(after, more)
    assert re.fullmatch(r"[0-9a-f-]{36}", text)


def test_every_random_bit_counts() -> None:
    at = datetime(2026, 3, 10, tzinfo=UTC)
    zero = int(uuid7(at, bytes(6)).replace("-", ""), 16)
    full = int(uuid7(at, b"\xff" * 6).replace("-", ""), 16)
    assert (zero ^ full).bit_count() == 48


def test_within_one_instant_the_counters_keep_the_order() -> None:
    at = datetime(2026, 3, 10, tzinfo=UTC)
    made = [
        uuid7(at, bytes([255 - minor % 7] * 6), major=major, minor=minor)
        for major in (1, 2, 4095)
        for minor in (0, 1, 2, 300, 16383)
    ]
    assert made == sorted(made)
    assert uuid7(at + timedelta(seconds=1), bytes(6)) > made[-1]


@given(moments, moments, st.integers(0, 4095), st.integers(0, 16383))
def test_what_is_written_in_the_knowledge_of_another_sorts_after_it_whatever_the_clock_says(
    at: datetime, before: datetime, major: int, minor: int
) -> None:
    known = uuid7(before, b"\xff" * 6, major=major, minor=minor)
    written = uuid7(later(at, known), bytes(6))
    assert written > known
    if at > before:
        assert later(at, known) == at


@pytest.mark.parametrize("damaged", ["", "no uid", "ffffffff-ffff-7fff-bfff-ffffffffffff"])
def test_a_damaged_identity_moves_no_clock(damaged: str) -> None:
    at = datetime(2026, 3, 10, tzinfo=UTC)
    assert later(at, damaged) == at


def followed(chain: Chains, *actions: tuple[str, bytes]) -> list[tuple[bool, bytes]]:
    """The links of actions, each given its name and the one it is said to follow."""
    made = []
    for name, previous in actions:
        head = link(previous, {"uid": name}, [])
        made.append((chain.has_next("d", {"uid": name}, [], head), head))
    return made


def test_a_chain_may_fork_where_a_machine_was_copied() -> None:
    chain = Chains()
    ((first, one),) = followed(chain, ("a", b""))
    rest = followed(chain, ("b", one), ("x", one))
    more = followed(chain, ("c", rest[0][1]), ("y", rest[1][1]), ("root", b""))
    assert [first, *(is_next for is_next, _ in rest + more)] == [True] * 6


def test_an_action_that_is_lost_from_the_middle_of_a_branch_shows() -> None:
    chain = Chains()
    ((_, one),) = followed(chain, ("a", b""))
    lost = link(one, {"uid": "b"}, [])
    assert [is_next for is_next, _ in followed(chain, ("c", lost), ("x", one))] == [False, True]


def test_another_devices_chain_is_not_gone_on_from() -> None:
    chain = Chains()
    ((_, one),) = followed(chain, ("a", b""))
    assert not chain.has_next("other", {"uid": "b"}, [], link(one, {"uid": "b"}, []))
