"""抽查情况报告: how plots were drawn, what share passed and how sure that is, what was found, what is to be done."""

from __future__ import annotations

from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.check_tables import check_annex, in_groups, problems_table, return_annex, strata_table
from gengdi_desktop.reports.composing import Body, Material, document, pair, sentence
from gengdi_desktop.reports.document import Document, Form, Paragraph, Section, Table, day_text
from gengdi_desktop.reports.facts.county_facts import SampleFact
from gengdi_desktop.reports.wording import Writer

CODE = "spot_check_report"
LABEL = "抽查情况报告"
TEMPLATE = "spot_check/1"


def checked_sample(material: Material) -> SampleFact:
    """The sample that the paper tells of.

    Raises:
        RuleError: ``nothing_checked``: there is no sample with a result.
    """
    sample = material.snapshot.sample_check
    if sample is None or not sample.done:
        raise nothing_checked(sample.name if sample else "")
    return sample


def nothing_checked(sample: str = "") -> RuleError:
    """The refusal of papers on a spot check of which nothing is known."""
    told = f"“{sample}”还没有抽查结果" if sample else "这本台账里还没有抽查结果"
    return RuleError("nothing_checked", f"{told}，没有可以写的报告。", "请先抽样，到现场抽查并录入结果，再写报告。")


def compose(material: Material, writer: Writer) -> Document:
    """The paper.

    Raises:
        RuleError: ``nothing_checked``.
    """
    sample = checked_sample(material)
    opening = writer.paragraph(
        "opening",
        f"{material.order}抽查组对{material.snapshot.county}{material.campaign}申报完成的图斑进行了抽查。"
        f"现将截至{material.as_of}的抽查情况报告如下。",
    )
    annexes = [check_annex(material, sample)]
    if sample.failed:
        annexes.append(return_annex(material, sample))
    body = Body(
        matter=material.campaign,
        ending="抽查情况的报告",
        opening=(opening,),
        sections=(
            Section("抽查安排", _arranged(sample, writer)),
            Section("总体情况", (*_found(writer), strata_table(sample, 1))),
            Section("发现的问题", _problems(material, sample, writer)),
            Section("处理意见", _consequences(material, sample, writer)),
        ),
        closing=Paragraph("closing", ("特此报告。",)),
        annexes=tuple(annexes),
    )
    return document(CODE, Form.REPORT, material, body)


def _arranged(sample: SampleFact, writer: Writer) -> tuple[Paragraph, ...]:
    scope = f"{sample.scope.replace('/', '')}范围内" if sample.scope else ""
    text = (
        f"抽样框由{scope}申报完成的图斑组成，于{day_text(sample.framed_on)}封存，"
        "共【抽样框个数】个、【抽样框面积】亩，封存后不再改动。"
    )
    drawn = f"{day_text(sample.drawn_on)}，" if sample.drawn_on else ""
    text += f"{drawn}从中抽取图斑，应抽查【应抽查个数】个、【应抽查面积】亩，占抽样框个数的【抽查比例】。"
    if writer.some("check.replaced"):
        text += "其中【替换个数】个无法到场，按次序由同层的下一个图斑替补，原因列在抽查表里。"
    way = f"按{sample.grouped_by}分层，各层按图斑多少分配，每层至少抽一个" if sample.grouped_by else "不分层抽取"
    method = (
        f"{way}；层内的次序由随机种子和图斑标识算出，不由人定，任何人用同一个种子都能重算出同样的结果。"
        f"随机种子为“{sample.seed}”（{sample.seed_source}）。"
    )
    paragraphs = [
        writer.paragraph("arranged", text, lead="抽查比例。"),
        writer.paragraph("method", method, lead="抽样方法。"),
    ]
    if sample.enlarges:
        because = f"，原因是：{sample.reason.rstrip('。')}" if sample.reason else ""
        told = f"本次抽查是在“{sample.enlarges}”的基础上扩大的{because}；先抽中的图斑全部保留，种子不变。"
        paragraphs.append(writer.paragraph("enlarged", told, lead="扩大抽查。"))
    # What others redo the draw by is locked: nobody words a hash.
    proof = f"{sample.name}（编号{sample.id[:8]}）；抽样框校验值（SHA-256）为 {in_groups(sample.frame_hash)}。"
    paragraphs.append(Paragraph("proof", (proof,), "抽样号。"))
    return tuple(paragraphs)


def _found(writer: Writer) -> tuple[Paragraph, ...]:
    text = "已到现场抽查【已抽查个数】个、【已抽查面积】亩，其中"
    text += sentence(
        writer,
        (("check.passed.count", pair("抽查合格", "合格")), ("check.failed.count", pair("抽查不合格", "不合格"))),
        "，",
    )
    text += "。"
    if writer.some("check.left.count"):
        text += "还有【尚未抽查个数】个、【尚未抽查面积】亩没有抽查。"
    share = "按个数计，合格率为【合格率】；由样本推断全部申报完成的图斑，"
    share += "百分之九十五的把握在【合格率下限】至【合格率上限】之间。"
    return (
        writer.paragraph("found", text, lead="抽查结果。"),
        writer.paragraph("share", f"{share}各层情况见表1，逐图斑的结果见附件。", lead="合格率。"),
    )


def _problems(material: Material, sample: SampleFact, writer: Writer) -> tuple[Paragraph | Table, ...]:
    failed = sample.failed
    if not failed:
        return (writer.paragraph("problems", "抽查的图斑均与申报情况相符，没有发现不合格的图斑。"),)
    plots = {plot.id: plot for plot in material.snapshot.plots}
    townships = list(dict.fromkeys(plots[one.plot].township for one in failed if one.plot in plots))
    table = problems_table(material.snapshot, sample, 2)
    text = f"不合格的图斑【抽查不合格个数】个、【抽查不合格面积】亩，分布在{'、'.join(townships)}。"
    text += "逐图斑的问题见表2。" if table else "逐图斑的问题见附件2。"
    paragraph = writer.paragraph("problems", text)
    return (paragraph, table) if table else (paragraph,)


def _consequences(material: Material, sample: SampleFact, writer: Writer) -> tuple[Paragraph, ...]:
    said: list[tuple[str, str]] = []
    if sample.failed:
        days = {plot.deadline for plot in material.snapshot.plots
                if plot.deadline and any(one.plot == plot.id and one.sent_back for one in sample.failed)}  # fmt: skip
        until = f"，最迟在{day_text(max(days))}前整改到位" if days else "，限期整改到位"
        text = f"对不合格的图斑，退回所在乡镇（单位）重新整改{until}，整改后重新申报、验收。"
        told = sentence(
            writer,
            (("check.returned", "已经退回【抽查退回个数】个"), ("check.waiting", "待退回【待退回个数】个")),
            "，",
        )
        said.append(("returned", f"{text}{told}，清单见附件2。"))
    if writer.some("check.passed.count"):
        said.append(("passed", "对抽查合格的图斑，按程序验收、销号，落实管护责任，定期回头看，防止反弹。"))
    if writer.some("check.left.count"):
        said.append(("left", "对尚未抽查的图斑，抓紧到现场完成抽查，补报结果。"))
    said.append(("alike", "请各乡镇（单位）对照发现的问题举一反三，对没有抽到的图斑同样自查一遍。"))
    paragraphs = [writer.paragraph(key, text) for key, text in said]
    if sample.due_again:
        # Numbers in it are the rule's, not a person's words.
        paragraphs.insert(0, Paragraph("due_again", (sample.due_again,)))
    return tuple(paragraphs)
