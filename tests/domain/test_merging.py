"""The union of two records, as far as it is arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.merging import Contradiction, Linked, missing, renumbered


def linked(*uids: str) -> list[Linked]:
    return [Linked(number, uid, "device", uid.encode()) for number, uid in enumerate(uids, 1)]


def test_what_is_missing_comes_in_its_order() -> None:
    assert [each.uid for each in missing(linked("a", "c"), linked("c", "d", "a", "b"))] == ["d", "b"]
    assert missing(linked("a", "b"), linked("a")) == []


def test_one_uid_for_two_actions_is_a_contradiction() -> None:
    with pytest.raises(Contradiction):
        missing(linked("a"), [Linked(1, "a", "device", b"another")])


@given(st.sets(st.text("abcdef", min_size=1, max_size=2)), st.sets(st.text("abcdef", min_size=1, max_size=2)))
def test_new_rows_follow_and_known_ones_keep_their_id(ours: set[str], theirs: set[str]) -> None:
    known = {uid: number for number, uid in enumerate(sorted(ours), 1)}
    rows = [(number, uid) for number, uid in enumerate(sorted(theirs), 101)]
    ids, new = renumbered(known, rows, len(known))
    assert set(ids) == {number for number, _ in rows}
    assert all(ids[number] == known[uid] for number, uid in rows if uid in known)
    assert [uid for _, uid in new] == sorted(theirs - ours)
    assert [ids[number] for number, _ in new] == list(range(len(known) + 1, len(ours | theirs) + 1))
