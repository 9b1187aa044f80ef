"""Whether the evidence of plots is 齐全, 缺 or 存疑: judged when asked, and kept for questions over all of them.

Asked of some plots, it is judged at once (``verdicts``). For questions over all plots the answers are kept beside the
ledger's tables and brought up to date by what the journal says was changed; ``ledger.queries`` reads them as the fields
``evidence`` and ``evidence_told``. What is kept can be made anew at any time and proves nothing; where it cannot be
brought up, ``asking`` answers all the same.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.evidence import EvidenceRules, EvidenceVerdict
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.evidence.rules.service import rules_in_force
from gengdi_desktop.evidence.verdicts import asking, store
from gengdi_desktop.evidence.verdicts.judging import AT_ONCE, judged, verdicts
from gengdi_desktop.evidence.verdicts.store import Kept, Mark

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.queries import PlotQuery

__all__ = ["BroughtUp", "bring_up", "fitting", "verdicts"]

Progress = Callable[[int, int], None]

_VERSION: Final = 1
"""Grows when plots are judged otherwise than before, so that what is kept is made anew."""
_FEW: Final = 2_000
"""So many changed plots are judged before their old answers go, so that no reader misses them meanwhile."""
_TRIES: Final = 3
"""So often plots are judged once more where what is known of their photos was changed meanwhile."""
_LOOK_EVERY_SECONDS: Final = 0.05
_PATIENCE_SECONDS: Final = 0.5
"""So long a running action is waited for; who only asks gets the answers without their being kept."""
_NOT_KEPT: Final = frozenset({"locked", "disk_full", "read_only"})
_locks: weakref.WeakKeyDictionary[Ledger, threading.Lock] = weakref.WeakKeyDictionary()
_lock_of_locks = threading.Lock()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BroughtUp:
    """What bringing up did.

    Attributes:
        changed: The plots whose answer is another than before.
        behind: Whether answers are older than the ledger, since nothing can be written now.
        owing: The plots whose kept answer, if any, is then not to be believed; what ``asking`` needs to know.
    """

    changed: frozenset[str] = frozenset()
    behind: bool = False
    owing: frozenset[str] = frozenset()


def bring_up(ledger: Ledger, progress: Progress | None = None) -> BroughtUp:
    """Bring the kept answers up to the ledger; costs next to nothing where nothing was changed.

    What is done stays done when it is cancelled. Where the ledger can only be read, an action is running that does not
    end soon, or the disk is full, the answers stay behind, and those that are owed are named.

    Args:
        ledger: The open ledger.
        progress: Called with plots done and their number; may raise ``Cancelled``.

    Raises:
        SurroundingsError: The disk has failed.
    """
    rules = rules_in_force(ledger)
    changed: set[str] = set()
    with _alone(ledger, progress):
        try:
            whole = _brought_up(ledger, rules, changed, progress)
        except SurroundingsError as error:
            if error.code not in _NOT_KEPT:
                raise
            _log.info("verdicts not kept: %s", error.code)
            whole = False
    owing = frozenset() if whole else _owing(ledger, rules)
    return BroughtUp(frozenset(changed), not whole, owing)


def fitting(ledger: Ledger, query: PlotQuery, progress: Progress | None = None) -> list[str]:
    """The own ids of the plots that meet a query: ``ledger.queries.plot_ids``, also where it asks for the evidence.

    What is kept is brought up first. Where that cannot be, the plots whose answers are owed are judged at once.

    Raises:
        RuleError: ``unknown_field`` or a value that the field cannot have.
        SurroundingsError: The disk has failed.
    """
    owing = bring_up(ledger, progress).owing if asking.names_evidence(query) else frozenset()
    return asking.plot_ids(ledger, query, owing, progress=progress)


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


def _keeping(ledger: Ledger, progress: Progress | None) -> AbstractContextManager[Connection]:
    """The writing transaction, for which nobody waits long."""
    return ledger.database.unjournalled(progress, _PATIENCE_SECONDS)


def _basis(rules: EvidenceRules) -> str:
    """What answers stand on: the rules as they are in force, and how plots are judged by them."""
    return hashlib.sha256(f"{_VERSION} {rules!r}".encode()).hexdigest()


def _brought_up(ledger: Ledger, rules: EvidenceRules, changed: set[str], progress: Progress | None) -> bool:
    """Whether all answers are those of the ledger now; notes which are others than before."""
    basis, head = _basis(rules), ledger.head()
    with ledger.reading() as session:
        mark = store.mark(session)
    if mark is not None and (mark.seq, mark.basis, mark.gaps) == (head.seq, basis, 0):
        return True
    if ledger.read_only:
        return False
    if mark is None or mark.basis != basis:
        with _keeping(ledger, progress) as connection:
            store.begin_anew(connection, Mark(head.seq, head.hash, basis, 1))
    elif mark.seq < head.seq:
        changed |= _follow(ledger, rules, mark, progress)
    return _filled(ledger, rules, changed, progress)


def _touched(session: Session, seq: int) -> set[str]:
    """The plots whose answers entries since this one may have changed."""
    touched = store.touched(session, seq)
    touched |= store.parts_of(session, touched)
    return touched | store.hanging_on(session, touched)


def _owing(ledger: Ledger, rules: EvidenceRules) -> frozenset[str]:
    with ledger.reading() as session:
        mark = store.mark(session)
        if mark is None or mark.basis != _basis(rules):
            return frozenset(store.every_plot(session))
        return frozenset(_touched(session, mark.seq).union(store.without_answer(session)))


def _follow(ledger: Ledger, rules: EvidenceRules, mark: Mark, progress: Progress | None) -> set[str]:
    """Take in what entries since the mark changed; very many plots are only let go, and judged with the gaps.

    So are those that were judged by what was known of photos before, again and again.
    """
    for _try in range(_TRIES):
        changed = _taken_in(ledger, rules, mark, _FEW, progress)
        if changed is not None:
            return changed
    return _taken_in(ledger, rules, mark, 0, progress) or set()


def _taken_in(ledger: Ledger, rules: EvidenceRules, mark: Mark, few: int, progress: Progress | None) -> set[str] | None:
    """The plots whose answer is another now; None where answers were let go while these were made."""
    with ledger.reading() as session:
        gaps = store.gaps(session.connection())
        touched = _touched(session, mark.seq)
        seq, digest = store.head(session)
        wanted = sorted(touched) if len(touched) <= few else []
        answers = list(_answers(ledger, session, wanted, rules, progress))
    gone = touched - {one.plot for one in answers}
    with _keeping(ledger, progress) as connection:
        if answers and store.gaps(connection) != gaps:
            return None
        changed = store.keep(connection, answers)
        store.let_go(connection, gone)
        store.advance(connection, seq, digest)
    return changed | gone


def _filled(ledger: Ledger, rules: EvidenceRules, changed: set[str], progress: Progress | None) -> bool:
    """Judge the plots that have no answer, and whether none is left; notes those that were judged."""
    for _try in range(_TRIES):
        with ledger.reading() as session:
            gaps = store.gaps(session.connection())
            missing = store.without_answer(session) if gaps else []
        if not gaps:
            return True
        for start in range(0, len(missing), AT_ONCE):
            if progress is not None:
                progress(start, len(missing))
            changed |= _gap_filled(ledger, rules, missing[start : start + AT_ONCE], progress)
        with _keeping(ledger, progress) as connection:
            store.close_gaps(connection, gaps)
    with ledger.reading() as session:
        return not store.gaps(session.connection())


def _gap_filled(ledger: Ledger, rules: EvidenceRules, plots: Sequence[str], progress: Progress | None) -> set[str]:
    """Answers for some plots; none where others were let go meanwhile, since these may be stale then too."""
    with ledger.reading() as session:
        gaps = store.gaps(session.connection())
        answers = list(_answers(ledger, session, plots, rules, progress))
    with _keeping(ledger, progress) as connection:
        return store.keep(connection, answers) if store.gaps(connection) == gaps else set()


def _answers(
    ledger: Ledger, session: Session, plots: Sequence[str], rules: EvidenceRules, progress: Progress | None
) -> Iterator[Kept]:
    said: dict[int, tuple[EvidenceVerdict, str, str, str]] = {}
    for plot, one, beside in judged(ledger, session, plots, rules, progress):
        # Thousands of plots share one verdict: its words are put together once.
        known = said.get(id(one))
        if known is None:
            known = said[id(one)] = (one, one.verdict.value, one.brief, one.sentence)
        yield Kept(plot, *known[1:], beside)
