"""The sheet of a spot check: how the sample was drawn so that anybody can draw it again, then a card for each plot.

Cards stand in the order of the draw. What is known already is printed; the rest is written by hand, signed by two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.choices import SpotCheckOutcome
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases.sampling.reading import sample
from gengdi_desktop.phases.sampling.records import SampledPlot, SampleInfo, SampleStatus, percent
from gengdi_desktop.phases.sampling.redo_steps import redo_steps
from gengdi_desktop.phases.sampling.strata import rules_in_words
from gengdi_desktop.reports.document import day_text
from gengdi_desktop.reports.fonts import load_fonts
from gengdi_desktop.reports.forms.blocks import (
    Block,
    Cell,
    CellLook,
    Framed,
    Heading,
    Line,
    NewPage,
    PlotForm,
    Title,
    pairs,
    wide,
)
from gengdi_desktop.reports.forms.service import WrittenForms, trace
from gengdi_desktop.reports.forms.writing import FormFile
from gengdi_desktop.reports.render.pdf import Properties
from gengdi_desktop.system.resources import resource

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_TITLE: Final = "耕地流出问题整改抽查表"
_BLANK_DAY: Final = "　　　　年　　月　　日"
_ORDER_DIGITS: Final = 16
_FINDING, _SIGNED = 40.0, 28.0
"""Heights that leave room to write, and still put four cards on a page."""


def write_check_sheet(ledger: Ledger, key: str, out: Path) -> WrittenForms:
    """Write the check sheet of a sample as one PDF.

    Args:
        ledger: An open ledger.
        key: The sample.
        out: The file, ending in ``.pdf``; an older one is replaced when the new one is whole.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``unknown_format``, ``glyph_missing``.
        SurroundingsError: The place cannot be written, or the disk is full.
    """
    if out.suffix.lower() != ".pdf":
        raise RuleError("unknown_format", "抽查表只写成 .pdf，没有写出。", "请用 .pdf 结尾。")
    info = sample(ledger, key)
    if info.status is SampleStatus.FRAMED:
        raise RuleError("not_drawn", f"“{info.name}”还没有抽，没有写出抽查表。", "请先填随机种子，抽出图斑。")
    today, foot = ledger.today(), trace(ledger)
    properties = Properties(f"{ledger.info.unit}{_TITLE}", ledger.info.organ, today, foot)
    blocks = (*_head(info, day_text(today)), NewPage(), *_cards(info))
    with FormFile(out, load_fonts(resource("fonts")), properties, sample=ledger.info.sample) as file:
        file.add(PlotForm(info.id, _TITLE, info.name, f"{info.name}　{foot}", blocks), {})
    return WrittenForms(out, len(info.to_check), file.pages, ())


def _head(info: SampleInfo, today: str) -> Iterator[Block]:
    source = info.seed_source.label if info.seed_source else ""
    by = "、".join(field.label for field in info.strata_fields) or "不分层"
    yield Title(_TITLE, f"{info.name}　打印日期：{today}")
    yield from pairs(
        ("抽样框", f"{info.frame_plots} 个图斑，{info.frame_area.display()} 亩"),
        ("封存日期", day_text(info.framed_on)),
        ("抽中", f"{len(info.to_check)} 个图斑，{info.area.display()} 亩"),
        ("抽样日期", day_text(info.drawn_on) if info.drawn_on else ""),
        ("随机种子", f"{info.seed}（{source}）"),
        ("抽取要求", _size(info.wanted)),
        ("范围", info.scope or "全部申报到位以后的图斑"),
        ("分层", by),
    )
    yield wide("校验值", info.frame_hash)
    yield wide("扩大界限", f"不合格的超过要查的 {percent(info.fail_limit)}，应当扩大抽查。")
    if info.reason:
        yield wide("原因", info.reason)
    yield Heading("各层抽多少")
    yield from _strata(info)
    for rule in rules_in_words(info.strata_fields):
        yield Line(rule)
    yield Heading("怎样重抽一遍")
    yield from (Line(step) for step in redo_steps(enlarged=info.enlarges is not None))
    yield Line("每个图斑下面印着编号和第三步那个数的前 16 位。")


def _size(wanted: str) -> str:
    return f"{wanted} 个" if wanted.isdecimal() else wanted


def _strata(info: SampleInfo) -> Iterator[Framed]:
    yield Framed(
        (
            Cell("层", 4, CellLook.HEAD),
            Cell("框内个数", 2, CellLook.HEAD),
            Cell("框内亩数", 2, CellLook.HEAD),
            Cell("抽中个数", 2, CellLook.HEAD),
            Cell("要查个数", 2, CellLook.HEAD),
        ),
        repeat=True,
    )
    for one in info.strata:
        numbers = (
            "—" if one.plots is None else str(one.plots),
            "—" if one.area is None else one.area.display(),
            str(one.share),
            str(one.places),
        )
        yield Framed((Cell(one.name, 4), *(Cell(number, 2, CellLook.NUMBER) for number in numbers)))


def _cards(info: SampleInfo) -> Iterator[Block]:
    """A card for each plot; those that are not visited say so in one row."""
    names = {one.plot: one.name for one in info.plots}
    number = 0
    for one in info.plots:
        if one.replaced:
            yield Heading(f"不查　{_named(one, names)}")
            yield wide("原因", one.reason)
        else:
            number += 1
            yield Heading(f"{number}　{_named(one, names)}")
            yield from _card(one)
        yield Line(f"图斑编号 {one.plot}　次序 {one.order_key[:_ORDER_DIGITS]}")


def _named(one: SampledPlot, names: Mapping[str, str]) -> str:
    """The plot, its place in its stratum, and for which one it stands."""
    place = f"{one.stratum}第 {one.place} 个"
    return f"{one.name}（{place}{f'，替补{names.get(one.replaces)}' if one.replaces else ''}）"


def _card(one: SampledPlot) -> Iterator[Framed]:
    found = one.result
    measured = found.measured_area if found is not None else None
    yield from pairs(
        ("乡镇、村", " ".join(filter(None, (one.township, one.village)))),
        ("问题类型", one.kind),
        ("申报面积", f"{one.area.display()} 亩"),
        ("实测面积", f"{measured.display()} 亩" if measured is not None else "　　　　　　　亩"),
        ("抽查结果", "　　".join(_box(outcome, found.outcome if found else None) for outcome in SpotCheckOutcome)),
        ("检查日期", day_text(found.on_date) if found is not None else _BLANK_DAY),
    )
    yield wide("发现的问题\n和照片号", found.finding if found is not None else "", least=_FINDING)
    for row in pairs(
        ("检查人签字", found.checker if found is not None else ""),
        ("检查人签字", found.second_checker if found is not None else ""),
    ):
        yield replace(row, least=_SIGNED)


def _box(outcome: SpotCheckOutcome, said: SpotCheckOutcome | None) -> str:
    return f"{'■' if outcome is said else '□'}{outcome.label}"
