"""Every figure that a report may print, made from the snapshot's rows and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind
from gengdi_desktop.domain.states import Bucket, Label, State
from gengdi_desktop.reports.facts.county_figures import county_figures, sample_figures
from gengdi_desktop.reports.facts.making import (
    ISSUED_SUM,
    area_figure,
    count_figure,
    issued_of,
    pair_figures,
    share_figure,
)
from gengdi_desktop.reports.facts.snapshot import FigureFact, PlotFact, Snapshot


def figures_of(snapshot: Snapshot) -> dict[str, FigureFact]:
    """All figures by key, in a fixed order."""
    plots = snapshot.counted
    made = chain(
        _task(snapshot, plots),
        _labels(snapshot, plots),
        _methods(plots),
        _self_check(plots),
        _marks(plots),
        county_figures(snapshot),
        sample_figures(snapshot.sample_check),
    )
    return {figure.key: figure for figure in made}


def done_words(snapshot: Snapshot) -> str:
    """Which state counts as done, as it stands under every table."""
    rule = snapshot.done_rule.label
    return f"“已整改”指{rule}及以后（含已销号）的图斑；待验收不计入已整改。"


def _task(snapshot: Snapshot, plots: tuple[PlotFact, ...]) -> Iterator[FigureFact]:
    unentered = Area.total(line.issued for line in snapshot.open_lines)
    count, area = len(plots) + len(snapshot.open_lines), issued_of(plots) + unentered
    villages = {(plot.township, plot.village) for plot in plots if plot.village}
    yield count_figure("task.count", "下发个数", count, "台账内图斑与未入账的行数之和")
    yield area_figure("task.area", "下发面积", area, ISSUED_SUM + "，含未入账")
    yield area_figure(
        "task.basic", "永久基本农田面积", Area.total(plot.basic for plot in plots), "按下发的永久基本农田面积相加"
    )
    yield count_figure("task.villages", "涉及村数", len(villages), "有图斑的村（社区）个数")
    yield count_figure("task.lists", "清单份数", len(snapshot.lists), "导入的下发清单份数")
    yield from pair_figures("entered", "入账", plots, "台账内的图斑")
    yield count_figure("unentered.count", "未入账个数", len(snapshot.open_lines), "清单里还没有对应图斑的行数")
    yield area_figure("unentered.area", "未入账面积", unentered, "这些行的下发面积之和")


def _labels(snapshot: Snapshot, plots: tuple[PlotFact, ...]) -> Iterator[FigureFact]:
    for label in Label:
        yield from pair_figures(
            f"label.{label}", label.label, (p for p in plots if p.label is label), f"类别为“{label.label}”"
        )
    done = tuple(plot for plot in plots if plot.label.rectified)
    open_ = tuple(plot for plot in plots if not plot.label.rectified and plot.label is not Label.CANCELLED)
    whole = issued_of(plots) + Area.total(line.issued for line in snapshot.open_lines)
    count = len(plots) + len(snapshot.open_lines)
    yield from pair_figures("rectified", "已整改", done, "整改到位与已销号之和")
    yield from pair_figures("open", "未完成", open_, "待验收、部分整改与未整改之和")
    yield share_figure("share.count", "个数完成率", percent_text(len(done), count), "已整改个数÷下发个数")
    yield share_figure("share.area", "面积完成率", percent_text(issued_of(done), whole), "已整改面积÷下发面积")


def _methods(plots: tuple[PlotFact, ...]) -> Iterator[FigureFact]:
    """Areas by method over all plots and over the rectified ones; counts by each plot's main method."""
    yield area_figure("settled.area", "累计落实面积", Area.total(p.settled for p in plots), "各方式已落实面积之和")
    done = tuple(plot for plot in plots if plot.label.rectified)
    for bucket in Bucket:
        area = Area.total(plot.buckets[bucket] for plot in done)
        mine = sum(1 for plot in done if main_method(plot) is bucket)
        name = f"{bucket.label}整改" if bucket is Bucket.OTHER else bucket.label
        yield count_figure(f"method.{bucket}.count", f"{name}个数", mine, "已整改图斑，按面积最大的方式计一次")
        yield area_figure(f"method.{bucket}.area", f"{name}面积", area, "已整改图斑以这一方式落实的面积")
    spare = Area.total(plot.issued - plot.settled for plot in done)
    yield area_figure("method.not_required.area", "不需整改面积", spare, "已整改图斑下发面积减去各方式落实面积")


def main_method(plot: PlotFact) -> Bucket | None:
    """The method with the largest area, the first of equals; None where nothing is settled."""
    best = max(Bucket, key=lambda bucket: plot.buckets[bucket])
    return best if plot.buckets[best] > Area.ZERO else None


def _self_check(plots: tuple[PlotFact, ...]) -> Iterator[FigureFact]:
    checked = tuple(plot for plot in plots if plot.checked_on is not None)
    yield from pair_figures("checked", "已自查", checked, "有自查记录的图斑")
    yield from pair_figures("unchecked", "未自查", (p for p in plots if p.checked_on is None), "没有自查记录的图斑")
    for finding in Finding:
        mine = (plot for plot in checked if plot.finding == finding)
        yield from pair_figures(f"finding.{finding.value}", finding.label, mine, f"自查结论为“{finding.label}”")
    for kind in ProblemKind:
        mine = (plot for plot in plots if plot.kind == kind)
        name = "其他类型" if kind is ProblemKind.OTHER else kind.label
        yield from pair_figures(f"kind.{kind.value}", name, mine, f"问题类型为“{kind.label}”，自查认定的优先于下发的")
    unknown = (plot for plot in plots if plot.kind not in set(ProblemKind))
    yield from pair_figures("kind.unknown", "未定类型", unknown, "清单没有写明类型、也没有自查认定")
    yield from pair_figures("rectify.yes", "需整改", (p for p in checked if p.rectify), "自查认定需要整改")
    yield from pair_figures("rectify.no", "无需整改", (p for p in checked if p.rectify is False), "自查认定无需整改")
    for disposal in DisposalClass:
        mine = (plot for plot in plots if plot.disposal == disposal)
        yield from pair_figures(f"disposal.{disposal.value}", disposal.label, mine, f"处置类别为“{disposal.label}”")
    planned = (plot for plot in plots if plot.disposal)
    yield from pair_figures("planned", "已定措施", planned, "已经明确措施、责任人和时限")


def _marks(plots: tuple[PlotFact, ...]) -> Iterator[FigureFact]:
    yield from pair_figures("held", "暂缓争议", (plot for plot in plots if plot.held), "暂缓或有争议，在各自类别里统计")
    yield from pair_figures("overdue", "超期", (plot for plot in plots if plot.overdue), "过了时限还没有到位")
    yield from pair_figures("returned", "退回", (plot for plot in plots if plot.returned), "本轮被退回、正在重新整改")
    yield from pair_figures("single", "一人经办", (plot for plot in plots if plot.single_handed), "申报和验收是同一人")
    contested = (plot for plot in plots if plot.state is State.CONTESTED)
    yield from pair_figures("contested", "举证", contested, "正在举证无需整改")
    yield count_figure("files", "举证材料份数", sum(plot.files for plot in plots), "本轮的照片和文书份数")
