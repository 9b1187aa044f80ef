"""Whether the evidence of plots is 齐全, 缺 or 存疑: rules, files and open questions put together.

Asked of some plots, it is judged at once. For questions over all plots the answers are kept beside the ledger's tables
and brought up to date by what the journal says was changed; ``ledger.queries`` reads them as the fields ``evidence``
and ``evidence_told``. What is kept can be made anew at any time and proves nothing.
"""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.evidence import EvidenceFacts, EvidenceRules, EvidenceVerdict, judge
from gengdi_desktop.evidence.questions.service import Question, asked_of
from gengdi_desktop.evidence.rules.service import rules_in_force
from gengdi_desktop.evidence.verdicts import store
from gengdi_desktop.evidence.verdicts.store import Kept, Mark
from gengdi_desktop.ledger.plot_fields import KEPT
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery, plot_ids

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]

_VERSION: Final = 1
"""Grows when plots are judged otherwise than before, so that what is kept is made anew."""
_AT_ONCE: Final = 4_000
_FEW: Final = 2_000
"""So many changed plots are judged before their old answers go, so that no reader misses them meanwhile."""
_LOOK_EVERY_SECONDS: Final = 0.05
_locks: weakref.WeakKeyDictionary[Ledger, threading.Lock] = weakref.WeakKeyDictionary()
_lock_of_locks = threading.Lock()


@dataclass(frozen=True, slots=True)
class BroughtUp:
    """What bringing up did.

    Attributes:
        changed: The plots whose answer is another than before.
        behind: Whether answers are older than the ledger, since it can only be read.
    """

    changed: frozenset[str] = frozenset()
    behind: bool = False


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
        found = {plot: one for plot, one, _beside in _judged(ledger, session, wanted, rules, progress)}
    return {plot: found[plot] for plot in wanted if plot in found}


