"""Lines keep the rules of Chinese typesetting at every offset, and lose not a character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.reports.render.line_breaking import (
    CLOSING,
    NO_END,
    NO_START,
    OPENING,
    Line,
    Span,
    break_lines,
)
from tests.unit.reports.papers import PROSE

WIDTH = 28.0
MARKS = "，。；：、“”《》（）〔〕？！…—"


def half(character: str, role: str) -> float:
    """Latin and digits of half a cell."""
    del character, role
    return 0.5


def lines_of(text: str, indent: float = 2.0, width: float = WIDTH) -> list[Line]:
    return break_lines([Span(text, "fang")], width, half, indent=indent)


def faults(lines: list[Line]) -> list[str]:
    """Lines that begin or end with what they must not."""
    found = [line.text for line in lines[1:] if line.cells[0].cell.joint == 0 and line.text[0] in NO_START]
    return found + [line.text for line in lines[:-1] if line.text[-1] in NO_END]


def test_prose_has_no_fault_at_any_offset() -> None:
    count = 0
    for text in PROSE:
        for offset in range(28):
            lines = lines_of("地" * offset + text * 3)
            assert faults(lines) == []
            count += len(lines)
    assert count > 1500


def test_no_line_is_wider_than_its_room() -> None:
    for text in PROSE:
        for offset in range(28):
            for line in lines_of("地" * offset + text * 3):
                assert line.width <= line.room + 1e-6


def test_prose_is_hardly_stretched() -> None:
    stretches = sorted(
        (line.room - line.width) / line.gaps
        for text in PROSE
        if "标识码" not in text  # a number of 18 digits is not torn and leaves a hole behind it
        for offset in range(28)
        for line in lines_of("地" * offset + text * 3)
        if not line.last
    )
    assert stretches[len(stretches) // 2] < 0.02
    assert stretches[len(stretches) * 99 // 100] < 0.06
    assert stretches[-1] < 0.2


def test_pure_chinese_fills_28_cells_exactly() -> None:
    lines = lines_of("地" * 200)
    assert [len(line.cells) for line in lines] == [26, 28, 28, 28, 28, 28, 28, 6]


@given(st.text(alphabet="地图斑整改" + MARKS + "abc019.-%/ ", max_size=300), st.integers(0, 27))
def test_no_character_is_lost_or_moved(text: str, offset: int) -> None:
    whole = "田" * offset + text
    joined = "".join(line.text for line in lines_of(whole))
    assert joined.replace(" ", "") == whole.replace(" ", "")


@given(st.text(alphabet="地图斑整改亩村" * 4 + "，。、；：“”《》（）〔〕1. ", min_size=40, max_size=300))
def test_reasonable_prose_never_breaks_the_rules(text: str) -> None:
    lines = lines_of(text)
    # a chain of marks longer than the line may reach is the one thing that cannot be set well
    runs = max((len(run) for run in _runs(text)), default=0)
    if runs <= 6:
        assert faults(lines) == []


def _runs(text: str) -> list[str]:
    runs, run = [], ""
    for character in text:
        if character in CLOSING | OPENING:
            run += character
        else:
            runs.append(run)
            run = ""
    return [*runs, run]


def test_neighbouring_marks_share_a_cell() -> None:
    (line,) = lines_of("“甲”、“乙”。", indent=0)
    assert line.width == pytest.approx(8 - 3 * 0.5)
    assert [placed.cut_right for placed in line.cells] == [0, 0, 0.5, 0.5, 0, 0, 0.5, 0]


def test_a_mark_is_pulled_in_by_squeezing_before_a_character_is_pushed_out() -> None:
    first, second = lines_of("，" + "地" * 27 + "。" + "田田", indent=0)
    assert first.text.endswith("。")
    assert second.text == "田田"
    assert first.width == pytest.approx(WIDTH)


def test_figures_are_never_torn() -> None:
    for offset in range(28):
        for line in lines_of("地" * offset + "面积3980.79亩、标识码360124100205000001号" * 3)[:-1]:
            assert not line.text[-1].isdigit() or line.text.endswith(("3980.79", "360124100205000001"))


def test_a_run_longer_than_the_line_is_broken_and_nothing_hangs_over() -> None:
    lines = lines_of("见" + "x" * 200 + "。")
    assert all(line.width <= line.room + 1e-6 for line in lines)
    assert len(lines) == 4


def test_a_long_address_breaks_at_its_joints() -> None:
    lines = lines_of("地" * 20 + "https://xx.gov.cn/a/long/path/of-a-file_name.html")
    assert lines[0].text.endswith(("/", ".", "-", "_"))


def test_dashes_and_dots_stay_in_pairs() -> None:
    for offset in range(28):
        for line in lines_of("地" * offset + "图斑——整改……完成" * 4):
            assert line.text.count("—") % 2 == 0
            assert line.text.count("…") % 2 == 0


def test_nothing_makes_no_line() -> None:
    assert lines_of("") == []


def test_spaces_fall_away_at_the_end_of_a_line() -> None:
    first, second = lines_of("地" * 28 + " 田", indent=0)
    assert (first.text, second.text) == ("地" * 28, "田")
