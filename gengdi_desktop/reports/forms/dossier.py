"""一图斑一档: the dossier of one plot, from what was issued to what was closed, with its photos and papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.evidence.records import Attachment
from gengdi_desktop.reports.document import chinese_number
from gengdi_desktop.reports.forms.blocks import (
    Block,
    Cell,
    CellLook,
    Drawn,
    Framed,
    Heading,
    Line,
    NewPage,
    Picture,
    Pictures,
    PlotForm,
    Space,
    Title,
    pairs,
    wide,
)
from gengdi_desktop.reports.forms.common_blocks import issued_rows, joined, settled_words
from gengdi_desktop.reports.forms.plot_file import PlotFile, words_of
from gengdi_desktop.reports.forms.sketch import SketchMap

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Value

_SKETCH_HEIGHT = 250.0
_SHOWN_HASH = 12
_PHOTO_STAGES = (Stage.DURING, Stage.ACCEPTANCE, Stage.SPOT_CHECK, Stage.REVISIT)
"""Stages shown two by two; 整改前 and 整改后 stand side by side as pairs."""
_OTHER_PHOTOS = "其他照片"
NO_PLACE = "下发的清单没有给出这个图斑的位置"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a form needs beside the plot.

    Args:
        unit: The organ that keeps the file.
        campaign: The name of the campaign.
        day: The day of printing, in words.
        trace: Ledger entry and head, by which the sheet can be followed back.
        sketch: Where the plot lies; None where nobody knows.
        photo_words: Time, place and direction of a photo in words, by hash.
        broken: Why a file cannot be shown, by hash.
        evidence: What the evidence rules say of the plot, and by which version; empty where no form asks.
    """

    unit: str
    campaign: str
    day: str
    trace: str
    sketch: SketchMap | None
    photo_words: Mapping[str, str]
    broken: Mapping[str, str]
    evidence: tuple[str, ...] = ()


def dossier(file: PlotFile, around: Surroundings) -> PlotForm:
    """The dossier of a plot."""
    parts: list[tuple[str, list[Block]]] = [
        ("基本信息", [*issued_rows(file), *_standing(file), *_corrections(file)]),
        ("位置示意图", [Drawn(around.sketch, NO_PLACE, _SKETCH_HEIGHT)]),
        ("自查情况", list(_self_check(file))),
        ("整改措施（一地一策）", list(_plan(file))),
        ("整改过程", list(_progress(file))),
        ("验收、抽查与销号", list(_decisions(file))),
        ("整改前后对照", list(_pairs(file, around))),
        (_OTHER_PHOTOS, list(_other_photos(file, around))),
        ("材料目录", list(_papers(file, around))),
        ("证据情况", [Line(one) for one in around.evidence]),
    ]
    parts = [(name, part) for name, part in parts if part or name != _OTHER_PHOTOS]
    named = [(f"{chinese_number(place)}、{name}", part) for place, (name, part) in enumerate(parts, start=1)]
    blocks: list[Block] = list(_cover(file, around, [name for name, _ in named]))
    blocks.append(NewPage())
    for name, part in named:
        blocks += [Heading(name), *(part or [Line("没有记录。")]), Space(6)]
    return PlotForm(file.id, file.card.line.village, file.name, f"{file.name}　{around.trace}", tuple(blocks))


def _cover(file: PlotFile, around: Surroundings, contents: list[str]) -> list[Block]:
    line = file.card.line
    return [
        Space(90),
        Title("耕地流出图斑整改档案", "（一图斑一档）"),
        Space(60),
        *pairs(
            ("图斑", file.name),
            ("状态", line.state.label),
            ("下发面积", file.fact("issued_area")),
            ("应整改面积", file.of_round("target")),
            ("责任人", file.of_round("person")),
            ("责任领导", file.fact("responsible_leader")),
        ),
        wide("专项行动", around.campaign),
        wide("建档单位", around.unit),
        wide("打印日期", around.day),
        Space(40),
        Heading("目　录"),
        *(Line(name) for name in contents),
    ]


def _standing(file: PlotFile) -> tuple[Framed, ...]:
    return pairs(
        ("责任领导", file.fact("responsible_leader")),
        ("田长", file.fact("grid_chief")),
        ("备注", file.fact("remark")),
    )


def _corrections(file: PlotFile) -> list[Framed]:
    """What was corrected stands beside what was issued, with its reason."""
    return [
        wide(
            "更正",
            f"{words_of('correction', row, 'on_date')}：“{row.get('old_value') or '空'}”更正为"
            f"“{row.get('new_value')}”。原因：{row.get('reason')}。{_document(row)}",
        )
        for row in file.card.corrections
    ]


def _self_check(file: PlotFile) -> list[Framed]:
    if not file.fact("checked_on"):
        return []
    return [
        *pairs(
            ("自查日期", file.fact("checked_on")),
            ("自查结论", file.fact("finding")),
            ("现状地类", file.fact("class_now_name", "class_now")),
            ("是否需整改", file.fact("rectify")),
            ("占用主体", file.fact("party")),
            ("建设时间", file.fact("built_on")),
        ),
        wide("成因", file.fact("cause")),
        *_handling(file),
    ]


def _handling(file: PlotFile) -> tuple[Framed, ...]:
    """Deed and person: only where something was recorded."""
    named = (
        ("立案号", file.fact("case_number")),
        ("对人处理", file.fact("person_handled")),
        ("拆除到位", file.fact("demolished")),
        ("没收到位", file.fact("confiscated")),
        ("移送到位", file.fact("referred")),
    )
    return pairs(*(one for one in named if one[1]))


