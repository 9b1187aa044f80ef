"""Plots judged by the evidence rules at once: rules, files and open questions put together; nothing is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.evidence import EvidenceFacts, EvidenceRules, EvidenceVerdict, judge
from gengdi_desktop.evidence.questions.service import Question, asked_of
from gengdi_desktop.evidence.rules.service import rules_in_force
from gengdi_desktop.evidence.verdicts import store

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
AT_ONCE: Final = 4_000
"""So many plots are judged in one go, after which it is asked whether to go on."""


def verdicts(
    ledger: Ledger, plots: Sequence[str] | None = None, progress: Progress | None = None
) -> Mapping[str, EvidenceVerdict]:
    """What the rules say of plots, by own id, in the order asked; plots that the ledger does not have are left out.

    Args:
        ledger: The open ledger.
        plots: Own ids; None asks for all.
        progress: Called with plots done and their number; may raise ``Cancelled``.
    """
    rules = rules_in_force(ledger)
    found: dict[str, EvidenceVerdict] = {}
    with ledger.reading() as session:
        wanted = store.every_plot(session) if plots is None else list(plots)
        for start in range(0, len(wanted), AT_ONCE):
            if progress is not None:
                progress(start, len(wanted))
            some = wanted[start : start + AT_ONCE]
            found |= {plot: one for plot, one, _beside in judged(ledger, session, some, rules, progress)}
    return {plot: found[plot] for plot in wanted if plot in found}


def judged(
    ledger: Ledger, session: Session, plots: Sequence[str], rules: EvidenceRules, progress: Progress | None
) -> Iterator[tuple[str, EvidenceVerdict, str]]:
    """Each plot with its verdict, and the plots whose photos that hangs on; in no order."""
    asked: dict[str, list[Question]] = defaultdict(list)
    for one in asked_of(
        session, store.with_photos(session, plots), ledger.clock.now(), rules.limits, _stoppable(progress)
    ):
        asked[one.plot].append(one)
    for facts, alike in store.facts(session, plots):
        usual = judge(facts, rules)
        for plot in alike:
            if plot in asked:
                others = dict.fromkeys(twin.plot for one in asked[plot] for twin in one.beside if twin.plot != plot)
                yield plot, judge(_doubting(facts, asked[plot]), rules), " ".join(others)
            else:
                yield plot, usual, ""


def _doubting(facts: EvidenceFacts, asked: Sequence[Question]) -> EvidenceFacts:
    """The facts with the photos of the current round of which something open is asked, each photo once."""
    photos = {(one.stage, one.attachment) for one in asked if one.open and one.round == facts.round.number}
    return replace(facts, doubtful=Counter[Stage](stage for stage, _attachment in photos))


def _stoppable(progress: Progress | None) -> Progress | None:
    """Ask whether to stop without telling how far a part of the work is."""
    return None if progress is None else lambda _done, _total: progress(0, 0)
