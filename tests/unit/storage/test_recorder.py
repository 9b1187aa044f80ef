"""Whatever an action does to journalled rows is in its entry, exactly as it is in the tables, or it is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlmodel import col, select

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError, ProgramError
from gengdi_desktop.storage import journal, replay
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.layout import CODES, OUTSIDE, layout
from gengdi_desktop.storage.recorder import commitment
from gengdi_desktop.storage.tables import (
    FormDraftRow,
    IdentifierRow,
    JournalEntryRow,
    ListLineRow,
    MemberRow,
    NoteRow,
    PlotListRow,
    PlotRow,
    PrivateValueRow,
    RoundRow,
    Row,
)
from gengdi_desktop.storage.unit_of_work import Work
from tests.helpers.databases import asked, contents, stamp

Items = list[journal.Item]


def entry(database: Database, seq: int | None = None) -> Items:
    """The items of an entry, the newest where none is named."""
    where = "(SELECT max(seq) FROM journal_entry)" if seq is None else str(seq)
    found = asked(database.path, f"SELECT body FROM journal_block WHERE seq = {where} ORDER BY part")
    return [item for (body,) in found for item in journal.decode_block(body)]


def sound(database: Database) -> None:
    """The tables are what the journal says."""
    trial = replay.check_file(database.path)
    assert trial.problems == []
    assert trial.replayed


def put(database: Database, *rows: Row) -> int:
    """Add rows in one action; its number."""
    with database.action(stamp()) as work:
        work.session.add_all(rows)
        changes = work.commit()
    assert changes.seq is not None
    return changes.seq


def bulk(database: Database, row: type[Row], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Items:
    """Add bulk rows in one action; the items of its entry."""
    with database.action(stamp()) as work:
        assert work.bulk(row, names, rows) == len(rows)
        work.commit()
    return entry(database)


def refused(database: Database, *steps: Callable[[Work], object]) -> str:
    """The code with which an action of these steps is refused; it must leave nothing."""
    before = contents(database.path)
    with pytest.raises(GengdiError) as refusal:
        commit(database, *steps)
    assert contents(database.path) == before
    sound(database)
    return refusal.value.code


def commit(database: Database, *steps: Callable[[Work], object]) -> Changes:
    """One action of these steps."""
    with database.action(stamp()) as work:
        for step in steps:
            step(work)
        return work.commit()


# ------------------------------------------------------------------------------------------------------ tracked objects


def test_a_new_row_is_recorded_with_all_that_is_said(database: Database) -> None:
    put(database, PlotRow(id="p1", village="白圩村", issued_area=5_280_000, outflow_year=2022))
    [[op, table, key, diff]] = entry(database)
    assert (op, table, key) == ("+", "plot", "p1")
    assert diff["village"] == [None, "白圩村"]
    assert diff["issued_area"] == [None, 5_280_000]
    assert diff["remark"] == [None, ""]
    assert "rectify" not in diff
    sound(database)


def test_a_numbered_row_is_recorded_under_the_key_it_got(database: Database) -> None:
    put(database, PlotRow(id="p1"), NoteRow(plot_id="p1", body="一"))
    assert [item[2] for item in entry(database) if item[1] == "note"] == [1]


def test_only_what_changed_is_recorded(database: Database) -> None:
    put(database, PlotRow(id="p1", remark="旧", cause="改种果树"))
    with database.action(stamp("edit")) as work:
        row = work.session.get_one(PlotRow, "p1")
        row.remark, row.cause = "新", "改种果树"
        work.commit()
    assert entry(database) == [["~", "plot", "p1", {"remark": ["旧", "新"]}]]
    sound(database)


def test_what_did_not_change_is_not_recorded(database: Database) -> None:
    put(database, PlotRow(id="p1", remark="旧"), FormDraftRow(name="check"))
    with database.action(stamp("edit")) as work:
        row, draft = work.session.get_one(PlotRow, "p1"), work.session.get_one(FormDraftRow, "check")
        row.remark = "新"
        row.remark = "旧"
        draft.body = "{}"
        work.session.add(MemberRow(name="李建国"))
        work.session.flush()
        work.session.delete(draft)
        work.commit()
    assert [(item[0], item[1]) for item in entry(database)] == [("+", "member")]
    sound(database)


def test_a_value_set_and_set_back_leaves_no_entry(database: Database) -> None:
    put(database, PlotRow(id="p1", remark="旧"))
    with database.action(stamp("edit")) as work:
        row = work.session.get_one(PlotRow, "p1")
        row.remark = "新"
        row.remark = "旧"
        assert work.commit().nothing


def test_a_removed_row_is_recorded_as_it_stood_in_the_table(database: Database) -> None:
    put(database, PlotRow(id="p1"), NoteRow(plot_id="p1", body="一", on_date="2023-08-01"))
    with database.action(stamp("edit")) as work:
        row = work.session.exec(select(NoteRow)).one()
        row.body = "changed and then removed"
        work.session.delete(row)
        work.commit()
    [[op, table, key, diff]] = entry(database)
    assert (op, table, key) == ("-", "note", 1)
    assert diff == {"id": [1, None], "plot_id": ["p1", None], "on_date": ["2023-08-01", None], "body": ["一", None]}
    sound(database)


def test_several_flushes_of_one_row_are_all_recorded(database: Database) -> None:
    with database.action(stamp()) as work:
        row = PlotRow(id="p1", remark="一")
        work.session.add(row)
        work.session.flush()
        row.remark = "二"
        work.session.flush()
        row.remark = "三"
        work.commit()
    assert [item[3]["remark"] for item in entry(database)] == [[None, "一"], ["一", "二"], ["二", "三"]]
    sound(database)


def test_more_than_a_block_of_single_changes_makes_several_blocks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert journal.BLOCK_ITEMS == 1000
    monkeypatch.setattr(journal, "BLOCK_ITEMS", 10)
    put(database, *(PlotRow(id=f"p{number}") for number in range(21)))
    sizes = [
        len(journal.decode_block(body))
        for (body,) in asked(database.path, "SELECT body FROM journal_block WHERE seq = 2")
    ]
    assert sizes == [10, 10, 1]
    sound(database)


def test_tables_and_plots_are_told(database: Database) -> None:
    with database.action(stamp()) as work:
        work.session.add(PlotRow(id="p1"))
        work.session.add(IdentifierRow(plot_id="p1", kind="bsm", value="1"))
        changes = work.commit()
    assert changes == Changes(2, frozenset({"plot", "identifier"}), frozenset({"p1"}))


def test_the_history_of_a_plot_leaves_out_the_entry_that_made_it(database: Database) -> None:
    put(database, PlotRow(id="p1"))
    put(database, NoteRow(plot_id="p1"))
    with database.action(stamp()) as work:
        work.session.get_one(PlotRow, "p1").remark = "路边"
        work.commit()
    assert asked(database.path, "SELECT plot_id, seq FROM plot_history ORDER BY seq") == [("p1", 3), ("p1", 4)]


# ------------------------------------------------------------------------------------------------------ kinds of values


class Kind(StrEnum):
    NON_GRAIN = "non_grain"


def test_texts_become_nfc_and_words_and_flags_become_plain(database: Database) -> None:
    flag: Any = True
    put(database, PlotRow(id="p1", remark="e\u0301\n\u0301", problem_kind=Kind.NON_GRAIN, rectify=flag))
    diff = entry(database)[0][3]
    assert (diff["remark"], diff["problem_kind"], diff["rectify"]) == (
        [None, "é\n\u0301"],
        [None, "non_grain"],
        [None, 1],
    )
    assert asked(database.path, "SELECT remark, problem_kind, typeof(rectify) FROM plot") == [
        ("é\n\u0301", "non_grain", "integer")
    ]
    sound(database)


WRONG: list[tuple[str, Any, str]] = [
    ("issued_area", 5.28, "journal_value"),
    ("issued_area", "5280000", "journal_value"),
    ("remark", 5, "journal_value"),
    ("remark", b"x", "journal_value"),
    ("remark", 1.0, "journal_value"),
    ("remark", "a\0b", "bad_text"),
    ("remark", "\ud800", "bad_text"),
]


@pytest.mark.parametrize(("name", "value", "code"), WRONG)
def test_a_value_of_a_wrong_kind_is_refused(database: Database, name: str, value: Any, code: str) -> None:
    assert refused(database, lambda work: work.session.add(PlotRow(id="p1", **{name: value}))) == code
    assert refused(database, lambda work: work.bulk(PlotRow, ["id", name], [["p1", value]])) == code


def test_a_number_that_no_column_can_hold_is_refused(database: Database) -> None:
    assert refused(database, lambda work: work.session.add(PlotRow(id="p1", issued_area=2**64))) == "journal_value"
    assert refused(database, lambda work: work.bulk(PlotRow, ["id", "issued_area"], [["p1", 2**64]])) == "storage"


def test_a_key_cannot_be_changed(database: Database) -> None:
    put(database, PlotRow(id="p1"))

    def rename(work: Work) -> None:
        work.session.get_one(PlotRow, "p1").id = "p2"

    assert refused(database, rename) == "journal_key"


def test_a_change_without_knowing_the_old_value_is_refused(database: Database) -> None:
    put(database, PlotRow(id="p1", remark="旧"))

    def blindly(work: Work) -> None:
        row = work.session.get_one(PlotRow, "p1")
        work.session.expire(row, ["remark"])
        row.remark = "新"

    assert refused(database, blindly) == "journal_history"


def test_a_row_that_was_not_read_again_is_removed_as_it_stood(database: Database) -> None:
    put(database, PlotRow(id="p1"), NoteRow(plot_id="p1", body="一"))

    def remove(work: Work) -> None:
        row = work.session.exec(select(NoteRow)).one()
        work.session.expire(row)
        work.session.delete(row)

    commit(database, remove)
    assert entry(database)[0][3]["body"] == ["一", None]
    sound(database)


# ------------------------------------------------------------------------------------------------------------ bulk rows


def test_bulk_rows_are_one_item_for_each_thousand(database: Database) -> None:
    items = bulk(database, PlotRow, ["id", "village", "issued_area"], [(f"p{n}", "白圩村", n) for n in range(2500)])
    assert [(item[0], item[1], item[2], len(item[3])) for item in items] == [
        ("+*", "plot", ["id", "village", "issued_area"], 1000),
        ("+*", "plot", ["id", "village", "issued_area"], 1000),
        ("+*", "plot", ["id", "village", "issued_area"], 500),
    ]
    assert asked(database.path, "SELECT count(*), sum(issued_area) FROM plot") == [(2500, sum(range(2500)))]
    sound(database)


def test_bulk_rows_that_need_care_are_stored_as_they_are_journalled(database: Database) -> None:
    flag: Any = True
    rows = [("p1", "e\u0301", flag), ("p2", None, None), ("p3", "\n\u0301", 0), ("p4", '"\u0338', 1)]
    items = bulk(database, PlotRow, ["id", "built_on", "rectify"], rows)
    kept: list[list[Any]] = [["p1", "é", 1], ["p2", None, None], ["p3", "\n\u0301", 0], ["p4", '"\u0338', 1]]
    assert items == [["+*", "plot", ["id", "built_on", "rectify"], kept]]
    assert asked(database.path, "SELECT id, built_on, rectify FROM plot ORDER BY id") == [tuple(row) for row in kept]
    sound(database)


def test_a_text_that_only_looks_like_a_nul_is_kept(database: Database) -> None:
    bulk(database, PlotRow, ["id", "remark"], [("p1", "\\u0000")])
    assert asked(database.path, "SELECT remark FROM plot") == [("\\u0000",)]
    sound(database)


def test_no_bulk_rows_make_no_entry(database: Database) -> None:
    with database.action(stamp()) as work:
        assert work.bulk(PlotRow, ["id"], []) == 0
        assert work.commit().nothing


def test_what_was_done_before_bulk_rows_stands_before_them(database: Database) -> None:
    with database.action(stamp()) as work:
        work.session.add(MemberRow(name="李建国"))
        work.bulk(PlotRow, ["id"], [("p1",)])
        work.session.add(NoteRow(plot_id="p1"))
        work.commit()
    assert [(item[0], item[1]) for item in entry(database)] == [("+", "member"), ("+*", "plot"), ("+", "note")]
    sound(database)


def test_bulk_rows_of_no_plot_tell_no_plot(database: Database) -> None:
    changes = commit(database, lambda work: work.bulk(MemberRow, ["id", "name"], [(work.new_keys(MemberRow, 1), "李")]))
    assert changes == Changes(2, frozenset({"member"}), frozenset())


def test_bulk_rows_of_a_record_tell_their_plots(database: Database) -> None:
    put(database, PlotRow(id="p1"), PlotRow(id="p2"))
    with database.action(stamp()) as work:
        first = work.new_keys(IdentifierRow, 2)
        work.bulk(IdentifierRow, ["id", "plot_id"], [(first, "p1"), (first + 1, "p2")])
        changes = work.commit()
    assert changes.plots == {"p1", "p2"}
    assert asked(database.path, "SELECT plot_id, seq FROM plot_history ORDER BY plot_id") == [("p1", 3), ("p2", 3)]


@pytest.mark.parametrize(
    ("row", "names", "rows"),
    [
        (PlotRow, ["village", "id"], [("白圩村", "p1")]),
        (PlotRow, ["id", "no such column"], [("p1", "x")]),
        (PlotRow, ["id", "village"], [("p1", "白圩村"), ("p2",)]),
        (JournalEntryRow, ["seq"], [(9,)]),
        (PrivateValueRow, ["commitment"], [("x",)]),
    ],
)
def test_bulk_rows_of_another_shape_are_refused(
    database: Database, row: type[Row], names: list[str], rows: list[tuple[Any, ...]]
) -> None:
    assert refused(database, lambda work: work.bulk(row, names, rows)) == "journal_bulk"


# ----------------------------------------------------------------------------------------------------------------- keys


def test_keys_are_never_given_out_twice(database: Database) -> None:
    put(database, PlotRow(id="p1"))
    with database.action(stamp()) as work:
        first = work.new_keys(NoteRow, 3)
        work.bulk(NoteRow, ["id", "plot_id"], [(first + n, "p1") for n in range(3)])
        work.commit()
    with database.action(stamp()) as work:
        for row in work.session.exec(select(NoteRow)):
            work.session.delete(row)
        work.commit()
    seq = put(database, NoteRow(plot_id="p1"))
    assert [item[2] for item in entry(database, seq)] == [4]


def test_tracked_objects_and_bulk_rows_never_meet_on_a_key(database: Database) -> None:
    put(database, PlotRow(id="p1"))
    with database.action(stamp()) as work:
        reserved = work.new_keys(NoteRow, 2)
        work.session.add(NoteRow(plot_id="p1", body="tracked"))
        work.session.flush()
        work.bulk(NoteRow, ["id", "plot_id", "body"], [(reserved + n, "p1", "bulk") for n in range(2)])
        work.session.add(NoteRow(plot_id="p1", body="tracked"))
        more = work.new_keys(NoteRow, 1)
        work.bulk(NoteRow, ["id", "plot_id", "body"], [(more, "p1", "bulk")])
        work.commit()
    assert [body for (body,) in asked(database.path, "SELECT body FROM note ORDER BY id")] == [
        *("bulk", "bulk", "tracked", "tracked", "bulk")
    ]
    sound(database)


def test_keys_of_an_action_that_left_nothing_are_free_again(database: Database) -> None:
    put(database, PlotRow(id="p1"))
    with database.action(stamp()) as work:
        assert work.new_keys(NoteRow, 5) == 1
    with database.action(stamp()) as work:
        assert work.new_keys(NoteRow, 5) == 1


def test_tables_with_keys_of_our_own_give_out_no_numbers(database: Database) -> None:
    assert refused(database, lambda work: work.new_keys(RoundRow, 1)) == "journal_key"


# ------------------------------------------------------------------------------------------------- turning changes back


def test_given_changes_are_carried_out_and_recorded_as_they_are(database: Database) -> None:
    put(database, PlotRow(id="p1", remark="旧"), NoteRow(plot_id="p1", body="一"))
    given: Items = [
        ["~", "plot", "p1", {"remark": ["旧", "新"], "built_on": [None, "2020-07-03"]}],
        ["-", "note", 1, {"id": [1, None], "plot_id": ["p1", None], "on_date": ["", None], "body": ["一", None]}],
        ["+", "note", 9, {"id": [None, 9], "plot_id": [None, "p1"], "body": [None, "二"]}],
        ["~", "note", 9, {"body": ["二", "三"]}],
    ]
    with database.action(stamp("undo")) as work:
        assert work.apply(given) == 4
        changes = work.commit()
    assert entry(database) == given
    assert changes == Changes(3, frozenset({"plot", "note"}), frozenset({"p1"}))
    assert asked(database.path, "SELECT remark, built_on FROM plot") == [("新", "2020-07-03")]
    assert asked(database.path, "SELECT id, body FROM note") == [(9, "三")]
    sound(database)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (["~", "plot", "p1", {"remark": ["not so", "新"]}], "journal_apply"),
        (["~", "plot", "no such plot", {"remark": ["旧", "新"]}], "journal_apply"),
        (["-", "plot", "no such plot", {"id": ["no such plot", None]}], "journal_apply"),
        (["~", "plot", "p1", {"remark": ["旧", 1.5]}], "journal_value"),
    ],
)
def test_a_change_that_does_not_fit_the_row_is_refused(database: Database, item: journal.Item, code: str) -> None:
    put(database, PlotRow(id="p1", remark="旧"))
    assert refused(database, lambda work: work.apply([item])) == code


def test_changes_that_are_alike_are_each_held_to_their_row(database: Database) -> None:
    many = 1_203  # more than one statement does, and not a multiple
    put(database, PlotRow(id="p1"), PlotRow(id="p2"))
    put(database, *(NoteRow(id=key, plot_id=f"p{1 + key % 2}", body="旧") for key in range(1, many + 1)))
    alike: Items = [["~", "note", key, {"body": ["旧", f"新{key}"]}] for key in range(1, many + 1)]
    twice: Items = [["~", "note", 7, {"body": ["新7", "再新"]}], ["~", "note", 7, {"body": ["再新", "又新"]}]]
    wrong: journal.Item = ["~", "note", 600, {"body": ["不是这样", "新600"]}]
    assert refused(database, lambda work: work.apply([*alike[:599], wrong, *alike[600:]])) == "journal_apply"
    with database.action(stamp("undo")) as work:
        assert work.apply(iter([*alike, *twice])) == many + 2
        changes = work.commit()
    assert entry(database) == [*alike, *twice]
    assert changes.plots == {"p1", "p2"}
    assert asked(database.path, "SELECT body FROM note WHERE id IN (7, 8, 1203)") == [("又新",), ("新8",), ("新1203",)]
    sound(database)


def test_many_rows_go_by_one_change_with_all_that_they_held(database: Database) -> None:
    put(
        database, PlotRow(id="p1"), PlotRow(id="p2"), NoteRow(plot_id="p1", body="一"), NoteRow(plot_id="p2", body="二")
    )
    names = list(layout("note").names)
    held = [list(row) for row in asked(database.path, f"SELECT {','.join(names)} FROM note ORDER BY id")]
    gone: journal.Item = ["-*", "note", names, held]
    with database.action(stamp("undo")) as work:
        assert work.apply([["~", "plot", "p1", {"remark": ["", "新"]}], gone]) == 3
        changes = work.commit()
    assert entry(database) == [["~", "plot", "p1", {"remark": ["", "新"]}], gone]
    assert changes.plots == {"p1", "p2"}
    assert asked(database.path, "SELECT count(*) FROM note") == [(0,)]
    assert [change[:3] for change in journal.single_changes([gone])] == [("-", "note", 1), ("-", "note", 2)]
    sound(database)


def test_rows_that_go_tell_their_plots_beside_one_that_has_none(database: Database) -> None:
    put(database, PlotRow(id="p1"), PlotRow(id="p2"), PlotListRow(id=1, name="清单"))
    plots = ["p1", None, "p2"]
    put(database, *(ListLineRow(id=key, list_id=1, sheet="清单", row=key, plot_id=p) for key, p in enumerate(plots, 1)))
    names = layout("list_line").names
    held = asked(database.path, f"SELECT {','.join(names)} FROM list_line ORDER BY id")
    gone: Items = [
        ["-", "list_line", row[0], {n: [v, None] for n, v in zip(names, row, strict=True) if v is not None}]
        for row in held
    ]
    with database.action(stamp("undo")) as work:
        assert work.apply(gone) == 3
        changes = work.commit()
    assert changes.plots == {"p1", "p2"}
    assert len(asked(database.path, f"SELECT plot_id FROM plot_history WHERE seq = {changes.seq}")) == 2
    sound(database)


def test_rows_that_are_not_there_cannot_go(database: Database) -> None:
    put(database, PlotRow(id="p1"))
    item: journal.Item = ["-*", "plot", ["id"], [["p1"], ["p2"]]]
    assert refused(database, lambda work: work.apply([item])) == "journal_apply"


def test_rows_of_no_plot_tell_no_plot(database: Database) -> None:
    with database.action(stamp()) as work:
        work.session.add(MemberRow(name="李建国"))
        work.commit()
    with database.action(stamp("undo")) as work:
        work.apply([["~", "member", 1, {"title": ["", "分管领导"]}]])
        changes = work.commit()
    assert changes.plots == frozenset()


# ------------------------------------------------------------------------------------------------------- private values


def test_the_table_and_the_journal_hold_only_the_commitment(database: Database) -> None:
    with database.action(stamp()) as work:
        kept = work.private("plot.party_contact", "138e\u03010000")
        work.session.add(PlotRow(id="p1", party_contact=kept))
        work.commit()
    [(stated, field, salt, value)] = asked(database.path, "SELECT commitment, field, salt, value FROM private_value")
    assert (stated, field, value) == (kept, "plot.party_contact", "138é0000")
    assert kept == commitment("plot.party_contact", bytes.fromhex(salt), "138é0000")
    assert len(bytes.fromhex(salt)) == 16
    assert "138é" not in str(entry(database))
    sound(database)


def test_the_commitment_is_frozen() -> None:
    assert (
        commitment("plot.party_contact", bytes(16), "13800000000")
        == "eaf35068546e6e077b96446ba05c428ad1eb0ca3fbe4b25b536b8d32376d5db2"
    )


def test_the_same_value_twice_shows_nothing_in_common(database: Database) -> None:
    with database.action(stamp()) as work:
        assert work.private("member.private_phone", "1") != work.private("member.private_phone", "1")


def test_a_private_value_that_no_file_can_carry_is_refused(database: Database) -> None:
    assert refused(database, lambda work: work.private("member.private_phone", "1\0")) == "bad_text"


# ------------------------------------------------------------------------------------------------------ what is refused


STRAY: dict[str, Callable[[Work], object]] = {
    "core update": lambda work: work.session.connection().execute(update(PlotRow).values(remark="x")),
    "orm update": lambda work: work.session.execute(update(PlotRow).values(remark="x")),
    "orm delete": lambda work: work.session.execute(delete(PlotRow).where(col(PlotRow.id) == "p1")),
    "orm insert": lambda work: work.session.execute(insert(PlotRow), [{"id": "p9"}]),
    "bulk save": lambda work: work.session.bulk_save_objects([PlotRow(id="p9")]),
    "bulk mappings": lambda work: work.session.bulk_insert_mappings(PlotRow, [{"id": "p9"}]),
    "text": lambda work: work.session.execute(text("UPDATE plot SET remark = 'x'")),
    "quoted": lambda work: work.session.execute(text('update  or ignore "plot" set remark = 1')),
    "schema named": lambda work: work.session.execute(text("DELETE FROM main.plot")),
    "brackets": lambda work: work.session.execute(text("DELETE FROM [main].[plot]")),
    "replace": lambda work: work.session.execute(text("REPLACE INTO plot (id) VALUES ('p9')")),
    "comment": lambda work: work.session.execute(text("/* harmless */ -- really\n DELETE FROM plot")),
    "with": lambda work: work.session.execute(text("WITH a AS (SELECT 1) DELETE FROM plot")),
    "drop": lambda work: work.session.execute(text("DROP TABLE plot")),
    "trigger": lambda work: work.session.execute(text("DROP TRIGGER journal_entry_no_update")),
    "alter": lambda work: work.session.execute(text("ALTER TABLE plot ADD COLUMN x")),
    "pragma": lambda work: work.session.execute(text("PRAGMA user_version = 7")),
    "attach": lambda work: work.session.execute(text("ATTACH DATABASE ':memory:' AS other")),
    "journal": lambda work: work.session.execute(text("INSERT INTO journal_entry (seq) VALUES (9)")),
    "block": lambda work: work.session.execute(text("INSERT INTO journal_block VALUES (9, 0, x'')")),
    "schema table": lambda work: work.session.execute(text("UPDATE sqlite_master SET sql = ''")),
}


@pytest.mark.parametrize("way", STRAY)
def test_a_write_past_the_recorder_is_refused(database: Database, way: str) -> None:
    put(database, PlotRow(id="p1"))
    assert refused(database, STRAY[way]) == "unrecorded_write"


def test_reading_and_writing_beside_the_journal_pass(database: Database) -> None:
    with database.action(stamp()) as work:
        connection = work.session.connection()
        connection.execute(text("WITH a AS (SELECT 1 AS x) SELECT x FROM a"))
        connection.execute(text("PRAGMA main.table_info('plot')"))
        connection.execute(text("EXPLAIN QUERY PLAN SELECT 1"))
        connection.execute(text("INSERT INTO form_draft (name) VALUES ('check')"))
        connection.execute(text("UPDATE main.form_draft SET body = '{}'"))
        connection.execute(text("DELETE FROM plot_history"))
        work.session.add(FormDraftRow(name="plan"))
        work.session.flush()
        assert work.commit().nothing


def test_every_table_is_journalled_or_named_as_outside() -> None:
    assert set(Row.metadata.tables) == set(CODES) | OUTSIDE
    assert not set(CODES) & OUTSIDE
    outside = {"private_value", "journal_entry", "journal_block", "plot_history", "photo_print", "form_draft"}
    outside |= {"plot_evidence", "evidence_words", "kept_until"}
    assert outside == OUTSIDE


def test_every_journalled_table_has_one_key_and_only_integers_and_texts() -> None:
    for code in CODES:
        table = Row.metadata.tables[code]
        assert len(table.primary_key.columns) == 1, code
        for column in table.columns:
            assert str(column.type) in {"INTEGER", "TEXT"}, (code, column.name)
            assert column.nullable or column.primary_key or column.server_default or column.foreign_keys, column
        assert layout(code).names[0] == layout(code).key
        numbered = str(table.primary_key.columns[layout(code).key].type) == "INTEGER"
        assert layout(code).numbered == numbered, code


def test_parents_stand_before_children() -> None:
    order = list(CODES)
    for code in CODES:
        for target in layout(code).references.values():
            assert order.index(target) <= order.index(code), (code, target)


# ------------------------------------------------------------------------------------------------------- half done work


def swallowing(step: Callable[[Work], object]) -> Callable[[Work], None]:
    """A careless caller: what goes wrong is passed over."""

    def careless(work: Work) -> None:
        with pytest.raises(Exception, match="UNIQUE"):
            step(work)

    return careless


def add(*rows: Row) -> Callable[[Work], None]:
    """A step that adds rows and writes them."""

    def step(work: Work) -> None:
        work.session.add_all(rows)
        work.session.flush()

    return step


def roll_back(work: Work) -> None:
    """A step that takes back what was written so far."""
    work.session.rollback()


def test_an_action_in_which_a_flush_failed_is_never_committed(database: Database) -> None:
    put(database, MemberRow(name="李建国"))
    failing = swallowing(add(MemberRow(name="李建国")))
    assert refused(database, add(PlotRow(id="p1")), failing, roll_back, add(PlotRow(id="p2"))) == "half_done"


def test_an_action_in_which_bulk_rows_failed_is_never_committed(database: Database) -> None:
    put(database, PlotRow(id="p1"))
    assert refused(database, swallowing(lambda work: work.bulk(PlotRow, ["id"], [("p0",), ("p1",)]))) == "half_done"


def test_a_part_rolled_back_spoils_the_whole(database: Database) -> None:
    assert refused(database, add(PlotRow(id="p1")), roll_back, add(PlotRow(id="p2"))) == "half_done"
    assert refused(database, add(PlotRow(id="p1")), roll_back) == "half_done"


def test_savepoints_are_refused(database: Database) -> None:
    assert refused(database, lambda work: work.session.begin_nested()) == "nested"


def test_a_commit_without_an_entry_is_refused(database: Database) -> None:
    assert refused(database, add(PlotRow(id="p1")), lambda work: work.session.commit()) == "stray_commit"


def test_an_action_is_committed_once(database: Database) -> None:
    with pytest.raises(ProgramError) as refusal:
        commit(database, add(PlotRow(id="p1")), lambda work: work.commit())
    assert refusal.value.code == "twice"
    assert asked(database.path, "SELECT count(*) FROM plot") == [(1,)]


def test_an_action_that_nobody_committed_leaves_nothing(database: Database) -> None:
    before = contents(database.path)
    with database.action(stamp()) as work:
        work.session.add(PlotRow(id="p1"))
        work.bulk(PlotRow, ["id"], [("p2",)])
        work.private("plot.party_contact", "1")
    assert contents(database.path) == before
    assert asked(database.path, "SELECT count(*) FROM private_value") == [(0,)]
    assert asked(database.path, "SELECT count(*) FROM journal_block WHERE seq > 1") == [(0,)]


def test_an_entry_may_be_wanted_though_nothing_changed(database: Database) -> None:
    with database.action(stamp("undo", undoes=1, reason="", campaign="")) as work:
        assert work.commit(even_if_empty=True).seq == 2
    assert asked(database.path, "SELECT undoes, reason, campaign, changes FROM journal_entry WHERE seq = 2") == [
        (1, None, None, journal.changes_digest([]))
    ]
    sound(database)
