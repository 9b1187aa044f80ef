"""整改工作报告: what was issued, what was done, what is left; the same words as a report and as a letter."""

from __future__ import annotations

from typing import Final

from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind
from gengdi_desktop.domain.states import Bucket, Label
from gengdi_desktop.reports.composing import Body, Material, document, pair, sentence
from gengdi_desktop.reports.document import Document, Form, Paragraph, Section, Table, day_text
from gengdi_desktop.reports.register_table import Scope, register_annex
from gengdi_desktop.reports.summary_tables import lists_table, open_plots_table, villages_table
from gengdi_desktop.reports.wording import Writer

TEMPLATE = "rectification/1"


def rectification(kind: str, form: Form, material: Material, writer: Writer) -> Document:
    """The paper in one of its two forms."""
    letter = form is Form.LETTER
    sections = (
        Section("基本情况", (*_basis(material, writer), lists_table(material.snapshot, 1))),
        Section("工作开展情况", _work(material, writer)),
        Section("整改完成情况", (*_done(material, writer), villages_table(material.snapshot, 2))),
        Section("存在的主要问题", _problems(material, writer)),
        Section("下一步打算", _next(material, writer)),
    )
    opening = writer.paragraph(
        "opening",
        f"{material.order}{material.we}组织开展了{material.campaign}工作。现将截至{material.as_of}的有关情况"
        f"{'函报' if letter else '报告'}如下。",
    )
    body = Body(
        matter=material.campaign,
        ending="工作情况的函" if letter else "工作情况的报告",
        opening=(opening,),
        sections=sections,
        closing=Paragraph("closing", ("特此函报。" if letter else "特此报告。",)),
        annexes=(register_annex(material, Scope.RECTIFICATION),),
    )
    return document(kind, form, material, body)


def kinds_sentence(writer: Writer) -> str:
    """How the plots divide by kind of problem."""
    parts = tuple(
        (f"kind.{kind.value}.count", pair("其他类型" if kind is ProblemKind.OTHER else kind.label))
        for kind in ProblemKind
    )
    told = sentence(writer, (*parts, ("kind.unknown.count", pair("未定类型"))))
    return f"按问题类型分，{told}。" if told else ""


