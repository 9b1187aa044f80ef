"""Titles break between phrases and stand in a good shape."""

from __future__ import annotations

from gengdi_desktop.reports.render.title import title_lines

ROOM = 20.1


def ems(text: str) -> float:
    return float(len(text))


def test_a_short_title_is_one_line() -> None:
    assert title_lines(["关于整改", "情况的", "函"], ROOM, ems) == ["关于整改情况的函"]


def test_three_lines_stand_as_a_rhombus_or_trapezoid() -> None:
    phrases = [
        "白圩乡人民政府",
        "关于2023年",
        "耕地保护领域突出问题",
        "专项整改",
        "工作情况的",
        "报告",
        "（第三次修订稿）",
    ]
    lines = title_lines(phrases, ROOM, ems)
    widths = [len(line) for line in lines]
    assert "".join(lines) == "".join(phrases)
    assert len(lines) == 3
    assert not (widths[1] < widths[0] and widths[1] < widths[2])


def test_lines_break_only_between_phrases() -> None:
    phrases = ["白圩乡人民政府", "关于2023年", "耕地保护领域突出问题", "专项整改工作情况的报告"]
    ends = {"".join(phrases[:n]) for n in range(1, len(phrases) + 1)}
    text = ""
    for line in title_lines(phrases, ROOM, ems):
        text += line
        assert text in ends


def test_a_phrase_longer_than_a_line_is_broken_all_the_same() -> None:
    lines = title_lines(["长" * 50], ROOM, ems)
    assert "".join(lines) == "长" * 50
    assert max(len(line) for line in lines) <= ROOM


def test_no_phrases_make_no_lines() -> None:
    assert title_lines([], ROOM, ems) == []
