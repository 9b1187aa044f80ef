"""Made-up papers and long official prose with every mark of punctuation, for measuring pages."""

from __future__ import annotations

from datetime import date

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.reports.document import (
    Annex,
    CellKind,
    Colophon,
    Column,
    Document,
    Figure,
    Form,
    Paragraph,
    Section,
    SignatureBlock,
    Signer,
    Table,
)

PROSE = (
    (
        "为落实最严格的耕地保护制度，按照《全县耕地流出问题专项整改工作方案》（县府办发〔2023〕43号）要求，"
        "我乡坚持“早发现、早整改、早销号”，组织村（社区）、自然资源所、农业综合服务中心逐图斑开展工作——不漏一处、不瞒一亩。"
    ),
    (
        "经核对，下发图斑106个、面积161.15亩，涉及15个村（社区）；其中永久基本农田23.07亩，占14.32%。"
        "对权属不清、地类不符的，由村“两委”会同技术单位复核，形成“一图斑一档案”……做到“图、数、实地”一致。"
    ),
    (
        "主要做法：一是“谁主管、谁负责”，落实“第一责任人”“直接责任人”；二是“宜耕则耕、分类处置”（先易后难、立整立改）；"
        "三是“回头看”，防止“边整改、边反弹”。对《土地管理法》《土地管理法实施条例》规定的情形，依法移交（移送）处理。"
    ),
    (
        "图斑ZC-3601242023-0001、HD-2023-0113号（标识码360124100205000001）已恢复种植，品种为晚稻、油菜等；"
        "详见附件《整改台账》（第3页，共8页）。联系电话0791-85670000转8012，工作日8:30至17:30均有人接听！是否属实？请予核查。"
    ),
    (
        "（一）已完成的：现场整改81个、83.56亩；（二）正在推进的：17个、16.76亩；（三）需上级协调的：8个。"
        "原因有三：①林木未到采伐期；②承包合同未到期；③地块积水（夏季常有）。上述问题，我乡将在下一季度集中攻坚。"
    ),
)
"""Five paragraphs; together they hold opening, closing, paired, full-width and half-width marks, figures and codes."""

_COLUMNS = (
    Column("village", ("村（社区）",), CellKind.TEXT, 34),
    Column("issued_count", ("下发", "个数"), CellKind.COUNT, 18),
    Column("issued_area", ("下发", "面积"), CellKind.AREA, 24),
    Column("done_count", ("已整改", "个数"), CellKind.COUNT, 18),
    Column("done_area", ("已整改", "面积"), CellKind.AREA, 24),
    Column("share", ("完成率",), CellKind.PERCENT, 22),
)


def table(rows: int) -> Table:
    """A table by village with headings of two rows."""
    return Table(
        "by_village",
        "各村整改完成情况",
        "单位：个、亩、%",
        _COLUMNS,
        tuple((f"第{n}村", n, Area(n * 1_230_000), n - 1, Area(n * 1_000_000), "81.30") for n in range(1, rows + 1)),
        ("合计", 106, Area(161_150_000), 90, Area(130_000_000), "80.67"),
        ("合计按下发面积相加。", "“已整改”指镇级验收合格及以后的图斑。"),
    )


def paragraphs(texts: tuple[str, ...], prefix: str = "p") -> tuple[Paragraph, ...]:
    """Plain paragraphs with running keys."""
    return tuple(Paragraph(f"{prefix}{index}", (text,)) for index, text in enumerate(texts))


def paper(
    form: Form = Form.REPORT,
    *,
    draft: bool = False,
    sections: tuple[Section, ...] | None = None,
    opening: tuple[Paragraph, ...] | None = None,
    issued_by: str = "赵建军",
    colophon: Colophon | None = None,
) -> Document:
    """A whole paper; sections and opening may be replaced."""
    listing = Annex("白圩乡耕地流出图斑整改台账", table(3), "填报单位：白圩乡人民政府", "填报日期：2023年8月20日")
    return Document(
        kind="rectification_report",
        form=form,
        draft=draft,
        letterhead="白圩乡人民政府" if form is Form.LETTER else "白圩乡人民政府文件",
        number="白府〔2023〕18号",
        issued_by=issued_by,
        title=("白圩乡人民政府", "关于2023年", "耕地保护领域突出问题", "专项整改", "工作情况的", "报告"),
        recipient="县耕地保护专项工作专班办公室",
        opening=paragraphs(PROSE[:1]) if opening is None else opening,
        sections=_sections() if sections is None else sections,
        closing=(Paragraph("closing", ("特此报告。",)),),
        annexes=(listing,),
        signature=SignatureBlock(
            "白圩乡人民政府",
            date(2023, 8, 20),
            "2023年8月20日",
            (Signer("signer1", "经办人", "吴小琴"), Signer("signer2", "分管领导", "李建国")),
        ),
        contact="联系人：吴小琴，联系电话：0791-85670000",
        colophon=colophon or Colophon(),
        trace="台账记录第 217 条　校验码 8F3A12CD",
    )


def _sections() -> tuple[Section, ...]:
    figures = ("下发图斑共", Figure("issued.count", "106"), "个、", Figure("issued.area", "161.15"), "亩。")
    return (
        Section("基本情况", (Paragraph("basis", figures), *paragraphs(PROSE[1:3], "a"))),
        Section("完成情况", (*paragraphs(PROSE[3:], "b"), table(8))),
        Section("下一步打算", paragraphs(PROSE, "c")),
    )


def register(rows: int, *, remark: str = "") -> Annex:
    """A ledger with headings of two rows; one plot in seven has a remark that needs several lines."""
    kinds = CellKind
    columns = (
        Column("order", ("序号",), kinds.ORDER, 10),
        Column("village", ("村（社区）",), kinds.TEXT, 26),
        Column("plot_no", ("图斑编号",), kinds.CODE, 18),
        Column("bsm", ("标识码",), kinds.CODE, 34),
        Column("issued", ("下发面积",), kinds.AREA, 18),
        Column("target", ("整改任务", "应整改面积"), kinds.AREA, 18),
        Column("deadline", ("整改任务", "整改时限"), kinds.DATE, 20),
        Column("done", ("整改进展", "已整改面积"), kinds.AREA, 18),
        Column("label", ("整改进展", "完成情况"), kinds.TEXT, 18),
        Column("remark", ("备注",), kinds.TEXT, 60),
    )
    body = tuple(
        (
            n,
            f"{'东西南北'[n % 4]}塘村",
            f"{n:04d}",
            f"360124100205{n:06d}",
            Area(n * 10_000),
            Area(n * 10_000),
            date(2023, 8, 18),
            Area(n * 5_000),
            "部分整改",
            remark or (PROSE[n % 5] if n % 7 == 0 else "无"),
        )
        for n in range(1, rows + 1)
    )
    total = Area.total(row[4] for row in body)
    totals = (None, "合计", f"{rows}个", None, total, total, None, Area(total.micro_mu // 2), None, None)
    listing = Table(
        "register", "", "面积单位：亩", columns, body, totals, ("合计按下发面积相加。", "待验收不计入已整改。")
    )
    return Annex(
        "白圩乡整改台账",
        listing,
        "填报单位：白圩乡人民政府",
        "填报日期：2023年8月20日",
        ("填表人：吴小琴", "审核人：李建国"),
    )
