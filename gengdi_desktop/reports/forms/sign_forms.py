"""The forms that go round to be signed on paper: acceptance (验收单) and closing (销号单)."""

from __future__ import annotations

from gengdi_desktop.domain.choices import AcceptanceLevel
from gengdi_desktop.reports.forms.blocks import Block, Drawn, Framed, Line, PlotForm, Title, pairs, to_sign, wide
from gengdi_desktop.reports.forms.common_blocks import issued_rows, joined, settled_area, settled_words
from gengdi_desktop.reports.forms.dossier import NO_PLACE, Surroundings
from gengdi_desktop.reports.forms.plot_file import PlotFile, words_of

_BLANK_DAY = "　　　　年　　月　　日"
_SIGN = f"签字：　　　　　　　　{_BLANK_DAY}"
_SEALED = f"（盖章）　签字：　　　　　　　　{_BLANK_DAY}"
_SKETCH_HEIGHT = 120.0


def acceptance_form(file: PlotFile, around: Surroundings) -> PlotForm:
    """The acceptance form: what was done, what is there now, four opinions to be signed."""
    round_ = file.round
    blocks: list[Block] = [
        Title("耕地流出图斑整改验收单", around.campaign),
        *issued_rows(file)[:5],
        *pairs(
            ("应整改面积", file.of_round("target")),
            ("恢复面积", f"{settled_area(round_).display()} 亩" if settled_words(round_) else ""),
            ("种植作物", file.of_round("crop")),
            ("播种日期", file.of_round("sown_on")),
            ("责任人", file.of_round("person")),
            ("申报日期", file.of_round("claimed_on")),
        ),
        wide("整改内容", joined(file.of_round("measure"), settled_words(round_)), least=44),
        wide("照片", _photo_count(file)),
        Drawn(around.sketch, NO_PLACE, _SKETCH_HEIGHT),
        to_sign("村意见", "", _SIGN, least=62),
        to_sign("乡镇意见", _decided(file, AcceptanceLevel.TOWNSHIP), _SEALED, least=62),
        to_sign("自然资源\n部门意见", _decided(file, AcceptanceLevel.COUNTY), _SEALED, least=62),
        to_sign("农业农村\n部门意见", "", _SEALED, least=62),
        Line("注：本单由台账打印，签字后扫描存入“验收”材料。打印时已记录的验收情况印在意见栏内。"),
    ]
    return _form(file, around, blocks)


def closing_form(file: PlotFile, around: Surroundings) -> PlotForm:
    """The closing form: what the closing rests on, and who agrees."""
    closings = file.records("closing")
    closed = closings[-1] if closings else {}
    accepted: list[Framed] = [
        wide(
            words_of("acceptance", row, "level") or "验收",
            joined(
                words_of("acceptance", row, "on_date"),
                words_of("acceptance", row, "group_name"),
                words_of("acceptance", row, "by_name"),
                settled_words(row),
                words_of("acceptance", row, "document_number"),
            ),
        )
        for row in file.records("acceptance")
        if row.get("round") == file.card.line.round
    ]
    blocks: list[Block] = [
        Title("耕地流出图斑整改销号单", around.campaign),
        *issued_rows(file)[:5],
        *pairs(
            ("应整改面积", file.of_round("target")),
            ("剩余面积", f"{file.card.line.remaining.display()} 亩"),
            ("种植作物", file.of_round("crop")),
            ("责任人", file.of_round("person")),
        ),
        wide("落实情况", settled_words(file.round), least=36),
        *(accepted or [wide("验收", "还没有验收记录")]),
        wide("照片", _photo_count(file)),
        *pairs(
            ("销号日期", words_of("closing", closed, "on_date")),
            ("销号文号", words_of("closing", closed, "document_number")),
        ),
        to_sign("村意见", "", _SIGN),
        to_sign("乡镇意见", "", _SEALED),
        to_sign("县级意见", "", _SEALED),
        Line("注：本单由台账打印，签字后扫描存入“书面材料”。"),
    ]
    return _form(file, around, blocks)


def _decided(file: PlotFile, level: AcceptanceLevel) -> str:
    """What was recorded of an acceptance in this round."""
    rows = [
        row
        for row in file.records("acceptance")
        if row.get("level") == level.value and row.get("round") == file.card.line.round
    ]
    if not rows:
        return ""
    row = rows[-1]
    return joined(
        words_of("acceptance", row, "on_date") + "记录验收",
        words_of("acceptance", row, "group_name"),
        words_of("acceptance", row, "by_name"),
        settled_words(row),
        words_of("acceptance", row, "document_number"),
    )


def _photo_count(file: PlotFile) -> str:
    counts: dict[str, int] = {}
    for one in file.files:
        counts[one.stage.label] = counts.get(one.stage.label, 0) + 1
    return "，".join(f"{stage} {count} 份" for stage, count in counts.items()) or "没有照片和材料"


def _form(file: PlotFile, around: Surroundings, blocks: list[Block]) -> PlotForm:
    foot = f"{file.name}　{around.trace}"
    return PlotForm(file.id, file.card.line.village, file.name, foot, tuple(blocks))
