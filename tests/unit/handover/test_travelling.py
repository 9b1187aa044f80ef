"""What travels: every name is one of the tables, parents come before children, and what stays at home stays."""

from __future__ import annotations

import pytest

from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import travelling
from gengdi_desktop.handover.travelling import Named, carried, named, table_of
from gengdi_desktop.storage.layout import CODES, OUTSIDE, layout

ALL = [(kind, one) for kind in PackageKind for one in carried(kind)]


@pytest.mark.parametrize("kind", PackageKind)
def test_tables_come_once_and_parents_before_children(kind: PackageKind) -> None:
    tables = [one.table for one in carried(kind)]
    assert tables == [code for code in CODES if code in tables]
    assert not OUTSIDE & set(tables)


def test_fields_are_columns_with_the_key_first() -> None:
    for kind, one in ALL:
        known = layout(one.table)
        assert one.fields[0] == known.key, (kind, one.table)
        assert set(one.fields) <= set(known.names), (kind, one.table)
        assert one.brings <= set(one.fields[1:]), (kind, one.table)


def test_what_means_something_at_home_only_stays_there() -> None:
    for kind, one in ALL:
        assert not {"entry", "snapshot_file", "expected_count"} & set(one.fields), (kind, one.table)
    lists = table_of(PackageKind.TASK, "plot_list")
    assert lists is not None
    assert "file_id" not in lists.fields


def test_a_township_may_not_change_what_the_list_issued_and_a_county_may() -> None:
    up, down = (table_of(kind, "plot") for kind in (PackageKind.SUBMISSION, PackageKind.TASK))
    assert up is not None
    assert down is not None
    issued = set(travelling.ISSUED_FACTS)
    assert issued <= set(up.fields)
    assert not issued & up.brings
    assert issued <= down.brings
    assert "position" not in down.brings | up.brings


def test_everything_that_stands_of_a_plot_travels_with_it() -> None:
    for kind in (PackageKind.TASK, PackageKind.CHECK_TASK, PackageKind.SUBMISSION, PackageKind.FEEDBACK):
        tables = {one.table for one in carried(kind)}
        assert {"plot", "round", *travelling.RECORDS} <= tables, kind


def test_rows_are_known_elsewhere_in_one_way_each() -> None:
    for _, one in ALL:
        numbered = layout(one.table).numbered
        assert (named(one.table) is Named.ALIKE) is (not numbered) or named(one.table) is Named.SAID
    for table, fields in travelling.SAID_BY.items():
        assert set(fields) <= set(layout(table).names)
    for table, fields in travelling.DERIVED.items():
        assert set(fields) <= set(layout(table).names)


def test_a_table_that_a_kind_may_not_hold_is_not_there() -> None:
    assert table_of(PackageKind.CHECK_RESULT, "plot") is None
    assert all(table_of(kind, table) is None for kind in PackageKind for table in ("ledger", "member", "conflict"))
