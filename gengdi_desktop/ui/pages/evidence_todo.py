"""What evidence puts on the workbench: photos that wait or are asked about, and files of claims that are not whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.evidence import Verdict
from gengdi_desktop.domain.states import State
from gengdi_desktop.ui.links import link
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.todo import Todo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.queries import Condition
    from gengdi_desktop.ui.jobs import Progress

CLAIMED: Final = (State.CLAIMED, State.ACCEPTED, State.COUNTY_ACCEPTED, State.CLOSED)
"""Once a plot was claimed, others look at its file; before that, what is still to come is no gap."""
_LINES: Final[tuple[tuple[Verdict, str, Tone], ...]] = (
    (Verdict.MISSING, "已经申报，证据还缺", "seal"),
    (Verdict.UNCLEAR, "已经申报，证据存疑", "soil"),
)


def read_evidence_todos(ledger: Ledger, progress: Progress) -> tuple[Todo, ...]:
    """Rows for the list of what is next; a count of 0 is left out there. Runs in a file hand."""
    from gengdi_desktop.evidence.questions.service import counts
    from gengdi_desktop.evidence.tray.service import waiting

    asked = counts(ledger, progress)
    most = max(asked, key=lambda code: asked[code], default=None)
    where = f"最多的是{most.label}" if most is not None else ""
    return (
        *_claims(ledger, progress),
        Todo(len(waiting(ledger)), "照片等着归位", "", "soil", link("evidence", section="tray")),
        Todo(sum(asked.values()), "照片疑问，请您看一眼", where, "", link("evidence", section="questions")),
    )


def _claims(ledger: Ledger, progress: Progress) -> Iterable[Todo]:
    """Plots that were claimed and whose file is not whole; a press shows exactly these."""
    from gengdi_desktop.evidence.verdicts import asking
    from gengdi_desktop.evidence.verdicts.service import bring_up
    from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery, count_views

    owing = bring_up(ledger, progress).owing
    claimed = Condition("state", CLAIMED, Match.ONE_OF)
    views: dict[str, tuple[Condition, ...]] = {
        verdict.value: (Condition("evidence", verdict.value), claimed) for verdict, _words, _tone in _LINES
    }
    if owing:
        queries = {code: PlotQuery(conditions) for code, conditions in views.items()}
        many = {code: len(asking.plot_ids(ledger, one, owing, progress=progress)) for code, one in queries.items()}
    else:
        many = count_views(ledger, views, progress)
    for verdict, words, tone in _LINES:
        code, query = verdict.value, PlotQuery(views[verdict.value])
        told = asking.field_values(ledger, query, "evidence_brief", owing, progress) if many[code] else None
        where = _most(told.values) if told is not None else ""
        yield Todo(many[code], words, where, tone, link("ledger", evidence=code, state=",".join(CLAIMED)))


def _most(told: Sequence[tuple[str, int]]) -> str:
    """What is said of most of the plots; whether there is more is not worth another word."""
    brief = max(told, key=lambda one: one[1])[0]
    return brief if len(told) == 1 else f"多是{brief}"
