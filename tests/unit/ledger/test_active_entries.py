"""Which entries are in force: undo, redo, chains of edits, and what stands in the way."""

from __future__ import annotations

from gengdi_desktop.ledger.active_entries import ActiveEntries, EntryMark


def entries(*said: str) -> ActiveEntries:
    """Entries from 1 on: ``edit``, ``undo 3`` or ``edit 3`` for one that continues the third."""
    marks = []
    for seq, word in enumerate(said, start=1):
        action, _, number = word.partition(" ")
        target = int(number) if number else None
        undo = action == "undo"
        marks.append(EntryMark(seq, action, target if undo else None, None if undo else target))
    return ActiveEntries(marks)


def in_force(found: ActiveEntries, most: int = 12) -> list[int]:
    """The numbers of the entries in force."""
    return [seq for seq in range(1, most + 1) if found.in_force(seq)]


def test_an_empty_journal_has_nothing_in_force() -> None:
    found = entries()
    assert (in_force(found), list(found.steps_back()), found.redoable()) == ([], [], None)
    assert 1 not in found
    assert found.chain(1) == ()


def test_an_undone_entry_is_not_in_force_and_its_undo_is() -> None:
    found = entries("plan", "start", "undo 2")
    assert in_force(found) == [1, 3]
    assert found.undone_by(2) == 3
    assert found.undone_by(1) is None
    assert [mark.seq for mark in found.steps_back()] == [1]


def test_an_undo_that_was_undone_brings_the_entry_back() -> None:
    found = entries("plan", "undo 1", "undo 2")
    assert in_force(found) == [1, 3]
    assert found.undone_by(2) == 3


def test_undo_after_redo() -> None:
    found = entries("plan", "undo 1", "undo 2", "undo 1")
    assert in_force(found) == [3, 4]
    assert found.undone_by(1) == 4
    redo = found.redoable()
    assert redo is not None
    assert redo.seq == 4


def test_redo_takes_the_newest_undo_while_nothing_else_was_done() -> None:
    def next_redo(*said: str) -> int | None:
        mark = entries(*said).redoable()
        return mark.seq if mark else None

    assert next_redo("plan", "start") is None
    assert next_redo("plan", "start", "undo 2") == 3
    assert next_redo("plan", "start", "undo 2", "undo 1") == 4
    assert next_redo("plan", "start", "undo 2", "undo 1", "undo 4") == 3
    assert next_redo("plan", "start", "undo 2", "undo 1", "undo 4", "undo 3") is None
    assert next_redo("plan", "undo 1", "note") is None
    assert next_redo("undo 9") is None


def test_a_chain_of_edits_is_one_step() -> None:
    found = entries("plan", "edit", "edit 2", "edit 3")
    assert found.chain(4) == (4, 3, 2)
    assert found.chain(3) == (3, 2)
    assert found.step(2) == found.step(3) == found.step(4) == (4, 3, 2)
    assert [found.continued(seq) for seq in (1, 2, 3, 4)] == [False, True, True, False]


def test_undoing_a_chain_undoes_all_of_it() -> None:
    found = entries("plan", "edit", "edit 2", "undo 3")
    assert in_force(found) == [1, 4]
    assert [found.undone_by(seq) for seq in (2, 3)] == [4, 4]
    again = entries("plan", "edit", "edit 2", "undo 3", "undo 4")
    assert in_force(again) == [1, 2, 3, 5]


def test_an_undo_ends_a_chain() -> None:
    found = entries("edit", "edit 1", "undo 2", "edit 2")
    assert found.chain(4) == (4,)
    assert in_force(found) == [3, 4]
    assert in_force(entries("edit", "edit 1", "undo 2", "edit 2", "undo 4")) == [3, 5]


def test_work_between_does_not_end_a_chain() -> None:
    found = entries("edit", "note", "edit 1")
    assert found.chain(3) == (3, 1)
    assert found.later_in_force((3, 1)) == [2]


def test_a_chain_to_nowhere_or_forward_is_no_chain() -> None:
    found = ActiveEntries([EntryMark(1, "edit", None, 2), EntryMark(2, "edit", None, 9), EntryMark(3, "edit", None, 3)])
    assert [found.chain(seq) for seq in (1, 2, 3)] == [(1,), (2,), (3,)]


def test_later_entries_that_stand() -> None:
    found = entries("plan", "start", "progress", "undo 3", "note")
    assert found.later_in_force((1,)) == [2, 5]
    assert found.later_in_force((2,)) == [5]
    assert found.later_in_force((5,)) == []


def test_the_turning_back_of_something_older_stands_in_the_way() -> None:
    found = entries("plan", "start", "undo 1")
    assert found.later_in_force((2,)) == [3]


def test_the_turning_back_of_a_chain_that_began_before_stands_in_the_way() -> None:
    found = entries("edit", "note", "edit 1", "undo 3")
    assert found.later_in_force((2,)) == [4]


def test_a_redone_entry_stands_in_the_way_of_an_older_one() -> None:
    found = entries("plan", "start", "undo 2", "undo 3")
    assert found.later_in_force((1,)) == [2]
    assert found.later_in_force((2,)) == []


def test_marks_are_found_by_number() -> None:
    found = entries("plan", "undo 1")
    assert 2 in found
    assert found.mark(2) == EntryMark(2, "undo", 1, None)
    assert not found.in_force(3)
