"""Whether the evidence of plots is 齐全, 缺 or 存疑: rules, files and open questions put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.evidence import EvidenceVerdict, judge
from gengdi_desktop.evidence.questions.service import questions
from gengdi_desktop.evidence.rules import store
from gengdi_desktop.evidence.rules.service import rules_in_force

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]


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
    with ledger.reading() as session:
        wanted = store.every_plot(session) if plots is None else list(plots)
        known = store.facts(session, wanted)
    doubtful: dict[str, Counter[Stage]] = {plot: Counter() for plot in known}
    open_photos = {
        (one.plot, one.stage, one.attachment) for one in questions(ledger, list(known), progress) if one.open
    }
    for plot, stage, _ in open_photos:
        doubtful[plot][stage] += 1
    return {plot: judge(replace(known[plot], doubtful=doubtful[plot]), rules) for plot in wanted if plot in known}
