"""Which header is which field, as data and as rules."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake.fields import default_units, fields, label_of, spellings, vocabulary
from gengdi_desktop.intake.mapping import Certainty, ColumnChoice, ColumnMap, map_columns, parse_choice
from gengdi_desktop.intake.parent_rules import by_parents
from gengdi_desktop.sheets.header_text import normalise
from gengdi_desktop.sheets.headers import Header, HeaderColumn
from gengdi_desktop.system.resources import resource


def _header(*paths: str, units: tuple[str, ...] = ()) -> Header:
    columns = []
    for index, path in enumerate(paths):
        *parents, name = path.split("/")
        text, _, unit = name.partition("|")
        columns.append(HeaderColumn(index, (*parents, text), tuple(parents), normalise(text), unit))
    return Header(1, 1, 2, (), {}, units, tuple(columns))


def _fields(found: ColumnMap) -> list[str]:
    return [column.field for column in found.columns]


def test_no_spelling_belongs_to_two_fields() -> None:
    data = json.loads(resource("intake/header_synonyms.json").read_text(encoding="utf-8"))
    counted = Counter(normalise(name) for names in data.values() for name in {normalise(one) for one in names})
    assert [name for name, count in counted.items() if count > 1] == []
    assert len(fields()) > 170
    assert sum(len(names) for names in data.values()) > 1200


def test_every_area_field_and_unit_is_known() -> None:
    assert set(default_units().values()) == {AreaUnit.SQUARE_METRE}
    assert default_units()["TBMJ"] is AreaUnit.SQUARE_METRE
    assert {normalise(unit.label) for unit in AreaUnit} <= vocabulary().units
    assert label_of("plot_no") == "图斑编号（村内）"
    assert spellings()["标识码"] == "bsm"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("流出前/地类编码", "class_before_code"),
        ("变更后/DLMC", "class_after_name"),
        ("地类变化/变更前", "class_before_name"),
        ("责任领导/姓名", "responsible_leader"),
        ("整改任务/责任人/联系电话", "responsible_phone"),
        ("验收情况/镇级", "accept_township"),
        ("流出情况/类别", "outflow_type"),
        ("图斑基本信息/编号", "plot_no"),
        ("坐标/X", "coord_x"),
        ("整改情况/时间", "finish_date"),
        ("自查情况/时间", "verify_date"),
        ("当事人/身份证号", "party_id_number"),
    ],
)
def test_a_group_says_what_an_ambiguous_column_is(path: str, field: str) -> None:
    *parents, name = path.split("/")
    assert by_parents(name, parents) == field
    assert _fields(map_columns(_header(path))) == [field]


def test_certainty_is_told() -> None:
    found = map_columns(_header("标识码", "图斑号", "流出前/地类编码", "面积|亩", "包片意见"))
    assert [column.certainty for column in found.columns] == [
        Certainty.SAME,
        Certainty.SYNONYM,
        Certainty.GROUP,
        Certainty.UNCLEAR,
        Certainty.UNKNOWN,
    ]
    assert [column.letters for column in found.columns] == list("ABCDE")


def test_a_certain_column_wins_over_an_unclear_one_and_two_certain_ones_are_asked_about() -> None:
    found = map_columns(_header("图斑面积|亩", "面积|亩"))
    assert _fields(found) == ["plot_area", ""]
    assert not found.questions
    rivals = map_columns(_header("图斑面积|亩", "地块面积|亩", "村"))
    assert [question.code for question in rivals.questions] == ["columns_unclear"]
    assert rivals.questions[0].columns == ("图斑面积", "地块面积")


def test_rivals_that_do_not_matter_are_settled_by_their_order() -> None:
    found = map_columns(_header("备注", "说明", "其他"))
    assert _fields(found) == ["remark", "", ""]
    assert not found.questions


def test_the_unit_comes_from_header_line_or_field_in_this_order() -> None:
    def unit(*names: str, line: tuple[str, ...] = ()) -> AreaUnit | None:
        return map_columns(_header(*names, units=line)).columns[0].unit

    assert unit("图斑面积|平方米", line=("亩",)) is AreaUnit.SQUARE_METRE
    assert unit("图斑面积", line=("个", "亩")) is AreaUnit.MU
    assert unit("TBMJ") is AreaUnit.SQUARE_METRE
    assert unit("图斑面积") is None
    assert unit("图斑面积|个") is None


def test_a_joined_export_has_the_old_class_without_a_mark() -> None:
    assert _fields(map_columns(_header("DLBM", "DLMC", "DLBM_1", "DLMC_1"))) == [
        "class_before_code",
        "class_before_name",
        "class_after_code",
        "class_after_name",
    ]


def test_what_a_person_says_goes_before_what_was_remembered_and_both_before_rules() -> None:
    header = _header("图斑号", "备注")
    remembered = {"图斑号": ColumnChoice("local_no")}
    assert _fields(map_columns(header, remembered=remembered)) == ["local_no", "remark"]
    given = {"A": ColumnChoice("clue_no"), "备注": ColumnChoice("")}
    assert _fields(map_columns(header, given=given, remembered=remembered)) == ["clue_no", ""]


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("plot_area:平方米", ColumnChoice("plot_area", AreaUnit.SQUARE_METRE)),
        ("图斑面积:亩", ColumnChoice("plot_area", AreaUnit.MU)),
        ("bsm:可空", ColumnChoice("bsm", blanks=True)),
        ("乡镇", ColumnChoice("township_name")),
        ("-", ColumnChoice("")),
        ("保留", ColumnChoice("")),
    ],
)
def test_choices_are_written_by_code_or_by_chinese_name(text: str, choice: ColumnChoice) -> None:
    assert parse_choice(text) == choice


def test_a_name_goes_before_the_letters_of_a_column() -> None:
    header = _header("村", "X", *[f"列{number}" for number in range(22)])
    assert map_columns(header, given={"X": ColumnChoice("lon")}).columns[1].field == "lon"
    assert map_columns(header, given={"W": ColumnChoice("lon")}).columns[22].field == "lon"


def test_slips_in_choices_are_told() -> None:
    with pytest.raises(RuleError) as field:
        parse_choice("nosuch")
    with pytest.raises(RuleError) as column:
        map_columns(_header("村"), given={"镇": ColumnChoice("township_name")})
    assert (field.value.code, column.value.code) == ("unknown_column_field", "unknown_column")
