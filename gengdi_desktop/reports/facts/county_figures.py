"""The figures that only papers of county and team print: of the units, the years, and the sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.pass_share import pass_share
from gengdi_desktop.reports.facts.county_facts import CheckFact, SampleFact, UnitFact
from gengdi_desktop.reports.facts.making import area_figure, count_figure, pair_figures, share_figure
from gengdi_desktop.reports.facts.snapshot import FigureFact, PlotFact, Snapshot

_TEN_DIGITS: Final = 10**10


def plots_of(unit: UnitFact, plots: Sequence[PlotFact]) -> tuple[PlotFact, ...]:
    """The plots of a unit, however they spell it."""
    spelled = set(unit.spelled)
    return tuple(plot for plot in plots if plot.township in spelled)


def county_figures(snapshot: Snapshot) -> Iterator[FigureFact]:
    """Of the units and the years; nothing where the snapshot has no units."""
    if not snapshot.units:
        return
    plots = snapshot.counted
    counted = [plots_of(unit, plots) for unit in snapshot.units if unit.listed]
    done = [mine for mine in counted if mine and all(plot.label.rectified for plot in mine)]
    yield count_figure("units", "乡镇单位个数", len(counted), "区划表里本县的乡级单位")
    yield count_figure("units.with", "有任务单位个数", sum(map(bool, counted)), "有图斑的乡级单位")
    yield count_figure("units.done", "全部完成单位个数", len(done), "图斑全部整改到位或已销号的乡级单位")
    for year in sorted({plot.outflow_year for plot in plots if plot.outflow_year is not None}):
        mine = tuple(plot for plot in plots if plot.outflow_year == year)
        yield from pair_figures(f"year.{year}", f"{year}年度", mine, f"流出年度为{year}年")


def sample_figures(sample: SampleFact | None) -> Iterator[FigureFact]:
    """Of the sample; nothing where the snapshot has none."""
    if sample is None:
        return
    done, failed, due = sample.done, sample.failed, sample.due
    passed = tuple(one for one in done if not one.failed)
    yield count_figure("check.frame.count", "抽样框个数", sample.frame_plots, "封存的抽样框里的图斑")
    yield area_figure("check.frame.area", "抽样框面积", sample.frame_area, "封存时这些图斑申报的面积之和")
    yield from _checks("check.due", "应抽查", due, "抽中的和替补的图斑，不含无法到场而被替换的")
    yield share_figure("check.ratio", "抽查比例", percent_text(len(due), sample.frame_plots), "应抽查个数÷抽样框个数")
    yield from _checks("check.done", "已抽查", done, "有抽查结果的图斑")
    yield from _checks("check.passed", "抽查合格", passed, "抽查结果为合格")
    yield from _checks("check.failed", "抽查不合格", failed, "抽查结果为不合格")
    left = tuple(one for one in due if not one.done)
    yield from _checks("check.left", "尚未抽查", left, "还没有抽查结果的图斑")
    replaced = [one for one in sample.checks if one.replaced]
    yield count_figure("check.replaced", "替换个数", len(replaced), "无法到场、按次序由下一个替补的图斑")
    returned = sum(1 for one in failed if one.sent_back)
    yield count_figure("check.returned", "抽查退回个数", returned, "因抽查不合格已经退回的图斑")
    yield count_figure("check.waiting", "待退回个数", len(failed) - returned, "抽查不合格、还没有退回的图斑")
    yield from _interval(len(passed), len(done))


def _interval(passed: int, done: int) -> Iterator[FigureFact]:
    """The share of those that passed; its interval is that of Clopper and Pearson."""
    share = percent_text(passed, done)
    found = pass_share(passed, done) if done else None
    limits = ("—", "—")
    if found is not None:
        limits = (_limit(found.low), _limit(found.high))
    yield share_figure("check.share", "合格率", share, "抽查合格个数÷已抽查个数")
    basis = "合格率的95%置信区间（Clopper–Pearson 法）"
    yield share_figure("check.low", "合格率下限", limits[0], basis)
    yield share_figure("check.high", "合格率上限", limits[1], basis)


def _limit(share: float) -> str:
    return percent_text(round(share * _TEN_DIGITS), _TEN_DIGITS)


def _checks(key: str, name: str, checks: Sequence[CheckFact], basis: str) -> Iterator[FigureFact]:
    """Count and claimed area of some plots of the sample."""
    yield count_figure(f"{key}.count", f"{name}个数", len(checks), basis)
    yield area_figure(f"{key}.area", f"{name}面积", Area.total(one.area for one in checks), basis)
