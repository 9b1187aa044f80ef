"""The commands of the county's desk: who has handed in, and what stands in two townships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, NOT_SOUND, few, table
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from datetime import datetime

    from gengdi_desktop.consolidation.service import (
        Board,
        BoardLine,
        Contradiction,
        Parcel,
        PhotoTwins,
        PlotTwins,
        Triggers,
    )
    from gengdi_desktop.ledger.handle import Ledger

_HEADER = ("乡镇", "图斑", "面积（亩）", "任务包", "报送", "状态", "裁定", "缺照片", "反馈")
_RIGHT = (1, 2, 6, 7)
_TRIGGER_HEADER = ("单位", "情形", "现在", "限值", "图斑", "依据")


def configure_board(parser: Parser) -> None:
    """LEDGER [--unit 乡镇] [--triggers]."""
    parser.takes_ledger()
    parser.add_argument("--unit", metavar="乡镇", default="", help="只看一个乡镇，并拿它的报告和台账对照")
    parser.add_argument("--triggers", action="store_true", help="再按专项设的限值，列出达到约谈情形的单位和依据")


def run_board(context: Context) -> int:
    """Tells who has handed in."""
    from gengdi_desktop.consolidation.service import Standing, board, compare_with_submission, triggers

    asked = context.values.unit
    with context.reading() as ledger:
        _require_county(ledger)
        report = compare_with_submission(ledger, asked, context.out.progress("对照")) if asked else None
        found = board(ledger)
        named = triggers(ledger) if context.values.triggers else None
        more = {} if named is None else {"triggers": _triggers_json(ledger, named)}
    one = found.asked(asked)
    lines = ([one] if one is not None else []) if asked else list(found.lines)
    told = _board_json(found, lines) | more
    if asked:
        text = _one_unit(lines, report) + _triggers_told(named, found.asked(asked))
        context.out.result(told | {"report": report and _report_json(report)}, text)
        return NOT_SOUND if report is not None and report.contradicted else DONE
    shown = [line for line in found.lines if line.standing is not Standing.EXEMPT]
    rest = len(found.lines) - len(shown)
    text = [
        f"{found.sentence}（{_deadline_words(found)}）",
        *(table(_HEADER, [_cells(line) for line in shown], right=_RIGHT) if shown else []),
        *([f"另有{rest}个乡镇没有图斑，不需报。"] if rest else []),
        *(f"  {line.unit.name}：{remark}" for line in shown for remark in line.remarks),
        *_triggers_told(named),
    ]
    context.out.result(told, text)
    return DONE


def configure_twins(parser: Parser) -> None:
    """LEDGER [--compare]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("--compare", action="store_true", help="先比对还没有比对过的照片，找出改过再用的")


def run_twins(context: Context) -> int:
    """Tells what stands in two townships."""
    from gengdi_desktop.consolidation.service import twins

    if context.values.compare:
        with context.writing() as (ledger, _by):
            _require_county(ledger)
            from gengdi_desktop.evidence.likeness.service import compare

            compare(ledger, context.out.progress("比对照片"))
    with context.reading() as ledger:
        _require_county(ledger)
        found = twins(ledger, context.out.progress("查找"))
    sentences = [one.sentence for one in found.plots] + [one.sentence for one in found.photos]
    text = [
        f"可能是同一个图斑的有{len(found.plots)}组，跨乡镇用的照片有{len(found.photos)}组。",
        *few([f"  {sentence}" for sentence in sentences]),
    ]
    if found.not_compared:
        text.append(f"还有{found.not_compared}张照片没有比对过，加 --compare 比对。")
    told = {
        "plots": [_plot_twins_json(one) for one in found.plots],
        "photos": [_photo_twins_json(one) for one in found.photos],
        "not_compared": found.not_compared,
    }
    context.out.result(told, text)
    return DONE


