"""The program tests itself on its own sample: every stage once, in the source tree and in the bundle."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import shapely

from gengdi_desktop.demo.sample_plots import SAMPLE_UNIT
from gengdi_desktop.demo.walk import SampleWalk, Walked
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import GengdiError, ProgramError
from gengdi_desktop.geo.coordinates import distance
from gengdi_desktop.geo.numbers import Point
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.ledger import backup, trust
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.phases.service import write_village_form
from gengdi_desktop.reports import service as papers
from gengdi_desktop.reports.forms.kinds import FormKind
from gengdi_desktop.reports.forms.service import write_forms
from gengdi_desktop.signing.verify import verify_pdf
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.reference import divisions

_log = logging.getLogger(__name__)
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of the self-test: its Chinese name, whether it went well, what went wrong, and how long it took."""

    name: str
    ok: bool
    message: str
    milliseconds: int


def self_test(
    clock: Clock,
    paint: Callable[[Path, Path], None] | None,
    *,
    out: Path | None = None,
    say: Callable[[str], None] = lambda _phrase: None,
) -> tuple[StepResult, ...]:
    """Runs every step in order; after one that fails the others are left out.

    Args:
        clock: The time of entries and signatures.
        paint: Paints the window of a ledger into a PNG; ``None`` where nobody lends a window.
        out: A new folder in which the sample stays; a temporary one where none is given.
        say: Told the name of each step before it begins.

    Returns:
        The steps that ran; all are ``ok`` exactly when the program is sound.
    """
    with _place(out) as folder:
        trial = _Trial(folder, clock, paint)
        results: list[StepResult] = []
        try:
            for name, step in trial.steps():
                say(name)
                results.append(_timed(name, step))
                if not results[-1].ok:
                    break
        finally:
            trial.walk.leave()
        return tuple(results)


class _Trial:
    def __init__(self, folder: Path, clock: Clock, paint: Callable[[Path, Path], None] | None) -> None:
        unit = divisions().by_code(SAMPLE_UNIT)
        if unit is None:
            raise ProgramError("no_unit", "程序自带的区划表里没有样例单位。")
        self.folder, self.clock, self.paint = folder, clock, paint
        self.walk = SampleWalk(folder / "样例", unit, clock, confirm=False)
        self.walked: Walked | None = None

    def steps(self) -> Iterator[tuple[str, Callable[[], object]]]:
        yield from self.walk.steps()
        yield "合上台账", self._close
        yield "总数与清单一致", self._tie_out
        yield "验证签名", self._verify
        yield "认出被改动的报告", self._tampered
        yield "重新生成报告", self._rebuild
        yield "台账检查", self._check
        yield "备份和恢复", self._backup
        yield "导出台账和村级填报表", self._export
        yield "照片印进整改档案", self._dossier
        yield "图形写出再读回", self._shapes
        if self.paint is not None:
            yield "画出窗口", self._paint

    def _close(self) -> None:
        self.walked = self.walk.close()

    @property
    def done(self) -> Walked:
        if self.walked is None:
            raise ProgramError("not_walked", "样例还没有走完。")
        return self.walked

    def _tie_out(self) -> None:
        issued = self.walk.issued
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            found = figures(ledger)
            told = history(ledger, limit=1)
        _want(issued is not None and found.plots.count == issued.count, "图斑个数与清单不一致")
        _want(issued is not None and found.plots.area == issued.area, "面积与清单不一致")
        _want(Area.total(one.area for one in found.by_label.values()) == found.plots.area, "各类相加不等于总数")
        _want(bool(told), "办理记录读不出来")

    def _verify(self) -> None:
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            believed = trust.trusted(ledger)
        verdict = verify_pdf(self.done.report, believed, now=self.clock.now())
        _want(verdict.sound, "；".join(one.message for one in verdict.problems) or "签名没有通过验证")
        _want(len(verdict.signatures) == len(self.walk.identities), "签名个数不对")

    def _tampered(self) -> None:
        data = bytearray(self.done.report.read_bytes())
        data[len(data) // 3] ^= 1
        changed = self.folder / "改动过.pdf"
        changed.write_bytes(data)
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            believed = trust.trusted(ledger)
        _want(not verify_pdf(changed, believed, now=self.clock.now()).sound, "改动过的报告没有被认出来")

    def _rebuild(self) -> None:
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            _want(len(papers.rebuild(ledger, self.done.report_id)) > 1, "重新生成的文件不全")

    def _check(self) -> None:
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            found = check(ledger, papers.stated_head(self.done.report))
        _want(found.ok, "；".join(one.message for one in found.problems))

    def _backup(self) -> None:
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            made = backup.make(ledger.folder, "自检", self.clock, places=(self.folder,), full=True)
        restored = backup.restore(made.file, self.folder / "恢复", self.clock)
        _want(not restored.missing, "恢复的台账缺文件")
        with open_ledger(restored.folder, self.clock, write=False) as ledger:
            _want(check(ledger).ok, "恢复的台账没有通过检查")

    def _export(self) -> None:
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            rows = papers.export(ledger, self.folder / "台账.xlsx").rows
            listed = write_village_form(ledger, self.folder / "村级填报表.xlsx")
        _want(rows > 0, "导出的台账是空的")
        _want(0 < listed <= rows, "村级填报表里的图斑不对")

    def _dossier(self) -> None:
        with open_ledger(self.done.ledger, self.clock, write=False) as ledger:
            plots = plot_ids(ledger, PlotQuery(), limit=2)
            written = write_forms(ledger, FormKind.DOSSIER, self.folder / "整改档案.pdf", plots)
        _want(written.plots == len(plots) and not written.broken, "整改档案里的照片不全")

    def _shapes(self) -> None:
        outline = Outline(shapely.box(116.27, 28.37, 116.271, 28.371))
        again = Outline.from_wkb(outline.wkb)
        _want(again.box == outline.box, "图形读回来不一样")
        _want(again.holds(again.centre()) and again.area() > Area.ZERO, "图形的面积和位置算不出来")
        _want(distance(Point(*again.box[:2]), Point(*again.box[2:])) > 0, "两点之间的距离算不出来")

    def _paint(self) -> None:
        picture = self.folder / "窗口.png"
        if self.paint is not None:
            self.paint(self.done.ledger, picture)
        _want(picture.is_file() and picture.read_bytes().startswith(_PNG), "窗口没有画出来")


def _want(holds: bool, otherwise: str) -> None:  # noqa: FBT001  (reads as a sentence)
    if not holds:
        raise ProgramError("self_test", otherwise)


def _timed(name: str, step: Callable[[], object]) -> StepResult:
    begun = time.monotonic()
    ok, message = True, ""
    try:
        step()
    except GengdiError as error:
        ok, message = False, error.message
    except Exception as error:  # noqa: BLE001
        # A bundle that lacks a module or a library fails here in ways nobody foresaw: said, and kept in the log.
        _log.exception("self-test step failed")
        ok, message = False, f"{type(error).__name__}: {error}"
    return StepResult(name, ok, message, round((time.monotonic() - begun) * 1000))


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="gengdi-self-test-") as folder:
        yield Path(folder)
