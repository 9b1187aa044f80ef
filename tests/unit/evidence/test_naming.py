"""What the names of folders and files tell of plot and stage, and what they must not be taken to tell."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.evidence.naming import PlotName, PlotNames, readable_name

PLOTS = PlotNames(
    [
        PlotName("a", "白圩乡", "白圩村", "0012", ("360124100205000012", "SJ-2023-0456")),
        PlotName("b", "白圩乡", "白圩村", "0013", ("360124100205000013",)),
        PlotName("c", "白圩乡", "连桥村", "0012"),
        PlotName("d", "李渡镇", "新村", "0099"),
        PlotName("e", "白圩乡", "连桥村", "7"),
        PlotName("f", "李渡镇", "白圩村", "0012"),
        PlotName("g", "白圩乡", "连桥村", "1"),
    ]
)


def told(path: str) -> tuple[str, str | None]:
    """Plots and stage of a path, in short."""
    named = PLOTS.read(path.split("/"))
    return ",".join(named.plots), named.stage.value if named.stage else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("照片/白圩乡/白圩村/0013/整改前/IMG_0012", ("b", "before")),
        ("照片/连桥村/0012_整改前_01_20230802", ("c", "before")),
        ("照片/0013-后-1", ("b", "after")),
        ("照片/连桥村0012后1", ("c", "after")),
        ("照片/连桥村/图斑0012/改中/1", ("c", "during")),
        ("照片/连桥村/0012/1", ("c", None)),
        ("照片/连桥村/7号/前", ("e", "before")),
        ("360124100205000012/验收/a", ("a", "acceptance")),
        ("照片/SJ-2023-0456_回头看", ("a", "revisit")),
        ("照片/0099 抽查", ("d", "spot_check")),
        ("照片/连桥村委会/0012 after 2", ("c", "after")),
        ("照片/连桥/0012-整改后", ("c", "after")),
        ("照片/连桥村/整改后_0012", ("c", "after")),
        ("照片/白圩乡/白圩村0012前", ("a", "before")),
        ("李渡镇/白圩村/0012/后", ("f", "after")),
        ("照片/０013－后", ("b", "after")),
        ("照片/连桥村/7", ("e", None)),
        ("整改前/连桥村/0012/整改后/x", ("c", "after")),
    ],
)
def test_what_a_path_tells(path: str, expected: tuple[str, str | None]) -> None:
    assert told(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "照片/00123_整改前",
        "照片/连桥村/12_整改前",
        "照片/3601241002050000123",
        "照片/IMG_0013",
        "照片/DSC_0099",
        "照片/IMG_20230802_093015",
        "照片/20230802",
        "照片/创新村/0099x",
        "照片/微信图片_0013",
    ],
)
def test_no_number_is_guessed(path: str) -> None:
    assert told(path)[0] == ""


def test_what_fits_several_is_told_with_all_of_them() -> None:
    assert PLOTS.read(["照片", "0012_整改前"]).plots == ("a", "c", "f")
    assert PLOTS.read(["白圩村", "0012_前"]).plots == ("a", "f")
    assert PLOTS.read(["白圩乡", "白圩村", "0012与0013"]).plots == ("a", "b")
    assert PLOTS.read(["照片", "360124100205000012和360124100205000013"]).plots == ("a", "b")


def test_an_unknown_number_is_told_with_the_like_ones() -> None:
    named = PLOTS.read(["连桥村", "012_整改后"])
    assert (named.plots, named.unknown, named.stage) == ((), "012", Stage.AFTER)
    assert PLOTS.full_numbers("012") == ("0012",)
    assert PLOTS.read(["连桥村", "IMG_0001"]).unknown == ""


def test_a_village_is_not_found_inside_another() -> None:
    assert PLOTS.read(["创新村", "0099"]).villages == frozenset()
    assert PLOTS.read(["李渡镇新村", "0099"]).plots == ("d",)
    assert PLOTS.read(["连桥村", "x"]).villages == frozenset({"连桥"})


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("整改前.jpg", "整改前.jpg"),
        ("plain.jpg", "plain.jpg"),
        ("整改前.jpg".encode("gb18030").decode("latin-1"), "整改前.jpg"),
        ("白圩村".encode("gb18030").decode("cp437"), "白圩村"),
        ("白圩村".encode("gb18030").decode("utf-8", errors="surrogateescape"), "白圩村"),
        ("café.jpg", "café.jpg"),
    ],
)
def test_names_in_the_wrong_encoding_are_put_right(name: str, readable: str) -> None:
    assert readable_name(name) == readable