def bring_up(ledger: Ledger, progress: Progress | None = None) -> BroughtUp:
    """Bring the kept answers up to the ledger; costs next to nothing where nothing was changed.

    What is done stays done when it is cancelled. A ledger that can only be read keeps the answers that it has.

    Args:
        ledger: The open ledger.
        progress: Called with plots done and their number; may raise ``Cancelled``.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    rules = rules_in_force(ledger)
    basis = _basis(rules)
    with _alone(ledger, progress):
        head = ledger.head()
        with ledger.reading() as session:
            mark = store.mark(session)
        if mark is not None and (mark.seq, mark.basis, mark.gaps) == (head.seq, basis, 0):
            return BroughtUp()
        if ledger.read_only:
            return BroughtUp(behind=True)
        if mark is None or mark.basis != basis:
            with ledger.database.unjournalled() as connection:
                store.begin_anew(connection, Mark(head.seq, head.hash, basis, 1))
            return BroughtUp(_filled(ledger, rules, progress))
        changed = _follow(ledger, rules, mark, progress) if mark.seq < head.seq else frozenset[str]()
        return BroughtUp(changed | _filled(ledger, rules, progress))


def fitting(ledger: Ledger, query: PlotQuery, progress: Progress | None = None) -> list[str]:
    """The own ids of the plots that meet a query: ``ledger.queries.plot_ids``, also where it asks for the evidence.

    What is kept is brought up first. In a ledger that can only be read and has moved on since, the plots that fit
    otherwise are judged at once.

    Raises:
        RuleError: ``unknown_field`` or a value that the field cannot have.
        SurroundingsError: The ledger cannot be written.
    """
    asked = [one for one in query.conditions if one.field in KEPT]
    if not asked or not bring_up(ledger, progress).behind:
        return plot_ids(ledger, query, progress=progress)
    others = tuple(one for one in query.conditions if one.field not in KEPT)
    ids = plot_ids(ledger, replace(query, conditions=others), progress=progress)
    known = verdicts(ledger, ids, progress)
    return [plot for plot in ids if all(_holds(one, known[plot]) for one in asked)]


def _holds(condition: Condition, verdict: EvidenceVerdict) -> bool:
    said = {"evidence": verdict.verdict.value, "evidence_brief": verdict.brief}.get(condition.field, verdict.sentence)
    if condition.match is Match.CONTAINS:
        return str(condition.value) in said
    if condition.match is Match.ONE_OF:
        return isinstance(condition.value, tuple) and said in condition.value
    return said == condition.value


@contextmanager
def _alone(ledger: Ledger, progress: Progress | None) -> Iterator[None]:
    """One thread at a time; who waits can be stopped."""
    with _lock_of_locks:
        lock = _locks.setdefault(ledger, threading.Lock())
    while not lock.acquire(timeout=_LOOK_EVERY_SECONDS):
        if progress is not None:
            progress(0, 0)
    try:
        yield
    finally:
        lock.release()


def _basis(rules: EvidenceRules) -> str:
    """What answers stand on: the rules as they are in force, and how plots are judged by them."""
    return hashlib.sha256(f"{_VERSION} {rules!r}".encode()).hexdigest()


def _follow(ledger: Ledger, rules: EvidenceRules, mark: Mark, progress: Progress | None) -> frozenset[str]:
    """Take in what entries since the mark changed; very many plots are only let go, and judged with the gaps."""
    with ledger.reading() as session:
        touched = store.touched(session, mark.seq)
        touched |= store.hanging_on(session, touched)
        seq, digest = store.head(session)
        few = len(touched) <= _FEW
        answers = list(_answers(ledger, session, sorted(touched), rules, progress)) if few else []
    gone = touched - {one.plot for one in answers}
    with ledger.database.unjournalled() as connection:
        changed = store.keep(connection, answers)
        store.let_go(connection, gone)
        store.advance(connection, seq, digest)
    return frozenset(changed | gone)


def _filled(ledger: Ledger, rules: EvidenceRules, progress: Progress | None) -> frozenset[str]:
    """Judge the plots that have no answer, a few thousand at a time."""
    with ledger.reading() as session:
        mark = store.mark(session)
        if mark is None or not mark.gaps:
            return frozenset()
        missing = store.without_answer(session)
    changed: set[str] = set()
    for start in range(0, len(missing), _AT_ONCE):
        if progress is not None:
            progress(start, len(missing))
        with ledger.reading() as session:
            answers = list(_answers(ledger, session, missing[start : start + _AT_ONCE], rules, progress))
        with ledger.database.unjournalled() as connection:
            changed |= store.keep(connection, answers)
    with ledger.database.unjournalled() as connection:
        store.close_gaps(connection, mark.gaps)
    return frozenset(changed)


def _answers(
    ledger: Ledger, session: Session, plots: Sequence[str], rules: EvidenceRules, progress: Progress | None
) -> Iterator[Kept]:
    said: dict[int, tuple[EvidenceVerdict, str, str, str]] = {}
    for plot, one, beside in _judged(ledger, session, plots, rules, _stoppable(progress)):
        # Thousands of plots share one verdict: its words are put together once.
        known = said.get(id(one))
        if known is None:
            known = said[id(one)] = (one, one.verdict.value, one.brief, one.sentence)
        yield Kept(plot, *known[1:], beside)


def _stoppable(progress: Progress | None) -> Progress | None:
    """Ask whether to stop without telling how far a part of the work is."""
    return None if progress is None else lambda _done, _total: progress(0, 0)


def _judged(
    ledger: Ledger, session: Session, plots: Sequence[str], rules: EvidenceRules, progress: Progress | None
) -> Iterator[tuple[str, EvidenceVerdict, str]]:
    """Each plot with its verdict, and the plots whose photos that hangs on; in no order."""
    asked: dict[str, list[Question]] = defaultdict(list)
    for one in asked_of(session, store.with_photos(session, plots), ledger.clock.now(), rules.limits, progress):
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