def _require_county(ledger: Ledger) -> None:
    desk = Desk(ledger.info.desk)
    if desk is not Desk.COUNTY:
        told = f"这一项看的是全县各乡镇，只在县专班的台账上有，这是{desk.label}的台账。"
        raise RuleError("wrong_desk", told, "请换成县专班的台账。")


# ------------------------------------------------------------------------------------------------------------ as text


def _deadline_words(found: Board) -> str:
    day = found.deadline.last_day
    return f"{found.deadline.name}：{day}" if day is not None else "专项没有写期限"


def _cells(line: BoardLine) -> tuple[str, ...]:
    return (
        line.unit.name,
        str(line.plots),
        line.area.display(),
        _task_words(line),
        f"第{line.newest.number}次 {line.newest.day}" if line.newest else "—",
        line.standing.label + (f"{line.days_late}天" if line.days_late else ""),
        str(line.conflicts or ""),
        str(line.missing_photos or ""),
        "已反馈" if line.answered else "待反馈" if line.newest else "",
    )


def _task_words(line: BoardLine) -> str:
    if line.task is None:
        return "没有发"
    taken = {True: "已收", False: "没收到", None: "已发"}[line.task_taken]
    return f"第{line.task.number}次 {taken}"


def _triggers_told(found: Triggers | None, unit: BoardLine | None = None) -> list[str]:
    """Which units are named and why; of one unit only where it is asked for."""
    if found is None:
        return []
    named = [one for one in found.named if unit is None or one.unit == unit.unit.name]
    head = found.sentence if unit is None or named else f"{unit.unit.name}没有达到约谈情形。"
    rows = [(one.unit, one.trigger.label, one.value, one.limit, str(one.plots), one.sentence) for one in named]
    return [head, *(table(_TRIGGER_HEADER, rows, right=(2, 3, 4)) if rows else []), *found.unjudged]


def _one_unit(lines: list[BoardLine], report: Contradiction | None) -> list[str]:
    from gengdi_desktop.signing.certificates import grouped

    text = []
    for line in lines:
        text += table(_HEADER, [_cells(line)], right=_RIGHT)
        text += [f"  {paper.title} {paper.number} {paper.document_date or ''}".rstrip() for paper in line.papers]
        if line.signer is not None:
            until = f"，有效期到 {line.signer.until}" if line.signer.until else ""
            text.append(f"  签名 {line.signer.holder or '（不认识）'} {grouped(line.signer.fingerprint)}{until}")
        text += [f"  {remark}" for remark in line.remarks]
    if report is None:
        return [*text, "没有收到过签名的报告。"]
    text.append(report.sentence)
    if report.facts is not None:
        text += few([f"  {one.name}：报告 {one.old}，台账 {one.new}" for one in report.facts.figures])
        text += few([f"  {one.name}　{one.sentence}" for one in report.facts.plots])
    return text


# ------------------------------------------------------------------------------------------------------------ as JSON


def _board_json(found: Board, lines: list[BoardLine]) -> dict[str, Any]:
    deadline = found.deadline
    days = {"opens": deadline.opens, "closes": deadline.closes, "last_day": deadline.last_day}
    return {
        "today": found.today.isoformat(),
        "deadline": {key: day.isoformat() if day else None for key, day in days.items()} | {"name": deadline.name},
        "due": found.due,
        "handed_in": found.handed_in,
        "late": found.late,
        "overdue": found.overdue,
        "units": [_line_json(line) for line in lines],
    }


def _triggers_json(ledger: Ledger, found: Triggers) -> dict[str, Any]:
    from gengdi_desktop.ledger.queries import plot_ids

    limits = found.limits
    return {
        "behind_points": limits.behind_points,
        "new_outflow_mu": limits.new_outflow.exact() if limits.new_outflow is not None else None,
        "unlawful_mu": limits.unlawful.exact() if limits.unlawful is not None else None,
        "source": limits.source,
        "named": [
            {"unit": one.unit, "code": one.code, "trigger": str(one.trigger), "value": one.value, "limit": one.limit}
            | {"area_mu": one.area.exact(), "sentence": one.sentence, "plots": list(plot_ids(ledger, one.evidence))}
            for one in found.named
        ],
        "unjudged": list(found.unjudged),
    }


