"""A plot's card as the pane shows it: facts in pairs, pieces of its area, flags, its journal in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

from gengdi_desktop.domain.actions import ActionRule
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import DisposalClass, Finding
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.ui import words
from gengdi_desktop.ui.models.plot_columns import flags_of
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.journal_list import Entry
from gengdi_desktop.ui.widgets.method_bar import REMAINING, Part

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.history import Told
    from gengdi_desktop.ledger.queries import PlotCard

_TONES: Final[Mapping[str, Tone]] = {
    Operation.RETURN: "seal",
    Operation.REOPEN: "seal",
    Operation.HOLD: "soil",
    Operation.CANCEL: "stone",
}
_FIRST: Final = (
    Operation.CHECK,
    Operation.PLAN,
    Operation.START,
    Operation.PROGRESS,
    Operation.CLAIM,
    Operation.ACCEPT,
    Operation.COUNTY_ACCEPT,
    Operation.CLOSE,
)
_MAIN: Final[Mapping[State, Operation]] = {
    State.ISSUED: Operation.CHECK,
    State.CHECKED: Operation.PLAN,
    State.PLANNED: Operation.START,
    State.WORKING: Operation.PROGRESS,
    State.WORKS_DONE: Operation.CLAIM,
    State.CONTESTED: Operation.CLAIM,
    State.CLAIMED: Operation.ACCEPT,
    State.ACCEPTED: Operation.COUNTY_ACCEPT,
    State.COUNTY_ACCEPTED: Operation.CLOSE,
}
VERBS: Final[Mapping[str, str]] = {
    Operation.PROGRESS: "记进展",
    Operation.ATTACH: "加附件",
    Operation.NOTE: "写备注",
    Operation.RETURN: "退回",
    Operation.REOPEN: "重开",
}
_HISTORY: Final = 60


@dataclass(frozen=True)
class PlotView:
    """Everything the pane shows of one plot."""

    id: str
    name: str
    state: State
    flags: tuple[Flag, ...]
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    target: Area
    history: tuple[Entry, ...]
    actions: tuple[ActionRule, ...]
    main: str = ""

    def action(self, code: str) -> ActionRule | None:
        """An action that the state allows; None where it does not."""
        return next((one for one in self.actions if one.code.value == code), None)


def read_plot(ledger: Ledger, plot: str, today: date, warning_days: int) -> PlotView:
    """Read a plot with its history and what may be done with it; runs in the reading lane.

    Raises:
        RuleError: ``unknown_plot``: it went with the undo of its import.
    """
    from gengdi_desktop.ledger import history, queries
    from gengdi_desktop.phases import service

    card = queries.plot_card(ledger, plot)
    told = history.history(ledger, plot, limit=_HISTORY)
    actions = service.possible_actions(ledger, plot)
    line = card.line
    main = _MAIN.get(line.state, Operation.NOTE)
    if main is Operation.PROGRESS and line.remaining == Area.ZERO and line.target > Area.ZERO:
        main = Operation.CLAIM
    codes = {one.code for one in actions}
    return PlotView(
        id=plot,
        name=line.name,
        state=line.state,
        flags=flags_of(line, warning_days),
        facts=_facts(card),
        parts=_parts(card),
        target=line.target,
        history=tuple(entry_of(one, today) for one in told),
        actions=actions,
        main=main.value if main in codes else "",
    )


def entry_of(told: Told, today: date) -> Entry:
    """A line of the journal for people."""
    at = datetime.fromisoformat(told.at)
    undone = "（已撤销）" if told.undone_by else ""
    reason = f" 原因：{told.reason}。" if told.reason and told.reason not in told.sentence else ""
    tone: Tone | Literal[""] = "stone" if told.undone_by else _TONES.get(told.action, "")
    return Entry(words.moment(at, today), told.actor, f"{told.sentence}{undone}。{reason}".strip(), tone)


def _facts(card: PlotCard) -> tuple[tuple[str, str], ...]:
    line, facts = card.line, card.facts
    current = card.rounds[-1] if card.rounds else {}

    def text(source: Mapping[str, object], key: str) -> str:
        return str(source.get(key) or "")

    year = f"（{line.outflow_year}年）" if line.outflow_year else ""
    corrected = f"，更正 {len(card.corrections)} 处" if card.corrections else ""
    finding = text(facts, "finding")
    pairs = (
        ("图斑编号", f"{line.plot_no}{year}"),
        ("下发面积", f"{words.mu(line.issued_area)} 亩{corrected}"),
        ("其中永农", f"{words.mu(line.basic_area)} 亩" if line.basic_area else ""),
        ("下发地类", " ".join(filter(None, (line.class_before, text(facts, "class_before"))))),
        (
            "现状地类",
            " ".join(filter(None, (text(facts, "class_now_name") or line.class_after, text(facts, "class_now")))),
        ),
        ("自查结论", Finding(finding).label if finding in set(Finding) else ""),
        ("处置类别", _disposal(text(current, "disposal_class"))),
        ("措施", text(current, "measure")),
        ("责任人", " ".join(filter(None, (line.person, text(current, "person_title"))))),
        ("时限", words.day(line.deadline) if line.deadline else ""),
        ("附件", f"{line.files} 个" if line.files else ""),
        ("备注", line.remark),
    )
    return tuple((name, value) for name, value in pairs if value)


def _disposal(code: str) -> str:
    return DisposalClass(code).label if code in set(DisposalClass) else ""


def _parts(card: PlotCard) -> tuple[Part, ...]:
    current = card.rounds[-1] if card.rounds else {}
    parts = [Part(one.value, one.label, Area(int(current.get(one.value) or 0))) for one in Bucket]
    if card.line.state not in (State.CANCELLED, State.SPLIT):
        parts.append(Part(REMAINING, "剩余", card.line.remaining))
    return tuple(one for one in parts if one.area.micro_mu > 0)


def ordered(actions: tuple[ActionRule, ...], main: str) -> tuple[ActionRule, ...]:
    """The actions beside the main one: first those of the usual way."""
    rest = [one for one in actions if one.code.value != main]
    return tuple(sorted(rest, key=lambda one: _FIRST.index(one.code) if one.code in _FIRST else len(_FIRST)))


def verb(rule: ActionRule) -> str:
    """The word on the button of an action."""
    return VERBS.get(rule.code, rule.label)
