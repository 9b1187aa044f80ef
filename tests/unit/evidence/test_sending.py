"""Photos out by village: names, numbers, the index; going on where it stopped, writing over nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, RuleError
from gengdi_desktop.evidence import sayings, service
from gengdi_desktop.evidence.records import Saying
from gengdi_desktop.evidence.sending import export_photos, safe_name
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import AwaitedFileRow
from tests.helpers import photos as made
from tests.helpers.county_desk import package
from tests.helpers.ledgers import CLERK, add_plots, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Two plots of 白圩村 and one of a village with forbidden signs in its name, with five files."""
    with new_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["a", "b"])
        add_plots(opened, ["c"], village="连桥?村", plot_no="7/1")
        source = made.written(
            tmp_path / "来",
            {
                "IMG_1.jpg": made.photo(1, direction=90.0),
                "IMG_2.JPEG": made.photo(2),
                "mmexport1.jpg": made.jpeg(made.scene(seed=3)),
                "验收单.pdf": made.pdf(),
                "=1+1.png": made.png(made.scene(seed=4)),
            },
        )
        service.attach(opened, "a", [source / "IMG_1.jpg", source / "IMG_2.JPEG"], "整改前", by=CLERK)
        service.attach(opened, "a", [source / "mmexport1.jpg"], "整改后", by=CLERK)
        service.attach(opened, "b", [source / "验收单.pdf"], "验收", by=CLERK)
        service.attach(opened, "c", [source / "=1+1.png"], "整改后", by=CLERK, note="@note")
        yield opened


NAMES = [
    "白圩村/0001_整改前_01_20230802.jpg",
    "白圩村/0001_整改前_02_20230802.jpg",
    "白圩村/0001_整改后_01_无日期.jpg",
    "白圩村/0002_验收_01_无日期.pdf",
    "连桥_村/7_1_整改后_01_无日期.png",
]


def test_names_tell_plot_stage_number_and_day(ledger: Ledger, tmp_path: Path) -> None:
    done = export_photos(ledger, tmp_path / "出")
    assert sorted(done.written) == sorted(NAMES)
    files = {str(path.relative_to(done.folder)) for path in done.folder.rglob("*") if path.is_file()}
    assert files == {*NAMES, "index.xlsx"}
    first = service.attachments(ledger, "a")[0]
    assert hashlib.sha256((done.folder / NAMES[0]).read_bytes()).hexdigest() == first.sha256


def test_the_index_says_everything(ledger: Ledger, tmp_path: Path) -> None:
    first, second, third = service.attachments(ledger, "a")
    saying = Saying(datetime(2023, 8, 3, 10, 0), 116_200_000_000, 28_300_000_000)
    sayings.say(ledger, third.sha256, saying, reason="按记录补", by=CLERK)
    (ledger.folder.part("evidence") / f"{second.sha256}.jpeg").unlink()
    done = export_photos(ledger, tmp_path / "出")
    assert done.faults == ("白圩村 0001 整改前“IMG_2.JPEG”：缺失",)
    sheet = openpyxl.load_workbook(done.index).active
    assert sheet is not None
    head, *rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    by_name = {row[head.index("原文件名")]: dict(zip(head, row, strict=True)) for row in rows}
    told = [by_name[name] for name in ("IMG_1.jpg", "IMG_2.JPEG", "mmexport1.jpg", "验收单.pdf", "=1+1.png")]
    assert (told[0]["文件"], told[0]["原文件名"], told[0]["方位角"], told[0]["设备"]) == (
        NAMES[0],
        "IMG_1.jpg",
        "90°",
        "HUAWEI P40",
    )
    assert (told[0]["拍摄时间"], told[0]["经度"], told[0]["纬度"]) == ("2023-08-02 09:30:15", "116.265432", "28.376543")
    assert (told[0]["SHA-256"], told[0]["文件状态"]) == (first.sha256, "完好")
    assert (told[1]["文件"], told[1]["文件状态"]) == ("", "缺失")
    assert (told[2]["人工录入"], told[2]["文件"]) == ("时间、位置", "白圩村/0001_整改后_01_20230803.jpg")
    assert (told[4]["原文件名"], told[4]["备注"], told[4]["村"]) == ("=1+1.png", "@note", "连桥?村")
    assert told[4]["缺什么"].startswith("没有拍摄信息")


