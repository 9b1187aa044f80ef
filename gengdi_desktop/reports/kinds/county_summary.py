"""总结报告: what the county did, what came of it against the task, what is left, and whether all totals tie out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gengdi_desktop.domain.states import Label
from gengdi_desktop.reports.composing import Body, Material, document, pair, sentence
from gengdi_desktop.reports.county_tables import county_annexes, places_of, tie_out_told, unit_nodes
from gengdi_desktop.reports.document import Document, Form, Paragraph, Section, Table, day_text
from gengdi_desktop.reports.kinds.rectification import ALL_DONE, CAUSES, kinds_sentence, methods_sentence, open_sentence
from gengdi_desktop.reports.summary_tables import lists_table, open_plots_table
from gengdi_desktop.reports.wording import Writer

CODE = "county_summary"
LABEL = "总结报告"
TEMPLATE = "county_summary/1"
_NAMED: Final = 3
_NUMBERS: Final = "一二三四五六"
_WORK: Final = {"self_check": "自查", "rectification": "整改", "spot_check": "抽查", "summary": "总结"}


def compose(material: Material, writer: Writer) -> Document:
    """The paper."""
    opening = writer.paragraph(
        "opening",
        f"{material.order}{material.snapshot.county}组织开展了{material.campaign}工作。"
        f"现将截至{material.as_of}的工作总结如下。",
    )
    body = Body(
        matter=material.campaign,
        ending="工作情况的总结报告",
        opening=(opening,),
        sections=(
            Section("工作开展情况", _work(material, writer)),
            Section("主要成效", (*_results(material, writer), lists_table(material.snapshot, 1))),
            Section("存在问题", _problems(material, writer)),
            Section("长效机制", _lasting(writer)),
            Section("下一步工作", _next(material, writer)),
        ),
        closing=Paragraph("closing", ("特此报告。",)),
        annexes=county_annexes(material),
    )
    return document(CODE, Form.REPORT, material, body)


def _work(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    snapshot = material.snapshot
    first, direct = snapshot.first_responsible, snapshot.direct_responsible
    named = "，".join(
        said for said in (f"第一责任人为{first}" if first else "", f"直接责任人为{direct}" if direct else "") if said
    )
    led = f"县里成立工作专班，统筹调度{f'，{named}' if named else ''}；任务涉及【有任务单位个数】个乡镇（单位）"
    led += "，逐级压实责任，逐图斑建立台账，县乡两级用同一本账，数据逐级汇总、逐图斑可查。"
    paragraphs = [writer.paragraph("leaders", led, lead="组织领导。")]
    days = "；".join(
        f"{_WORK[phase.code]}阶段自{day_text(phase.start)}至{day_text(phase.end)}"
        for phase in snapshot.phases
        if phase.code in _WORK and phase.start and phase.end
    )
    steps = f"按方案分阶段推进：{days}。" if days else "按方案分自查、整改、抽查、总结四个阶段推进。"
    steps += "各乡镇（单位）逐图斑到现场核实，已自查【已自查个数】个、【已自查面积】亩"
    steps += "；以各种方式累计落实【累计落实面积】亩"
    steps += "，留存照片、文书【举证材料份数】份。" if writer.some("files") else "。"
    paragraphs.append(writer.paragraph("steps", steps, lead="分步推进。"))
    sample = snapshot.sample_check
    if sample is not None and sample.done:
        text = (
            "对申报完成的图斑先封存抽样框、再凭随机种子抽取，已到现场抽查【已抽查个数】个、【已抽查面积】亩，"
            "合格【抽查合格个数】个，合格率【合格率】（百分之九十五的把握在【合格率下限】至【合格率上限】之间）"
        )
        text += "；不合格的【抽查不合格个数】个退回重新整改。" if writer.some("check.failed.count") else "。"
        paragraphs.append(writer.paragraph("checked", text, lead="抽查核实。"))
    return tuple(paragraphs)


def _results(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    task = f"下发{material.snapshot.county}图斑【下发个数】个、面积【下发面积】亩"
    if writer.some("task.basic"):
        task += "，其中永久基本农田【永久基本农田面积】亩"
    task += "，分布在【有任务单位个数】个乡镇（单位）、【涉及村数】个村（社区）。" + kinds_sentence(writer)
    years = sorted({plot.outflow_year for plot in material.snapshot.counted if plot.outflow_year is not None})
    if len(years) > 1:
        task += f"按流出年度分，{'；'.join(pair(f'{year}年度') for year in years)}。"
    done = (
        f"截至{material.as_of}，已整改【已整改个数】个、【已整改面积】亩，"
        "分别占下发个数的【个数完成率】、下发面积的【面积完成率】"
    )
    rectified = sentence(
        writer, tuple((f"label.{one}.count", pair(one.label)) for one in (Label.CLOSED, Label.IN_PLACE)), "，"
    )
    done += f"；其中{rectified}。" if rectified else "。"
    cancelled = sentence(writer, (("label.cancelled.count", pair("核减", "经批准核减")),))
    done += f"另有{cancelled}。" if cancelled else ""
    paragraphs = [
        writer.paragraph("task", task, lead="任务数。"),
        writer.paragraph("done", done, lead="完成数。"),
    ]
    if methods := methods_sentence(writer):
        paragraphs.append(writer.paragraph("methods", methods, lead="整改方式。"))
    if told := _places_told(material, writer):
        paragraphs.append(writer.paragraph("places", told, lead="各乡镇情况。"))
    paragraphs.append(_tie_out(material))
    return tuple(paragraphs)


def _places_told(material: Material, writer: Writer) -> str:
    """Who is done and who comes first; figures stand in the annex."""
    ranked = [one for one in places_of(unit_nodes(material.snapshot)) if one.place is not None]
    if not ranked:
        return ""
    text = "有任务的乡镇（单位）【有任务单位个数】个"
    text += "，其中【全部完成单位个数】个已全部完成" if writer.some("units.done") else ""
    first = [one.node.name for one in ranked if one.place is not None and one.place <= _NAMED]
    ends = f"。面积完成率居前的有{'、'.join(first)}" if len(first) < len(ranked) else ""
    return f"{text}{ends}。分乡镇的数字见附件1，分类型、分年度的见附件2，排名见附件3。"


def _tie_out(material: Material) -> Paragraph:
    """Locked: whether totals tie out is no matter of wording."""
    return Paragraph("tie_out", (tie_out_told(material.snapshot),), "数据核对。")


def _problems(material: Material, writer: Writer) -> tuple[Paragraph | Table, ...]:
    if not writer.some("open.count"):
        return (writer.paragraph("problems", ALL_DONE),)
    text = open_sentence(writer, ("label.awaiting.count", "已申报、待验收【待验收个数】个"))
    most = _most_open(material)
    text += f"未完成面积较多的有{'、'.join(most)}。" if most else ""
    text += CAUSES
    failed = material.snapshot.sample_check is not None and writer.some("check.failed.count")
    text += "；三是有的图斑申报后经抽查仍不合格，验收把关还要加强。" if failed else "。"
    table = open_plots_table(material.snapshot, 2)
    if table:
        return (writer.paragraph("problems", f"{text}具体图斑见表2。"), table)
    return (writer.paragraph("problems", text),)


def _most_open(material: Material) -> Sequence[str]:
    """The units with the largest open area, where there are more units than are named."""
    units = [unit for unit in unit_nodes(material.snapshot) if unit.sums.open.count]
    if len(units) <= _NAMED:
        return [unit.name for unit in units]
    ordered = sorted(units, key=lambda unit: unit.sums.open.area, reverse=True)
    return [unit.name for unit in ordered[:_NAMED]]


def _lasting(writer: Writer) -> tuple[Paragraph, ...]:
    text = (
        "一是压实田长责任，县、乡、村三级田长常态化巡查，发现问题第一时间制止、报告、处置；"
        "二是落实管护责任，已销号的图斑逐个明确管护人，定期回头看，防止反弹；"
        "三是坚持一本台账管到底，图斑的发现、整改、验收、销号和管护都记在账上，随时可查；"
        "四是加强部门协作，自然资源、农业农村、林业等部门信息共享、联合验收，把耕地用途管制落到实处。"
    )
    return (writer.paragraph("lasting", text),)


def _next(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    deadline = material.snapshot.hard_deadline
    by = f"在{day_text(deadline)}前" if deadline and deadline >= material.snapshot.as_of else "尽快"
    steps = []
    if writer.some("open.count"):
        steps.append(f"对未完成的图斑实行清单管理，逐图斑明确责任人，{by}整改到位并按程序验收、销号")
    if material.snapshot.sample_check is not None and writer.some("check.failed.count"):
        steps.append("对抽查不合格的图斑盯住不放，重新整改、重新验收，并举一反三")
    steps.append("对已整改的图斑加强管护和回头看，巩固整改成果")
    steps.append("加强政策宣传和日常巡查，早发现、早制止、早处置，坚决遏制新增问题")
    text = "；".join(f"{_NUMBERS[at]}是{step}" for at, step in enumerate(steps)) + "。"
    return (writer.paragraph("next", text),)
