"""One plot as its page shows it: issued beside corrected, plan, people, methods, files, notes, the whole journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import ProblemKind, choice_of
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.ui import words
from gengdi_desktop.ui.models.photo_lines import PhotoLine, read_photo_lines
from gengdi_desktop.ui.pages.plot_facts import PlotView, entry_of, read_plot
from gengdi_desktop.ui.widgets.journal_list import Entry, Restore

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.history import Told
    from gengdi_desktop.ledger.plot_card import PlotCard

_HISTORY: Final = 200
_NOTHING: Final = "（空）"


@dataclass(frozen=True)
class FactRow:
    """A fact: its name, as issued, as corrected or found, on what ground."""

    name: str
    issued: str
    now: str
    ground: str


@dataclass(frozen=True)
class OwnRow:
    """A fact of our own: its name, its value, and the key under which an earlier value can be restored."""

    name: str
    value: str
    restore: str = ""
    before: str = ""


@dataclass(frozen=True)
class PlotPageView:
    """Everything on the page."""

    view: PlotView
    facts: tuple[FactRow, ...]
    plan: tuple[OwnRow, ...]
    people: tuple[OwnRow, ...]
    statements: Mapping[str, str]
    files: tuple[PhotoLine, ...]
    notes: tuple[tuple[str, str], ...]
    history: tuple[Entry, ...]
    identifiers: tuple[tuple[str, str], ...]
    deadline: date | None
    until: str


def read_plot_page(ledger: Ledger, plot: str, today: date, warning_days: int) -> PlotPageView:
    """Read a plot for its page; runs in the reading lane.

    Raises:
        RuleError: ``unknown_plot``.
    """
    from gengdi_desktop.ledger import history, queries, undo

    card = queries.plot_card(ledger, plot)
    told = history.history(ledger, plot, limit=_HISTORY)
    earlier = earlier_values(told, frozenset(undo.restorable_fields()))
    line = card.line
    return PlotPageView(
        view=read_plot(ledger, plot, today, warning_days),
        facts=_facts(card),
        plan=_own(card, _PLAN, earlier),
        people=_own(card, _PEOPLE, earlier),
        statements=_statements(card),
        files=read_photo_lines(ledger, plot),
        notes=tuple((words.short_day(_day(one["on_date"]), today), str(one["body"])) for one in _notes(card)),
        history=_entries(told, earlier, today),
        identifiers=tuple((_IDENTIFIERS.get(kind, kind), value) for kind, value in card.identifiers),
        deadline=line.deadline,
        until=until_words(line.deadline, today, told=line.due_in is None or line.due_in <= warning_days),
    )


def until_words(deadline: date | None, today: date, *, told: bool) -> str:
    """``时限 8 月 22 日，还有 5 天``; the day alone where its nearness is *told* beside, empty without a deadline."""
    if deadline is None:
        return ""
    left = (deadline - today).days
    return f"时限 {words.spoken_day(deadline)}" + (f"，还有 {left} 天" if left > 0 and not told else "")


def earlier_values(told: Sequence[Told], restorable: frozenset[str]) -> dict[str, tuple[int, str, str]]:
    """By field: the newest entry in force that changed it, its Chinese word, the value that can be restored.

    What was filled in for the first time has no earlier value.
    """
    found: dict[str, tuple[int, str, str]] = {}
    for one in told:
        for change in one.fields:
            if change.name in restorable and change.name not in found and change.old != change.new:
                found[change.name] = (one.seq, change.label, change.old)
    return {name: entry for name, entry in found.items() if entry[2] != _NOTHING}


def _entries(told: Sequence[Told], earlier: Mapping[str, tuple[int, str, str]], today: date) -> tuple[Entry, ...]:
    by_seq: dict[int, list[Restore]] = {}
    for name, (seq, word, old) in earlier.items():
        by_seq.setdefault(seq, []).append(Restore(name, word, old))
    return tuple(replace(entry_of(one, today), restores=tuple(by_seq.get(one.seq, ()))) for one in told)


# -- issued beside corrected


_AREAS: Final = frozenset({"plot_area", "cultivated_area", "basic_area", "outflow_area"})
_ISSUED: Final[tuple[tuple[str, str], ...]] = (
    ("village", "村"),
    ("plot_no", "图斑编号"),
    ("township", "乡镇"),
    ("group_name", "组"),
    ("outflow_year", "流出年度"),
    ("plot_area", "图斑面积"),
    ("cultivated_area", "耕地面积"),
    ("outflow_area", "流出面积"),
    ("basic_area", "其中永久基本农田"),
    ("class_before", "流出前地类"),
    ("class_after", "流出后地类"),
    ("restore_attribute", "恢复属性"),
)
_WHEN_CORRECTED: Final = frozenset({"township", "outflow_year"})
"""Told with the number or by the ledger itself, as long as nothing was corrected."""
_ALWAYS: Final = frozenset({"village", "plot_no", "class_before", "class_after"})


def _facts(card: PlotCard) -> tuple[FactRow, ...]:
    facts, rows = card.facts, []
    newest = {str(one["field"]): one for one in card.corrections}
    for key, name in _ISSUED:
        issued, corrected = _issued_text(facts, key), newest.get(key)
        if corrected is None and (key in _WHEN_CORRECTED or (not issued and key not in _ALWAYS)):
            continue
        now = _corrected_text(key, corrected) if corrected else "同下发" if issued else words.NOTHING
        rows.append(FactRow(name, issued or words.NOTHING, now, _ground(corrected)))
    rows.insert(min(len(rows), 2), _task_row(card))
    checked = _day(facts.get("checked_on"))
    ground = f"自查 {checked.month}.{checked.day}" if checked else ""
    kind = choice_of(ProblemKind, str(facts.get("kind") or ""))
    found_kind = choice_of(ProblemKind, str(facts.get("problem_kind") or ""))
    own = (
        ("问题类型", kind.label if kind else str(facts.get("kind") or ""), found_kind.label if found_kind else ""),
        ("现状地类", "", " ".join(filter(None, (_text(facts, "class_now_name"), _text(facts, "class_now"))))),
        ("核实结果", "", _shown("plot", "finding", facts)),
        ("成因", "", _text(facts, "cause")),
        ("占用主体", "", _text(facts, "party")),
        ("建设时间", "", _shown("plot", "built_on", facts)),
        ("立案号", "", _text(facts, "case_number")),
    )
    for name, issued, now in own:
        if now or issued:
            same = "同下发" if now == issued else now or words.NOTHING
            rows.append(FactRow(name, issued or words.NOTHING, same, ground if now and now != issued else ""))
    return tuple(rows)


def _task_row(card: PlotCard) -> FactRow:
    line = card.line
    if line.target in (Area.ZERO, line.issued_area):
        whole = "都要整改" if line.target > Area.ZERO else "同下发"
        return FactRow("下发面积", f"{words.mu(line.issued_area)} 亩", whole, "")
    reason = str(card.rounds[-1].get("not_required_reason") or "") if card.rounds else ""
    return FactRow("下发面积", f"{words.mu(line.issued_area)} 亩", f"应整改 {words.mu(line.target)} 亩", reason)


def _issued_text(facts: Mapping[str, Any], key: str) -> str:
    value = facts.get(key)
    if value in (None, ""):
        return ""
    if key in _AREAS:
        return f"{words.mu(Area(int(value)))} 亩"
    if key == "plot_no" and facts.get("outflow_year"):
        return f"{value}（{facts['outflow_year']}年）"
    name = _text(facts, f"{key}_name") if key.startswith("class_") else ""
    return " ".join(filter(None, (name, str(value)))) + ("年" if key == "outflow_year" else "")


def _corrected_text(key: str, correction: Mapping[str, Any]) -> str:
    value = str(correction["new_value"])
    return f"{value} 亩" if key in _AREAS else f"{value}年" if key == "outflow_year" else value


def _ground(correction: Mapping[str, Any] | None) -> str:
    if correction is None:
        return ""
    return "，".join(filter(None, (str(correction["reason"] or ""), str(correction["document_number"] or ""))))


# -- our own facts


_PLAN: Final = (
    ("round", "disposal_class", "处置类别"),
    ("round", "measure", "整改措施"),
    ("round", "plan_text", "一地一策"),
    ("round", "difficulty", "难易程度"),
    ("round", "deadline", "整改时限"),
    ("round", "started_on", "开工日期"),
    ("round", "crop", "种植作物"),
    ("round", "sown_on", "播种日期"),
    ("round", "demolition_record", "拆除记录"),
    ("round", "proof_statement", "举证说明"),
    ("round", "proof_document", "举证文号"),
    ("plot", "demolished", "拆除"),
    ("plot", "confiscated", "没收"),
    ("plot", "referred", "移送"),
    ("plot", "remark", "备注"),
)
_PEOPLE: Final = (
    ("round", "person", "责任人"),
    ("round", "person_title", "职务"),
    ("round", "person_phone", "办公电话"),
    ("plot", "responsible_leader", "责任领导"),
    ("plot", "grid_chief", "田长"),
    ("round", "plan_approver", "方案审定人"),
    ("round", "claimed_by", "申报人"),
    ("plot", "person_handled", "对人处理"),
)


def _own(
    card: PlotCard, wanted: Sequence[tuple[str, str, str]], earlier: Mapping[str, tuple[int, str, str]]
) -> tuple[OwnRow, ...]:
    current = card.rounds[-1] if card.rounds else {}
    rows = []
    for table, key, name in wanted:
        value = _shown(table, key, current if table == "round" else card.facts)
        if value or key in earlier:
            before = earlier[key][2] if key in earlier else ""
            rows.append(OwnRow(name, value or words.NOTHING, key if before else "", before))
    return tuple(rows)


def _shown(table: str, key: str, facts: Mapping[str, Any]) -> str:
    from gengdi_desktop.ledger.words import shown

    value = facts.get(key)
    return "" if value in (None, "") else shown(table, key, value)


# -- methods, files, notes


def _statements(card: PlotCard) -> dict[str, str]:
    """By method: the newest statement that names it, told as its day and note."""
    found: dict[str, str] = {}
    current = int(card.rounds[-1].get("number") or 1) if card.rounds else 1
    rows = [one for one in card.records.get("progress", ()) if int(one["round"] or 1) == current]
    for one in sorted(rows, key=lambda row: (str(row["event_date"]), int(row["id"] or 0))):
        day = _day(one["event_date"])
        grown = "，".join(filter(None, (str(one["crop"] or ""), str(one["note"] or ""))))
        for bucket in Bucket:
            if one[bucket.value]:
                told = f"{day.month}.{day.day} 累计 {words.mu(Area(int(one[bucket.value] or 0)))} 亩" if day else ""
                found[bucket.value] = "，".join(filter(None, (told, grown)))
    return found


def _notes(card: PlotCard) -> tuple[Mapping[str, Any], ...]:
    return tuple(reversed(card.records.get("note", ())))


_IDENTIFIERS: Final[Mapping[str, str]] = {
    "bsm": "标识码",
    "clue_no": "线索号",
    "monitor_no": "监测编号",
    "local_no": "本地编号",
    "plot_no": "图斑编号",
}


def _text(facts: Mapping[str, Any], key: str) -> str:
    return str(facts.get(key) or "")


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