def _basis(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    text = f"下发{material.we}图斑【下发个数】个、面积【下发面积】亩"
    if writer.some("task.basic"):
        text += "，其中永久基本农田【永久基本农田面积】亩"
    text += "，涉及【涉及村数】个村（社区）。" + kinds_sentence(writer)
    paragraphs = [writer.paragraph("basis", text)]
    if writer.some("unentered.count"):
        told = "其中清单里的【未入账个数】行、【未入账面积】亩因数据有疑问暂未入账，已逐行列在台账末尾，正在核实。"
        paragraphs.append(writer.paragraph("unentered", told))
    if material.snapshot.lists:
        told = "台账与下发清单已逐份核对，各类个数、面积相加与下发数相等，具体见表1。"
        paragraphs.append(writer.paragraph("tie_out", told))
    return tuple(paragraphs)


def leaders(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    """Who answers for the work."""
    first, direct = material.snapshot.first_responsible, material.snapshot.direct_responsible
    named = "，".join(
        said for said in (f"第一责任人为{first}" if first else "", f"直接责任人为{direct}" if direct else "") if said
    )
    text = f"{material.we}把整改工作摆在重要位置，" + (f"明确{named}，" if named else "")
    text += "落实专人办理，逐图斑建立台账，做到底数清、责任清、进度清。"
    return (writer.paragraph("leaders", text, lead="组织领导。"),)


def _work(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    found = sentence(
        writer,
        tuple((f"finding.{finding.value}.count", pair(finding.label)) for finding in Finding),
        "，",
    )
    text = "逐图斑到现场核实，已自查【已自查个数】个、【已自查面积】亩"
    text += f"，其中{found}。" if found else "。"
    if writer.some("unchecked.count"):
        text += "还有【未自查个数】个、【未自查面积】亩没有自查。"
    paragraphs = [*leaders(material, writer), writer.paragraph("self_check", text, lead="自查。")]
    disposals = sentence(
        writer,
        tuple((f"disposal.{one.value}.count", f"{one.label}【{one.label}个数】个") for one in DisposalClass),
        "、",
    )
    text = "坚持分类处置、先易后难，已为【已定措施个数】个图斑逐一明确措施、责任人和时限"
    text += f"，其中{disposals}；" if disposals else "；"
    text += "以各种方式累计落实【累计落实面积】亩"
    text += "，留存照片、文书【举证材料份数】份。" if writer.some("files") else "。"
    paragraphs.append(writer.paragraph("measures", text, lead="整改。"))
    return tuple(paragraphs)


def _done(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    rectified = sentence(
        writer, tuple((f"label.{one}.count", pair(one.label)) for one in (Label.CLOSED, Label.IN_PLACE)), "，"
    )
    others = sentence(
        writer,
        tuple(
            (f"label.{one}.count", pair(one.label))
            for one in (Label.AWAITING, Label.PARTIAL, Label.UNRECTIFIED, Label.CANCELLED)
        ),
    )
    text = (
        f"截至{material.as_of}，已整改【已整改个数】个、【已整改面积】亩，"
        "分别占下发个数的【个数完成率】、下发面积的【面积完成率】"
    )
    text += f"；其中{rectified}。" if rectified else "。"
    text += f"此外，{others}。" if others else ""
    text += "各村（社区）情况见表2。"
    paragraphs = [writer.paragraph("done", text)]
    if methods := methods_sentence(writer):
        paragraphs.append(writer.paragraph("methods", methods))
    return tuple(paragraphs)


def methods_sentence(writer: Writer) -> str:
    """By which methods the rectified plots were settled; empty where none was."""
    methods = sentence(writer, tuple((f"method.{one}.area", _method(one, writer)) for one in Bucket))
    if not methods:
        return ""
    spare = "；另有不需整改的部分【不需整改面积】亩" if writer.some("method.not_required.area") else ""
    return f"已整改的图斑按落实方式分，{methods}{spare}。个数按主要方式计，面积按实际方式计。"


def _method(bucket: Bucket, writer: Writer) -> str:
    """A method with its plots, or with its area alone where it is the main one of no plot: nobody writes 补办0个."""
    name = "其他整改" if bucket is Bucket.OTHER else bucket.label
    if writer.some(f"method.{bucket}.count"):
        return pair(name, bucket.label)
    return f"{bucket.label}【{name}面积】亩"


ALL_DONE: Final = "下发图斑已全部办结，没有未完成的图斑。"
CAUSES: Final = (
    "主要原因：一是部分图斑地上附着物清理、土地平整工作量大，受农时和天气影响，进度偏慢；"
    "二是个别地块涉及承包、流转合同和群众诉求，需要逐户协商"
)
"""Why plots are open, as a beginning of what the office writes there; its sentence goes on."""


def open_sentence(writer: Writer, *further: tuple[str, str]) -> str:
    """How much is not done, and how much of it for which reason; ``further`` are more parts of that kind."""
    marks = sentence(
        writer,
        (
            ("overdue.count", "超期【超期个数】个"),
            ("returned.count", "退回后重新整改【退回个数】个"),
            ("held.count", "暂缓或有争议【暂缓争议个数】个"),
            ("contested.count", "正在举证【举证个数】个"),
            *further,
        ),
        "、",
    )
    return f"还有【未完成个数】个、【未完成面积】亩没有完成{f'，其中{marks}' if marks else ''}。"


def _problems(material: Material, writer: Writer) -> tuple[Paragraph | Table, ...]:
    if not writer.some("open.count"):
        return (writer.paragraph("problems", ALL_DONE),)
    text = f"{open_sentence(writer)}{CAUSES}。"
    table = open_plots_table(material.snapshot, 3)
    text += "具体图斑见表3。" if table else "具体图斑见附件。"
    paragraph = writer.paragraph("problems", text)
    return (paragraph, table) if table else (paragraph,)


def _next(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    deadline = material.snapshot.hard_deadline
    by = f"在{day_text(deadline)}前" if deadline and deadline >= material.snapshot.as_of else "尽快"
    steps = []
    if writer.some("open.count"):
        steps.append(f"对未完成的图斑，逐图斑盯办，压实责任人，{by}整改到位并按程序申报、验收、销号")
    steps.append("对已整改的图斑，落实管护责任，定期回头看，防止反弹")
    steps.append("加强日常巡查和政策宣传，早发现、早制止、早处置，坚决遏制新增问题")
    numbers = "一二三"
    text = "；".join(f"{numbers[index]}是{step}" for index, step in enumerate(steps)) + "。"
    return (writer.paragraph("next", text),)
