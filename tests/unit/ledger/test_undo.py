"""Turning back: whole steps, redo, chains of edits, what stands in the way, single fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlmodel import select

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Role
from gengdi_desktop.errors import ProgramError, RuleError
from gengdi_desktop.ledger import check, turning_back
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.undo import (
    UndoRefusedError,
    next_redo,
    next_undo,
    restorable_fields,
    restore_field,
    undo,
)
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    IdentifierRow,
    ListLineRow,
    NoteRow,
    PlotListRow,
    PlotRow,
    RoundRow,
    Row,
    StoredFileRow,
)
from gengdi_desktop.storage.unit_of_work import Work
from tests.helpers.databases import asked, behind_the_back, contents
from tests.helpers.ledgers import CLERK, LEADER, add_plots

MADE, JOINED, IMPORTED = 1, 2, 3
"""The entries that the ledger of these tests begins with."""


def act(
    ledger: Ledger, *steps: Callable[[Work], object], operation: Operation = Operation.EDIT, goes_on: int | None = None
) -> int:
    """One entry of these steps; its number."""
    with ledger.begin(operation, CLERK, continues=goes_on) as work:
        for step in steps:
            step(work)
        seq = work.commit().seq
    assert seq is not None
    return seq


def put(*rows: Row) -> Callable[[Work], None]:
    """A step that adds rows."""
    return lambda work: work.session.add_all(rows)


def set_to(plot: str, **values: Any) -> Callable[[Work], None]:
    """A step that sets fields of a plot."""

    def step(work: Work) -> None:
        row = work.session.get_one(PlotRow, plot)
        for name, value in values.items():
            setattr(row, name, value)

    return step


def tables(ledger: Ledger) -> Mapping[str, Any]:
    """Every row of every journalled table."""
    return contents(ledger.folder.database)


def ids(ledger: Ledger, row: type[Row] = PlotRow) -> list[Any]:
    """The keys of a table."""
    with ledger.reading() as session:
        return sorted(session.exec(select(row.id)))  # type: ignore[attr-defined]


def refusal(ledger: Ledger, seq: int | None = None, *, untouched: bool = False) -> RuleError:
    """Why an undo refuses; it must leave everything as it was."""
    before = tables(ledger)
    with pytest.raises(RuleError) as refused:
        undo(ledger, seq, by=CLERK, untouched=untouched)
    assert tables(ledger) == before
    assert "台账没有变" in refused.value.message
    return refused.value


def sound(ledger: Ledger) -> None:
    """The ledger passes its check."""
    found = check.check(ledger)
    assert found.problems == ()


# ---------------------------------------------------------------------------------------------------------- whole steps


def test_an_undo_restores_exactly_and_says_what_it_did(township: Ledger) -> None:
    before = tables(township)
    seq = act(
        township,
        set_to("a", remark="路边", held=1),
        put(NoteRow(plot_id="a", body="一"), RoundRow(id="b:1", plot_id="b", measure="复耕")),
        operation=Operation.PLAN,
    )
    done = undo(township, by=CLERK)
    assert (done.entry, done.undoes, done.label, done.left) == (seq + 1, seq, "定措施", ())
    assert done.changes.plots == {"a", "b"}
    assert tables(township) == before
    sound(township)


def test_redo_is_the_undo_of_an_undo(township: Ledger) -> None:
    act(township, set_to("a", remark="路边"), put(NoteRow(plot_id="a", body="一")))
    after = tables(township)
    undone = undo(township, by=CLERK)
    mark = next_redo(township)
    assert mark is not None
    assert mark.seq == undone.entry
    redone = undo(township, mark.seq, by=CLERK)
    assert (redone.undoes, redone.label) == (undone.entry, "撤销")
    assert tables(township) == after
    assert next_redo(township) is None
    assert undo(township, by=CLERK).undoes == undone.undoes
    sound(township)


def test_rows_that_come_back_are_held_packed_and_rows_that_go_not_at_all(township: Ledger) -> None:
    """An import taken back and redone has hundreds of thousands of them, each with every field."""
    undone = undo(township, IMPORTED, by=CLERK)
    with township.reading() as session:
        going = turning_back.inverse(session, turning_back.changes_of(session, [IMPORTED]))
        coming = turning_back.inverse(session, turning_back.changes_of(session, [undone.entry or 0]))
    assert not going
    assert {turned.op for turned in coming.values()} == {"+"}
    assert len({id(turned.changed) for turned in coming.values()}) == 1
    assert all(len(turned.coming) < 2000 and turned.diff for turned in coming.values())


def test_several_steps_go_back_one_after_the_other_and_come_again(township: Ledger) -> None:
    states = [tables(township)]
    for word in ("一", "二", "三"):
        act(township, set_to("a", remark=word))
        states.append(tables(township))
    for state in states[-2::-1]:
        undo(township, by=CLERK)
        assert tables(township) == state
    for state in states[1:]:
        mark = next_redo(township)
        assert mark is not None
        undo(township, mark.seq, by=CLERK)
        assert tables(township) == state
    sound(township)


def test_a_removed_row_comes_back_under_its_key(township: Ledger) -> None:
    act(township, put(NoteRow(plot_id="a", body="一")))
    before = tables(township)

    def remove(work: Work) -> None:
        work.session.delete(work.session.exec(select(NoteRow)).one())

    act(township, remove)
    undo(township, by=CLERK)
    assert tables(township) == before
    sound(township)


def test_the_undo_of_an_import_takes_everything_out_and_redo_brings_it_again(township: Ledger) -> None:
    after = tables(township)
    done = undo(township, IMPORTED, by=CLERK)
    assert done.changes.plots == {"a", "b", "c"}
    assert (ids(township), ids(township, IdentifierRow)) == ([], [])
    sound(township)
    undo(township, done.entry, by=CLERK)
    assert tables(township) == after
    sound(township)


def test_thousands_of_rows_go_and_come(township: Ledger) -> None:
    def many(work: Work) -> None:
        work.bulk(PlotRow, ["id", "entry"], [(f"m{number}", work.seq) for number in range(1300)])
        first = work.new_keys(IdentifierRow, 1300)
        names = ["id", "plot_id", "value"]
        work.bulk(IdentifierRow, names, [(first + number, f"m{number}", str(number)) for number in range(1300)])

    before = tables(township)
    seq = act(township, many, operation=Operation.IMPORT)
    after = tables(township)
    undo(township, seq, by=CLERK)
    assert tables(township) == before
    undo(township, seq + 1, by=CLERK)
    assert tables(township) == after
    sound(township)


# ---------------------------------------------------------------------------------------------------------- which entry


def test_there_is_nothing_to_turn_back_in_a_new_ledger(township: Ledger) -> None:
    undo(township, by=CLERK)
    undo(township, by=CLERK)
    assert next_undo(township) is None
    assert refusal(township).code == "nothing_to_undo"


def test_entries_that_cannot_be_turned_back(township: Ledger) -> None:
    frozen = act(township, set_to("a", remark="定稿"), operation=Operation.FREEZE)
    seq = act(township, set_to("a", cause="改种果树"))
    assert refusal(township, 99).code == "no_such_entry"
    assert refusal(township, frozen).code == refusal(township, MADE).code == "not_undoable"
    undo(township, seq, by=CLERK)
    again = refusal(township, seq)
    assert again.code == "already_undone"
    assert f"第 {seq + 1} 条" in again.message
    mark = next_undo(township)
    assert mark is not None
    assert mark.seq == IMPORTED


def test_entries_before_a_rebase_are_history(township: Ledger) -> None:
    seq = act(township, set_to("a", remark="旧"))
    undone = undo(township, by=CLERK).entry
    rebase = act(township, set_to("b", remark="升级"), operation=Operation.REBASE)
    assert next_undo(township) is None
    assert next_redo(township) is None
    assert refusal(township, IMPORTED).code == refusal(township, undone).code == "not_undoable"
    later = act(township, set_to("a", remark="新"))
    mark = next_undo(township)
    assert mark is not None
    assert mark.seq == later > rebase > seq


# ------------------------------------------------------------------------------------------------------ chains of edits


def test_a_chain_of_edits_goes_back_as_one_step(township: Ledger) -> None:
    before = tables(township)
    first = act(township, set_to("a", remark="一"))
    second = act(township, set_to("a", remark="一二", cause="改种果树"), goes_on=first)
    third = act(township, set_to("a", remark="一二三"), goes_on=second)
    after = tables(township)
    assert undo(township, by=CLERK).undoes == third
    assert tables(township) == before
    assert undo(township, third + 1, by=CLERK).undoes == third + 1
    assert tables(township) == after
    assert undo(township, first, by=CLERK).undoes == third
    assert tables(township) == before
    sound(township)


def test_a_chain_does_not_cross_an_undo(township: Ledger) -> None:
    first = act(township, set_to("a", remark="一"))
    second = act(township, set_to("a", remark="二"), goes_on=first)
    undo(township, by=CLERK)
    before = tables(township)
    act(township, set_to("a", remark="三"), goes_on=second)
    undo(township, by=CLERK)
    assert tables(township) == before


def test_what_somebody_else_wrote_within_a_chain_is_not_wiped_out(township: Ledger) -> None:
    first = act(township, set_to("a", remark="一"))
    between = act(township, set_to("a", remark="别人的"))
    act(township, set_to("a", remark="三"), goes_on=first)
    refused = refusal(township)
    assert isinstance(refused, UndoRefusedError)
    assert [one.seq for one in refused.in_the_way] == [between]


def test_a_row_that_came_and_went_within_a_chain_is_left_alone(township: Ledger) -> None:
    note = NoteRow(plot_id="a", body="一")
    first = act(township, put(note), set_to("a", remark="一"))

    def remove(work: Work) -> None:
        work.session.delete(work.session.exec(select(NoteRow)).one())

    act(township, remove, goes_on=first)
    done = undo(township, by=CLERK)
    assert done.changes.tables == {"plot"}
    sound(township)


def test_a_value_that_came_back_within_a_chain_leaves_an_entry_and_no_change(township: Ledger) -> None:
    first = act(township, set_to("a", remark="一"))
    act(township, set_to("a", remark=""), goes_on=first)
    done = undo(township, by=CLERK)
    assert done.entry is not None
    assert done.changes.tables == frozenset()
    sound(township)


# ----------------------------------------------------------------------------------------------- what stands in the way


def test_later_work_on_the_same_field_is_listed(township: Ledger) -> None:
    seq = act(township, set_to("a", remark="一"))
    later = act(township, set_to("a", remark="二"))
    refused = refusal(township, seq)
    assert isinstance(refused, UndoRefusedError)
    [one] = refused.in_the_way
    assert (one.seq, one.action, one.actor, one.plot, one.plot_name) == (later, "edit", CLERK.name, "a", "白圩村 0001")
    assert (refused.code, refused.untouched) == ("in_the_way", 0)
    assert "白圩村 0001" in refused.message
    assert f"第 {later} 条" in refused.hint


def test_later_work_on_other_fields_and_other_plots_does_not_matter(township: Ledger) -> None:
    seq = act(township, set_to("a", remark="一"))
    act(township, set_to("a", cause="改种果树"), set_to("b", remark="二"), put(NoteRow(plot_id="a")))
    undo(township, seq, by=CLERK)
    assert asked(township.folder.database, "SELECT remark, cause FROM plot WHERE id = 'a'") == [("", "改种果树")]
    sound(township)


def test_later_work_that_was_itself_turned_back_does_not_matter(township: Ledger) -> None:
    seq = act(township, set_to("a", remark="一"))
    later = act(township, set_to("a", remark="二"))
    undo(township, later, by=CLERK)
    undo(township, seq, by=CLERK)
    assert asked(township.folder.database, "SELECT remark FROM plot WHERE id = 'a'") == [("",)]
    sound(township)


def test_a_record_that_hangs_on_a_new_row_stands_in_the_way(township: Ledger) -> None:
    listed = act(township, put(PlotListRow(name="清单")), operation=Operation.MAPPING)
    [list_id] = ids(township, PlotListRow)
    line = act(township, put(ListLineRow(list_id=list_id)))
    refused = refusal(township, listed)
    assert isinstance(refused, UndoRefusedError)
    assert [(one.seq, one.plot) for one in refused.in_the_way] == [(line, None)]


def test_a_removed_parent_stands_in_the_way_of_its_childs_return(township: Ledger) -> None:
    listed = act(township, put(PlotListRow(name="清单")))
    [list_id] = ids(township, PlotListRow)
    act(township, put(ListLineRow(list_id=list_id)))
    line_gone = undo(township, by=CLERK).entry
    list_gone = undo(township, listed, by=CLERK).entry
    refused = refusal(township, line_gone)
    assert isinstance(refused, UndoRefusedError)
    assert [one.seq for one in refused.in_the_way] == [list_gone]


def test_a_row_made_anew_stands_in_the_way_of_the_old_ones_return(township: Ledger) -> None:
    act(township, put(RoundRow(id="a:1", plot_id="a", measure="一")))
    undone = undo(township, by=CLERK).entry
    again = act(township, put(RoundRow(id="a:1", plot_id="a", measure="二")))
    refused = refusal(township, undone)
    assert isinstance(refused, UndoRefusedError)
    assert [(one.seq, one.plot) for one in refused.in_the_way] == [(again, "a")]


def test_many_names_are_not_listed(township: Ledger) -> None:
    plots = [f"n{number}" for number in range(20)]
    add_plots(township, plots, village="一个名字很长很长的村民委员会")
    seq = act(township, *(set_to(plot, remark="一") for plot in plots))
    act(township, *(set_to(plot, remark="二") for plot in plots))
    refused = refusal(township, seq)
    assert isinstance(refused, UndoRefusedError)
    assert len(refused.in_the_way) == 20
    assert "村民委员会" not in refused.message


def test_the_last_who_may_act_cannot_be_undone_away(township: Ledger) -> None:
    ledgers.retire_member(township, LEADER.name, by=CLERK)
    with_third = ledgers.add_member(township, "张三", Role.CLERK, by=CLERK).seq
    ledgers.retire_member(township, CLERK.name, by=CLERK)
    assert refusal(township, with_third).code == "last_member"


def test_a_table_that_was_tampered_with_is_not_made_worse(township: Ledger) -> None:
    act(township, set_to("a", remark="一"))
    with behind_the_back(township.folder.database) as connection:
        connection.execute("UPDATE plot SET remark = 'behind the back' WHERE id = 'a'")
    with pytest.raises(ProgramError) as refused:
        undo(township, by=CLERK)
    assert refused.value.code == "journal_apply"


# ---------------------------------------------------------------------------------------------- imports with later work


def test_an_import_with_later_work_names_the_plots_and_offers_the_rest(township: Ledger) -> None:
    act(township, put(NoteRow(plot_id="b")))
    refused = refusal(township, IMPORTED)
    assert isinstance(refused, UndoRefusedError)
    assert {one.plot for one in refused.in_the_way} == {"b"}
    assert refused.untouched == 2
    assert "有 1 个图斑" in refused.message
    assert "2 个" in refused.hint


def test_the_untouched_rest_of_an_import_goes_and_may_come_back(township: Ledger) -> None:
    act(township, put(NoteRow(plot_id="b")))
    before = tables(township)
    done = undo(township, IMPORTED, by=CLERK, untouched=True)
    assert (done.left, ids(township), len(ids(township, IdentifierRow))) == (("b",), ["b"], 1)
    assert done.changes.plots == {"a", "c"}
    entry = asked(township.folder.database, "SELECT undoes, reason FROM journal_entry WHERE seq = ?", [done.entry])
    assert entry == [(None, "撤回第 3 条“导入清单”里没有改过的图斑")]
    sound(township)
    assert refusal(township, IMPORTED, untouched=True).code == "in_the_way"
    undo(township, done.entry, by=CLERK)
    assert tables(township) == before
    sound(township)


def test_the_touched_plots_can_go_once_their_work_is_undone(township: Ledger) -> None:
    work = act(township, put(NoteRow(plot_id="b")))
    part = undo(township, IMPORTED, by=CLERK, untouched=True).entry
    undo(township, work, by=CLERK)
    whole = undo(township, IMPORTED, by=CLERK)
    assert ids(township) == []
    sound(township)
    undo(township, part, by=CLERK)
    assert ids(township) == ["a", "c"]
    undo(township, whole.entry, by=CLERK)
    assert ids(township) == ["a", "b", "c"]
    sound(township)


def test_untouched_of_an_untouched_import_takes_it_back_whole(township: Ledger) -> None:
    done = undo(township, IMPORTED, by=CLERK, untouched=True)
    assert asked(township.folder.database, "SELECT undoes FROM journal_entry WHERE seq = ?", [done.entry]) == [(3,)]
    assert ids(township) == []


def test_untouched_of_anything_else_refuses_as_usual(township: Ledger) -> None:
    seq = act(township, set_to("a", remark="一"))
    act(township, set_to("a", remark="二"))
    assert refusal(township, seq, untouched=True).code == "in_the_way"


def test_a_split_plot_stays_while_one_of_its_parts_stays(township: Ledger) -> None:
    seq = act(
        township,
        put(PlotRow(id="whole", entry=4), PlotRow(id="left", split_parent="whole"), PlotRow(id="far")),
        put(PlotRow(id="right", split_parent="whole")),
        operation=Operation.IMPORT,
    )
    act(township, put(NoteRow(plot_id="left")))
    done = undo(township, seq, by=CLERK, untouched=True)
    assert done.left == ("left", "whole")
    assert ids(township) == ["a", "b", "c", "left", "whole"]
    sound(township)


# ----------------------------------------------------------------------------------------------------------- kept files


def keep(ledger: Ledger, content: bytes) -> Callable[[Work], None]:
    """A step that attaches a file to plot a."""
    kept = ledger.folder.keep(FolderPart.EVIDENCE, content)
    return lambda work: work.session.add(AttachmentRow(plot_id="a", file_id=record_file(work, kept)))


def test_the_row_of_a_file_goes_with_what_it_was_kept_for(township: Ledger) -> None:
    before = tables(township)
    act(township, keep(township, b"one"), keep(township, b"one"), operation=Operation.ATTACH)
    assert len(ids(township, StoredFileRow)) == 1
    undo(township, by=CLERK)
    assert tables(township) == before
    assert [one.code for one in check.check(township).notes] == ["file_unknown"]


def test_the_row_of_a_shared_file_stays_for_the_others_and_comes_back_with_them(township: Ledger) -> None:
    first = act(township, keep(township, b"one"), operation=Operation.ATTACH)
    second = act(township, keep(township, b"one"), operation=Operation.ATTACH)
    without_first = undo(township, first, by=CLERK).entry
    assert len(ids(township, StoredFileRow)) == 1
    sound(township)
    without_second = undo(township, second, by=CLERK).entry
    sound(township)
    undo(township, without_second, by=CLERK)
    assert len(ids(township, StoredFileRow)) == 1
    sound(township)
    undo(township, without_first, by=CLERK)
    assert len(ids(township, AttachmentRow)) == 2
    sound(township)


def test_a_file_that_came_again_by_itself_is_not_added_twice(township: Ledger) -> None:
    act(township, keep(township, b"one"), operation=Operation.ATTACH)
    undone = undo(township, by=CLERK).entry
    act(township, keep(township, b"one"), operation=Operation.ATTACH)
    undo(township, undone, by=CLERK)
    assert (len(ids(township, StoredFileRow)), len(ids(township, AttachmentRow))) == (1, 2)
    sound(township)


def test_the_row_of_a_removed_file_is_found_where_an_earlier_undo_took_it_back(township: Ledger) -> None:
    act(township, keep(township, b"one"), operation=Operation.ATTACH)
    shared = act(township, keep(township, b"one"), operation=Operation.ATTACH)
    part = undo(township, shared, by=CLERK).entry
    undo(township, by=CLERK)
    assert ids(township, StoredFileRow) == []
    act(township, set_to("b", remark="路边"))
    undo(township, by=CLERK)
    undo(township, part, by=CLERK)
    assert (len(ids(township, StoredFileRow)), len(ids(township, AttachmentRow))) == (1, 1)
    sound(township)


def test_a_file_of_which_the_journal_knows_nothing_is_told(township: Ledger) -> None:
    with township.reading() as session, pytest.raises(ProgramError) as refused:
        turning_back._removed_file(session, "no such file")
    assert refused.value.code == "undo_file"


# -------------------------------------------------------------------------------------------------------- single fields


def test_a_field_goes_back_to_what_it_was_before_its_newest_change(township: Ledger) -> None:
    act(township, set_to("a", remark="一", cause="改种果树"))
    act(township, set_to("a", remark="二"))
    act(township, set_to("b", remark="三"), put(NoteRow(plot_id="a")))
    changes = restore_field(township, "a", "remark", by=CLERK)
    assert (changes.tables, changes.plots) == (frozenset({"plot"}), frozenset({"a"}))
    database = township.folder.database
    assert asked(database, "SELECT remark, cause FROM plot WHERE id = 'a'") == [("一", "改种果树")]
    assert asked(database, "SELECT action FROM journal_entry ORDER BY seq DESC LIMIT 1") == [("restore_field",)]
    sound(township)
    undo(township, by=CLERK)
    assert asked(database, "SELECT remark FROM plot WHERE id = 'a'") == [("二",)]


def test_a_field_of_the_present_round_goes_back(township: Ledger) -> None:
    act(township, put(RoundRow(id="a:1", plot_id="a", measure="一"), RoundRow(id="a:2", plot_id="a", number=2)))

    def measured(key: str, value: str) -> Callable[[Work], None]:
        return lambda work: setattr(work.session.get_one(RoundRow, key), "measure", value)

    act(township, measured("a:1", "改"), measured("a:2", "二"))
    act(township, set_to("a", round=2))
    restore_field(township, "a", "measure", by=CLERK)
    rounds = asked(township.folder.database, "SELECT measure FROM round ORDER BY id")
    assert rounds == [("改",), ("",)]


@pytest.mark.parametrize(
    ("plot", "name", "code"),
    [
        ("a", "state", "unknown_field"),
        ("a", "issued_area", "unknown_field"),
        ("a", "no such field", "unknown_field"),
        ("z", "remark", "unknown_plot"),
        ("a", "remark", "never_changed"),
        ("a", "measure", "never_changed"),
    ],
)
def test_a_field_that_cannot_be_restored_is_told(township: Ledger, plot: str, name: str, code: str) -> None:
    before = tables(township)
    with pytest.raises(RuleError) as refused:
        restore_field(township, plot, name, by=CLERK)
    assert refused.value.code == code
    assert tables(township) == before


def test_the_fields_that_can_be_restored_have_words() -> None:
    fields = restorable_fields()
    assert fields["remark"] == "备注"
    assert fields["deadline"] == "时限"
    assert not [name for name, word in fields.items() if word == name]