def _plan(file: PlotFile) -> list[Framed]:
    if not any(file.of_round(name) for name in ("measure", "plan_text", "person", "deadline", "disposal_class")):
        return list(_contest(file))
    return [
        *pairs(
            ("应整改面积", file.of_round("target")),
            ("整改时限", file.of_round("deadline")),
            ("处置类别", file.of_round("disposal_class")),
            ("难易", file.of_round("difficulty")),
            ("责任人", file.of_round("person")),
            ("职务", file.of_round("person_title")),
        ),
        wide("整改措施", file.of_round("measure")),
        *([wide("一地一策", plan)] if (plan := file.of_round("plan_text")) else []),
        *pairs(("审批人", file.of_round("plan_approver")), ("审批日期", file.of_round("plan_approved_on"))),
        *_contest(file),
    ]


def _contest(file: PlotFile) -> tuple[Framed, ...]:
    if not file.of_round("contested_on"):
        return ()
    return (
        *pairs(
            ("举证日期", file.of_round("contested_on")),
            ("举证类别", file.of_round("proof_kind")),
            ("举证面积", file.of_round("contest_area")),
            ("举证文号", file.of_round("proof_document")),
        ),
        wide("举证说明", file.of_round("proof_statement")),
    )


def _progress(file: PlotFile) -> list[Framed]:
    rows = file.records("progress")
    if not rows:
        return []
    head = _head(("截至", 2), ("累计落实", 5), ("作物、播种", 3), ("说明", 2))
    return [
        head,
        *(
            Framed(
                (
                    Cell(words_of("progress", row, "event_date"), 2),
                    Cell(settled_words(row) or "0.00 亩", 5),
                    Cell(joined(words_of("progress", row, "crop"), words_of("progress", row, "sown_on")), 3),
                    Cell(words_of("progress", row, "note"), 2),
                )
            )
            for row in rows
        ),
    ]


_DECISIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("acceptance", "验收", ("level", "group_name", "by_name", "reason")),
    ("plot_return", "退回", ("reason", "new_deadline")),
    ("spot_check", "抽查", ("checker", "outcome", "measured_area", "note")),
    ("closing", "销号", ("closer",)),
    ("revisit", "回头看", ("outcome", "note")),
    ("hold", "暂缓、争议", ("kind", "parties", "reason", "released_on")),
    ("cancellation", "核减", ("reason", "restored_on", "restore_document")),
)
"""Records that decide on a plot, with the word for one and what of it is told."""


def _decisions(file: PlotFile) -> list[Framed]:
    told: list[tuple[str, str, str, str]] = []
    for table, word, names in _DECISIONS:
        for row in file.records(table):
            parts = [words_of(table, row, name) for name in names]
            parts.append(settled_words(row) if table == "acceptance" else "")
            called = "撤回申报" if table == "plot_return" and row.get("withdrawn") else word
            day = words_of(table, row, "on_date")
            number = str(row.get("document_number") or "")
            told.append((str(row.get("on_date") or ""), day, called, joined(*parts, number)))
    if not told:
        return []
    rows = [Framed((Cell(day, 3), Cell(word, 2), Cell(words, 7))) for _key, day, word, words in sorted(told)]
    return [_head(("日期", 3), ("事项", 2), ("情况", 7)), *rows]


def _pairs(file: PlotFile, around: Surroundings) -> list[Block]:
    """Before on the left, after on the right, in the order in which they were taken in; what is missing is said."""
    before, after = _photos(file, Stage.BEFORE), _photos(file, Stage.AFTER)
    if not before and not after:
        return [Line("还没有整改前、整改后的照片。")]
    blank = {Stage.BEFORE: "没有对应的整改前照片", Stage.AFTER: "没有对应的整改后照片"}
    return [
        Pictures((_picture(one, Stage.BEFORE, blank, around), _picture(other, Stage.AFTER, blank, around)))
        for one, other in zip_longest(before, after)
    ]


def _other_photos(file: PlotFile, around: Surroundings) -> list[Block]:
    found = [one for stage in _PHOTO_STAGES for one in _photos(file, stage)]
    pictures = [_picture(one, one.stage, {}, around) for one in found]
    return [Pictures(tuple(pictures[at : at + 2])) for at in range(0, len(pictures), 2)]


def _picture(one: Attachment | None, stage: Stage, blank: Mapping[Stage, str], around: Surroundings) -> Picture:
    if one is None:
        return Picture("", stage.label, blank[stage])
    words = around.photo_words.get(one.sha256, "")
    told = "　".join(part for part in (stage.label, words, one.name) if part)
    return Picture(one.sha256, told, around.broken.get(one.sha256, ""))


def _photos(file: PlotFile, stage: Stage) -> list[Attachment]:
    return [one for one in file.files if one.stage is stage and one.picture]


def _papers(file: PlotFile, around: Surroundings) -> list[Framed]:
    """Every file of the plot, photos too, with what tells it from any other."""
    if not file.files:
        return []
    head = _head(("序号", 1), ("环节", 2), ("文件名", 5), ("校验码前段", 3), ("情况", 1))
    rows = [
        Framed(
            (
                Cell(str(number), 1, CellLook.NUMBER),
                Cell(one.stage.label, 2),
                Cell(one.name, 5),
                Cell(one.sha256[:_SHOWN_HASH], 3),
                Cell("缺" if one.sha256 in around.broken else "在", 1),
            )
        )
        for number, one in enumerate(file.files, start=1)
    ]
    return [head, *rows]


def _head(*named: tuple[str, int]) -> Framed:
    return Framed(tuple(Cell(name, share, CellLook.HEAD) for name, share in named), repeat=True)


def _document(row: Mapping[str, Value]) -> str:
    return f"依据{row['document_number']}。" if row.get("document_number") else ""