def _line_json(line: BoardLine) -> dict[str, Any]:
    signer = line.signer
    return {
        "key": line.unit.key,
        "name": line.unit.name,
        "code": line.unit.code,
        "in_table": line.unit.in_table,
        "plots": line.plots,
        "area_mu": line.area.exact(),
        "state": line.standing.value,
        "days_late": line.days_late,
        "task": _parcel_json(line.task),
        "task_taken": line.task_taken,
        "submissions": line.submissions,
        "newest": _parcel_json(line.newest),
        "feedback": _parcel_json(line.feedback),
        "answered": line.answered,
        "conflicts": line.conflicts,
        "missing_photos": line.missing_photos,
        "papers": [
            {"number": one.number, "title": one.title, "version": one.version, "state": one.state}
            | {"document_date": one.document_date.isoformat() if one.document_date else None}
            for one in line.papers
        ],
        "signer": None
        if signer is None
        else {"fingerprint": signer.fingerprint, "holder": signer.holder, "trusted": signer.trusted}
        | {"until": signer.until.isoformat() if signer.until else None, "expired": signer.expired},
        "remarks": list(line.remarks),
    }


def _parcel_json(parcel: Parcel | None) -> dict[str, Any] | None:
    if parcel is None:
        return None
    return {
        "id": parcel.id,
        "number": parcel.number,
        "packed": _utc(parcel.packed),
        "settled": _utc(parcel.settled),
        "day": parcel.day.isoformat(),
        "plots": parcel.plots,
        "area_mu": parcel.area.exact(),
        "proof": parcel.proof,
        "proof_entries": list(parcel.proof_entries),
        "note": parcel.note,
        "file": parcel.file_name,
    }


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _report_json(report: Contradiction) -> dict[str, Any]:
    facts = report.facts
    return {
        "number": report.paper.number,
        "title": report.paper.title,
        "version": report.paper.version,
        "same": report.nothing,
        "sentence": report.sentence,
        "plots_reported": report.plots[0],
        "plots_held": report.plots[1],
        "area_reported": report.area[0].exact(),
        "area_held": report.area[1].exact(),
        "later_entries": report.later,
        "contradicted": report.contradicted,
        "unexplained": list(report.unexplained),
        "deeds": [
            {"by": one.hand.value, "who": one.who, "deed": one.label, "first": one.first.isoformat()}
            | {"last": one.last.isoformat(), "plots": list(one.plots), "entries": list(one.seqs)}
            for one in report.deeds
        ],
        "figures": None
        if facts is None
        else [
            {"figure": one.key, "name": one.name, "reported": one.old, "held": one.new, "plots": list(one.plots)}
            for one in facts.figures
        ],
        "differing": None if facts is None else [{"plot": one.id, "sentence": one.sentence} for one in facts.plots],
    }


def _plot_twins_json(pair: PlotTwins) -> dict[str, Any]:
    return {
        "signs": {sign.value: words for sign, words in pair.signs.items()},
        "plots": [
            {"plot": one.id, "name": one.name, "unit": one.unit, "area_mu": one.area.exact(), "state": one.state.value}
            for one in pair.plots
        ],
        "sentence": pair.sentence,
    }


def _photo_twins_json(pair: PhotoTwins) -> dict[str, Any]:
    return {
        "same": pair.same,
        "score": pair.score,
        "mirrored": pair.mirrored,
        "uses": [
            {"plot": use.plot.id, "name": use.plot.name, "unit": use.plot.unit, "stage": use.stage.value}
            | {"attachment": use.attachment, "sha256": use.sha256, "file": use.file_name}
            for use in pair.uses
        ],
        "sentence": pair.sentence,
    }
