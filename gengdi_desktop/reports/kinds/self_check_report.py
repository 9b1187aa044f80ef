"""自查报告: what the township found on its plots, why, and what it means to do until when."""

from __future__ import annotations

from collections import Counter

from gengdi_desktop.domain.choices import DisposalClass, Finding
from gengdi_desktop.reports.composing import Body, Material, document, pair, sentence
from gengdi_desktop.reports.document import Document, Form, Paragraph, Section, day_text
from gengdi_desktop.reports.kinds.rectification import kinds_sentence, leaders
from gengdi_desktop.reports.register_table import Scope, register_annex
from gengdi_desktop.reports.summary_tables import findings_table, lists_table
from gengdi_desktop.reports.wording import Writer

CODE = "self_check_report"
LABEL = "自查报告"
TEMPLATE = "self_check/1"

_MOST_CAUSES = 5
_NUMBERS = "一二三四五"


def compose(material: Material, writer: Writer) -> Document:
    """The paper."""
    opening = writer.paragraph(
        "opening",
        f"{material.order}{material.we}对下发图斑逐个开展了自查。现将截至{material.as_of}的自查情况报告如下。",
    )
    body = Body(
        matter=material.campaign,
        ending="自查情况的报告",
        opening=(opening,),
        sections=(
            Section("自查工作组织", _organised(material, writer)),
            Section(
                "自查结果",
                (*_found(material, writer), lists_table(material.snapshot, 1), findings_table(material.snapshot, 2)),
            ),
            Section("问题成因", _causes(material, writer)),
            Section("拟采取的措施和时限", _measures(material, writer)),
            Section("需要协调的事项", _asked(writer)),
        ),
        closing=Paragraph("closing", ("特此报告。",)),
        annexes=(register_annex(material, Scope.SELF_CHECK),),
    )
    return document(CODE, Form.REPORT, material, body)


def _organised(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    phase = material.snapshot.phase("self_check")
    days = [plot.checked_on for plot in material.snapshot.counted if plot.checked_on]
    text = "由乡村两级人员逐图斑到现场，对照影像核实位置、地类、用途和占用主体，拍照留证，当场填写自查记录"
    if days:
        first, last = min(days), max(days)
        done = f"，至{day_text(last)}结束" if not writer.some("unchecked.count") else ""
        text += f"，自{day_text(first)}开始{done}" if first != last or not done else f"，于{day_text(first)}完成"
    if phase and phase.end:
        text += f"（要求的期限为{day_text(phase.end)}）"
    return (*leaders(material, writer), writer.paragraph("on_site", f"{text}。", lead="现场核实。"))


def _found(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    text = f"下发{material.we}图斑【下发个数】个、面积【下发面积】亩，涉及【涉及村数】个村（社区）。"
    found = sentence(
        writer, tuple((f"finding.{finding.value}.count", pair(finding.label)) for finding in Finding), "，"
    )
    text += "已自查【已自查个数】个、【已自查面积】亩"
    text += f"，其中{found}。" if found else "。"
    if writer.some("unchecked.count"):
        text += "还有【未自查个数】个、【未自查面积】亩没有自查，正在抓紧。"
    if writer.some("unentered.count"):
        text += "清单里的【未入账个数】行、【未入账面积】亩因数据有疑问暂未入账，已逐行列在台账末尾，正在核实。"
    text += kinds_sentence(writer)
    needs = sentence(
        writer, (("rectify.yes.count", pair("需整改", "需要整改")), ("rectify.no.count", pair("无需整改"))), "；"
    )
    paragraphs = [writer.paragraph("found", text)]
    if needs:
        paragraphs.append(writer.paragraph("needs", f"经核实，{needs}。清单核对情况见表1，各村情况见表2。"))
    return tuple(paragraphs)


def _causes(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    """The causes that were written down most often, in the words of those who wrote them."""
    causes = Counter(plot.cause for plot in material.snapshot.counted if plot.cause)
    named = [cause.rstrip("。；") for cause, _count in causes.most_common(_MOST_CAUSES)]
    if not named:
        return (writer.paragraph("causes", "自查记录里没有写明成因，将在整改中补充核实。"),)
    if len(named) == 1:
        return (writer.paragraph("causes", f"主要是{named[0]}。"),)
    told = "；".join(f"{_NUMBERS[index]}是{cause}" for index, cause in enumerate(named))
    return (writer.paragraph("causes", f"从自查记录看，{told}。"),)


def _measures(material: Material, writer: Writer) -> tuple[Paragraph, ...]:
    disposals = sentence(writer, tuple((f"disposal.{one.value}.count", pair(one.label)) for one in DisposalClass), "；")
    text = "坚持分类处置、先易后难、一地一策。"
    if writer.some("planned.count"):
        text += "已明确措施、责任人和时限的【已定措施个数】个、【已定措施面积】亩"
        text += f"，按处置类别分，{disposals}。" if disposals else "。"
    else:
        text += "对需要整改的图斑，将逐一明确措施、责任人和时限，录入台账。"
    deadline = material.snapshot.hard_deadline
    if deadline:
        text += f"全部图斑力争在{day_text(deadline)}前整改到位。"
    return (writer.paragraph("measures", text),)


def _asked(writer: Writer) -> tuple[Paragraph, ...]:
    asked = sentence(
        writer,
        (
            ("held.count", "暂缓或有争议的【暂缓争议个数】个、【暂缓争议面积】亩，请给予指导"),
            ("contested.count", "举证无需整改的【举证个数】个、【举证面积】亩，请予审核"),
        ),
    )
    return (writer.paragraph("asked", f"{asked}。" if asked else "暂无需要上级协调的事项。"),)
