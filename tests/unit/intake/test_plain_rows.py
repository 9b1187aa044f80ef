"""A row reads the same whether the quick reader of plain rows stands before the reader of all rows or not."""

from __future__ import annotations

from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.geo.coordinates import metres_outside
from gengdi_desktop.geo.localities import locality_of
from gengdi_desktop.geo.numbers import Point
from gengdi_desktop.intake import centres
from gengdi_desktop.intake.mapping import Certainty, MappedColumn
from gengdi_desktop.intake.places import Home, PlaceReader
from gengdi_desktop.intake.plain_rows import PlainRows
from gengdi_desktop.intake.readings import Reading
from gengdi_desktop.intake.rows import RowReader
from gengdi_desktop.sheets.cells import SheetRow
from gengdi_desktop.sheets.headers import HeaderColumn
from gengdi_desktop.system.reference import divisions

HOME = Home("进贤县", "360124", "进贤县", "360124", whole_county=True)
CELLS: dict[str, tuple[tuple[str, str], ...]] = {
    "township_name": (("t", "白圩乡"), ("t", "同上"), ("t", "民和镇"), ("t", "没有的乡")),
    "village_name": (("t", "云桥村"), ("t", ""), ("t", "〃"), ("t", "白圩村")),
    "plot_no": (("t", "0012"), ("t", "7"), ("n", "12"), ("t", ""), ("t", "１２"), ("e", "#REF!"), ("d", "2023-01-02")),
    "bsm": (("t", "360124000000000001"), ("t", ""), ("n", "360124000000000000"), ("f", "")),
    "plot_area": (("n", "3.96"), ("n", "0"), ("t", "约3亩"), ("t", ""), ("n", "12.3456789")),
    "cultivated_area": (("n", "3.78"), ("n", "5"), ("n", "0"), ("t", " 3.1 "), ("t", "")),
    "outflow_year": (("n", "2022"), ("t", "2021年度"), ("t", "去年"), ("t", "")),
    "outflow_type": (("t", "非粮化"), ("t", "别的"), ("t", "")),
    "class_before_code": (("t", "0101"), ("t", "1006"), ("t", "")),
    "class_before_name": (("t", "水田"), ("t", "")),
    "restore_attr": (("t", "工程恢复"), ("t", "JKHF"), ("t", "")),
    "lon": (("n", "116.228361"), ("n", "28.27"), ("t", "120.5"), ("t", "")),
    "lat": (("n", "28.273996"), ("n", "116.2"), ("t", "x"), ("t", "")),
    "responsible_person": (("t", "张三"), ("t", "")),
    "plan_deadline": (("d", "2023-07-01"), ("t", "七月"), ("t", "")),
    "build_date": (("t", ""), ("t", "2020-01-01")),
    "remark": (("t", ""), ("t", " 备注 "), ("t", "无")),
}
ROWS = st.lists(
    st.tuples(*(st.sampled_from([0] * 20 + list(range(len(cells)))) for cells in CELLS.values())),
    min_size=1,
    max_size=12,
)


def _column(index: int, field: str) -> MappedColumn:
    unit = AreaUnit.MU if field.endswith("_area") else None
    return MappedColumn(HeaderColumn(index, (field,), (), field, ""), field, Certainty.SAME, unit)


def _read(table: list[tuple[int, ...]], used: list[str]) -> list[dict[str, Any]]:
    columns = {field: _column(index, field) for index, field in enumerate(used)}
    reader = RowReader(0, columns, "cultivated_area", PlaceReader(HOME, divisions()), width=len(used))
    found = []
    for number, chosen in enumerate(table, 2):
        cells = [CELLS[field][place] for field, place in zip(CELLS, chosen, strict=True) if field in used]
        row = SheetRow(number, "".join(kind for kind, _ in cells), [text for _, text in cells])
        found.append(_said(reader.read(row)))
    return found


def _said(reading: Reading) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in dir(reading) if not name.startswith("_") and name not in _VERBS}


_VERBS = {"refuse", "note"}


@settings(max_examples=120, deadline=None)
@given(table=ROWS, left_out=st.sets(st.sampled_from(sorted(set(CELLS) - {"cultivated_area", "plot_no"}))))
def test_rows_read_the_same_with_and_without_the_quick_reader(table: list[tuple[int, ...]], left_out: set[str]) -> None:
    used = [field for field in CELLS if field not in left_out]
    with mock.patch.object(RowReader, "_plain_rows", return_value=None):
        expected = _read(table, used)
    assert _read(table, used) == expected


def test_most_rows_of_a_list_take_the_quick_way() -> None:
    answers: list[Reading | None] = []
    quick = PlainRows.read

    def noted(self: PlainRows, row: SheetRow, texts: list[str]) -> Reading | None:
        answers.append(quick(self, row, texts))
        return answers[-1]

    used = [field for field in CELLS if field != "build_date"]
    with mock.patch.object(PlainRows, "read", noted):
        _read([(0,) * len(CELLS)] * 9, used)
    assert [answer is not None for answer in answers] == [False, *[True] * 8]


def test_between_the_corners_nothing_lies_outside() -> None:
    near = locality_of("360124", "进贤县")
    assert near is not None
    low, high = centres._box(near)
    assert low.longitude < near.centre.longitude < high.longitude
    steps = range(11)
    for x in steps:
        for y in steps:
            east = low.longitude + (high.longitude - low.longitude) * x // 10
            north = low.latitude + (high.latitude - low.latitude) * y // 10
            assert metres_outside(Point(east, north), near) == 0
    low, high = centres._box(None)
    assert low > high