def test_what_is_still_to_come_is_told_with_whom_it_is_awaited_from(ledger: Ledger, tmp_path: Path) -> None:
    first, second, _third = service.attachments(ledger, "a")
    for one, ending in ((first, ".jpg"), (second, ".jpeg")):
        (ledger.folder.part("evidence") / f"{one.sha256}{ending}").unlink()
    package(ledger, "p", "feedback", unit="进贤县", direction="in", peer_organ="进贤县自然资源局")
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        work.session.add(AwaitedFileRow(id=first.sha256, package_id="p"))
        work.commit()
    done = export_photos(ledger, tmp_path / "出")
    assert done.faults == (
        "白圩村 0001 整改前“IMG_1.jpg”：待补，等进贤县自然资源局",
        "白圩村 0001 整改前“IMG_2.JPEG”：缺失",
    )
    sheet = openpyxl.load_workbook(done.index).active
    assert sheet is not None
    head, *rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    states = {row[head.index("原文件名")]: row[head.index("文件状态")] for row in rows}
    assert (states["IMG_1.jpg"], states["IMG_2.JPEG"]) == ("待补，等进贤县自然资源局", "缺失")


def test_a_copy_that_was_broken_off_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    out = tmp_path / "出"

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        export_photos(ledger, out, progress=stop)
    assert len([path for path in out.rglob("*") if path.is_file()]) == 2
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*.jpg")}
    done = export_photos(ledger, out)
    assert (len(done.kept), len(done.written)) == (2, 3)
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert len(export_photos(ledger, out).kept) == 5


def test_nothing_of_others_is_written_over(ledger: Ledger, tmp_path: Path) -> None:
    out = made.written(tmp_path / "出", {NAMES[0]: b"somebody else's"})
    done = export_photos(ledger, out)
    assert (out / NAMES[0]).read_bytes() == b"somebody else's"
    assert "白圩村/0001_整改前_02_20230802.jpg" in done.written
    assert "白圩村/0001_整改前_03_20230802.jpg" in done.written
    other = made.written(tmp_path / "别的", {"index.xlsx": b"not ours"})
    with pytest.raises(RuleError) as refused:
        export_photos(ledger, other)
    assert refused.value.code == "file_exists"
    assert (other / "index.xlsx").read_bytes() == b"not ours"
    assert len(list(other.iterdir())) == 1


def test_a_subset_and_what_cannot_be(ledger: Ledger, tmp_path: Path) -> None:
    assert export_photos(ledger, tmp_path / "出", ["b"]).written == (NAMES[3],)
    with pytest.raises(RuleError) as refused:
        export_photos(ledger, tmp_path / "空", [])
    assert refused.value.code == "nothing_to_send"
    with pytest.raises(RuleError) as refused:
        export_photos(ledger, ledger.folder.root / "出")
    assert refused.value.code == "inside_ledger"


def test_plots_of_the_same_number_do_not_meet_in_one_name(ledger: Ledger, tmp_path: Path) -> None:
    add_plots(ledger, ["d"], plot_no="0001", outflow_year=2021)
    service.attach(ledger, "d", [tmp_path / "来" / "mmexport1.jpg"], "整改前", by=CLERK)
    done = export_photos(ledger, tmp_path / "出")
    assert "白圩村/0001_整改前_03_无日期.jpg" in done.written
    add_plots(ledger, ["e"], township="李渡镇")
    service.attach(ledger, "e", [tmp_path / "来" / "mmexport1.jpg"], "整改前", by=CLERK)
    assert "李渡镇/白圩村/0001_整改前_01_无日期.jpg" in export_photos(ledger, tmp_path / "又").written


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ('a|b?c*d"e<f>g:h/i\\j', "a_b_c_d_e_f_g_h_i_j"),
        ("..", ""),
        (" 连桥村. ", "连桥村"),
        ("CON", "_CON"),
        ("长" * 200, "长" * 60),
    ],
)
def test_forbidden_names(text: str, safe: str) -> None:
    assert safe_name(text) == safe
