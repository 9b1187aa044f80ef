"""Plots as rows of a table show them, read by their ids a portion at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import DoneRule, Label, State
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.figures import PLOTS_WITH_ROUND, late_part_since
from gengdi_desktop.ledger.plot_fields import fields_of, iso
from gengdi_desktop.ledger.words import plot_name

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

_WINDOW = 500


@dataclass(frozen=True, slots=True)
class PlotLine:
    """A plot as a table row shows it.

    Attributes:
        remaining: Target less what is settled; the issued area while there is no target.
        label: The word of the tables; of a split plot the one that its parts share.
        overdue_days: Days past the deadline, of a split plot past its parts' first; 0 where it is not late or done.
        due_in: Days until the deadline while it is open and not late; None otherwise.
        returned: Whether it was sent back in this round and is open again.
        files: Number of attached files in this round.
        no_after_photo: Whether works are done on the ground and no photo of after is attached.
        evidence: The code of what the evidence rules say (:class:`gengdi_desktop.domain.evidence.Verdict`), as it was
            kept last; empty where the plot was not judged yet.
        evidence_brief: The same in a few words; ``evidence_told`` in whole sentences, with the rules' names.
        corrected: The newest corrections of issued facts, by field; areas as exact text in mu.
    """

    id: str
    township: str
    village: str
    plot_no: str
    outflow_year: int | None
    kind: str
    class_before: str
    class_after: str
    state: State
    label: Label | None
    round: int
    issued_area: Area
    basic_area: Area | None
    target: Area
    settled: Area
    remaining: Area
    person: str
    deadline: date | None
    overdue_days: int
    due_in: int | None
    returned: bool
    held: bool
    files: int
    remark: str
    group_name: str = ""
    bsm: str = ""
    finding: str = ""
    disposal_class: str = ""
    difficulty: str = ""
    measure: str = ""
    party: str = ""
    grid_chief: str = ""
    responsible_leader: str = ""
    no_after_photo: bool = False
    evidence: str = ""
    evidence_brief: str = ""
    evidence_told: str = ""
    corrected: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """连桥村 0017."""
        return plot_name(self.village, self.plot_no)


def plot_lines(ledger: Ledger, ids: Sequence[str]) -> list[PlotLine]:
    """The rows of these plots, in the order asked; ids that are gone are left out."""
    today = ledger.today()
    with ledger.reading() as session:
        campaign = store.campaign(session)
        found: dict[str, PlotLine] = {}
        for start in range(0, len(ids), _WINDOW):
            part = ids[start : start + _WINDOW]
            for row in _line_rows(session, part, campaign.rules.done_rule, iso(campaign.last_day), today.isoformat()):
                found[row.id] = _line(row, today, campaign.last_day)
            for one, told in _corrections(session, part).items():
                found[one] = replace(found[one], corrected=told)
    return [found[one] for one in ids if one in found]


def _corrections(session: Session, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """What was corrected beside the issued facts of these plots; of several corrections of a fact the last counts."""
    marks = ",".join(f":p{i}" for i in range(len(ids)))
    statement = text(f"SELECT plot_id, field, new_value FROM correction WHERE plot_id IN ({marks}) ORDER BY id")
    told: dict[str, dict[str, str]] = {}
    for plot, name, value in session.connection().execute(statement, {f"p{i}": one for i, one in enumerate(ids)}):
        told.setdefault(plot, {})[name] = value
    return told


_PLAIN = (
    *("township", "village", "group_name", "plot_no", "bsm", "outflow_year", "kind", "class_before", "class_after"),
    *("state", "label", "round", "issued_area", "target", "settled", "remaining", "person", "deadline", "finding"),
    *("disposal_class", "difficulty", "measure", "party", "grid_chief", "responsible_leader", "remark", "held"),
    *("overdue", "returned", "no_after_photo"),
)


def _line_rows(session: Session, ids: Sequence[str], rule: DoneRule, last_day: str | None, today: str) -> Iterable[Any]:
    known = fields_of(rule)
    marks = ",".join(f":p{i}" for i in range(len(ids)))
    columns = ", ".join(f"{known[name]} AS {name}" for name in _PLAIN)
    statement = text(
        f"""
        SELECT p.id, {columns}, p.basic_area, {late_part_since(rule)} AS late_part,
               (SELECT count(*) FROM attachment a
                WHERE a.plot_id = p.id AND a.round = p.round AND a.removed = 0) AS files,
               e.verdict AS evidence, w.brief AS evidence_brief, w.sentence AS evidence_told
        FROM {PLOTS_WITH_ROUND}
        LEFT JOIN plot_evidence e ON e.plot_id = p.id LEFT JOIN evidence_words w ON w.id = e.words
        WHERE p.id IN ({marks})
        """
    )
    given = {f"p{i}": one for i, one in enumerate(ids)} | {"last_day": last_day, "today": today}
    return session.connection().execute(statement, given)


def _line(row: Any, today: date, last_day: date | None) -> PlotLine:
    deadline = date.fromisoformat(row.deadline) if row.deadline else None
    until = deadline or last_day
    late_since = date.fromisoformat(row.late_part) if row.late_part else until
    days = (today - late_since).days if late_since and row.overdue else 0
    open_now = row.state != State.SPLIT and row.label in {Label.PARTIAL, Label.UNRECTIFIED, Label.AWAITING}
    return PlotLine(
        id=row.id,
        township=row.township,
        village=row.village,
        plot_no=row.plot_no,
        outflow_year=row.outflow_year,
        kind=row.kind,
        class_before=row.class_before,
        class_after=row.class_after,
        state=State(row.state),
        label=Label(row.label) if row.label else None,
        round=row.round,
        issued_area=Area(row.issued_area),
        basic_area=None if row.basic_area is None else Area(row.basic_area),
        target=Area(row.target),
        settled=Area(row.settled),
        remaining=Area(row.remaining),
        person=row.person,
        deadline=deadline,
        overdue_days=days,
        due_in=(until - today).days if until and open_now and not days else None,
        returned=bool(row.returned),
        held=bool(row.held),
        files=row.files,
        remark=row.remark,
        group_name=row.group_name,
        bsm=row.bsm,
        finding=row.finding,
        disposal_class=row.disposal_class,
        difficulty=row.difficulty,
        measure=row.measure,
        party=row.party,
        grid_chief=row.grid_chief,
        responsible_leader=row.responsible_leader,
        no_after_photo=bool(row.no_after_photo),
        evidence=row.evidence or "",
        evidence_brief=row.evidence_brief or "",
        evidence_told=row.evidence_told or "",
    )
