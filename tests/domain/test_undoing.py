"""Undo and redo: as in an editor, and what stands after any chain of voids."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.undoing import Step, Void, standing_targets, undo_stacks


class Editor:
    """The model: a list of what is done and a position in it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.at = 0

    def write(self, text: str) -> None:
        self.texts[self.at :] = [text]
        self.at += 1

    def undo(self, number: int) -> tuple[str, ...]:
        number = min(number, self.at)
        self.at -= number
        return tuple(reversed(self.texts[self.at : self.at + number]))

    def redo(self, number: int) -> tuple[str, ...]:
        number = min(number, len(self.texts) - self.at)
        self.at += number
        return tuple(self.texts[self.at - number : self.at])


@given(st.lists(st.tuples(st.sampled_from(["take", "note", "undo", "redo"]), st.integers(1, 4)), max_size=60))
@settings(max_examples=200, deadline=None)
def test_the_stacks_behave_as_an_editors(commands: list[tuple[str, int]]) -> None:
    editor = Editor()
    steps: list[Step] = []
    for number, (command, many) in enumerate(commands):
        uid = f"action-{number}"
        if command in ("undo", "redo"):
            targets = editor.undo(many) if command == "undo" else editor.redo(many)
            if not targets:
                continue
            steps.append(Step(uid, command, targets))
        else:
            editor.write(uid)
            steps.append(Step(uid, command, ()))
        done, undone = undo_stacks(steps)
        assert done == editor.texts[: editor.at]
        assert undone == list(reversed(editor.texts[editor.at :]))


def test_what_two_machines_of_one_name_undid_is_undone_once() -> None:
    steps = [
        Step("a", "take", ()),
        Step("b", "note", ()),
        Step("u1", "undo", ("b",)),
        Step("u2", "undo", ("b", "a")),
        Step("r", "redo", ("a",)),
        Step("r2", "redo", ("a",)),
    ]
    assert undo_stacks(steps) == (["a"], ["b"])


def test_nothing_done_is_nothing_to_undo() -> None:
    assert undo_stacks([]) == ([], [])


def naive(voids: list[Void]) -> set[str]:
    """From the youngest void to the oldest: a void that no standing one reaches voids its target."""
    fallen: set[str] = set()
    for void in reversed(voids):
        if void.uid not in fallen and void.action_uid not in fallen:
            fallen.add(void.target)
    return fallen


@st.composite
def histories(draw: st.DrawFn) -> list[Void]:
    """Actions in order, each with some facts, some of them voids of older things."""
    known: list[str] = []
    voids: list[Void] = []
    for number in range(draw(st.integers(1, 14))):
        action = f"a{number}"
        older = list(known)
        for fact in range(draw(st.integers(0, 3))):
            uid = f"f{number}.{fact}"
            if older and draw(st.booleans()):
                voids.append(Void(uid, action, draw(st.sampled_from(older))))
            known.append(uid)
        known.append(action)
    return voids


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_what_stands_agrees_with_a_simulation_in_any_order(voids: list[Void], chance) -> None:  # type: ignore[no-untyped-def]
    expected = naive(voids)
    assert standing_targets(voids) == expected
    shuffled = list(voids)
    chance.shuffle(shuffled)
    assert standing_targets(shuffled) == expected


STANDING = [
    ([], set()),
    ([Void("v1", "u1", "a1")], {"a1"}),
    # Undone and redone: the void itself is void.
    ([Void("v1", "u1", "a1"), Void("v2", "r1", "v1")], {"v1"}),
    ([Void("v1", "u1", "a1"), Void("v2", "r1", "v1"), Void("v3", "u2", "a1")], {"v1", "a1"}),
    # An amend voids a dose; undoing the amend brings the dose back.
    ([Void("v1", "amend", "dose"), Void("v2", "u1", "amend")], {"amend"}),
    # Two carers void the same; one takes it back.
    ([Void("v1", "x1", "dose"), Void("v2", "y1", "dose"), Void("v3", "x2", "v1")], {"v1", "dose"}),
]


@pytest.mark.parametrize(("voids", "expected"), STANDING)
def test_what_stands(voids: list[Void], expected: set[str]) -> None:
    assert standing_targets(voids) == expected


@pytest.mark.parametrize("length", [10_000, 10_001])
def test_a_long_chain_of_voids(length: int) -> None:
    chain = [Void(f"v{number}", f"a{number}", f"v{number - 1}") for number in range(1, length + 1)]
    assert standing_targets(chain) == {void.target for void in chain[::-2]}
