"""The only SQL of the verdicts: what rules ask of plots, and the table in which their answers are kept.

A plot without a row in ``plot_evidence`` is still to be judged. The mark says up to which entry of the journal the
answers were brought and on which rules they stand; ``gaps`` is 0 once every plot has its row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from gengdi_desktop.domain.choices import Finding, ProblemKind, ProofKind, Stage, choice_of
from gengdi_desktop.domain.evidence import EvidenceFacts, Method
from gengdi_desktop.domain.plots import EvidenceCounts, RoundFacts
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.evidence.likeness.store import alike
from gengdi_desktop.evidence.store import plots_of_hashes
from gengdi_desktop.ledger import store as ledger_store
from gengdi_desktop.storage.stopping import rows, texts

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

NAME = "evidence"
_AT_ONCE = 5_000
_AMONG = "(SELECT value FROM json_each(:plots))"
_BY_METHOD = {
    method: " + ".join(f"coalesce(r.{bucket}, 0)" for bucket in Bucket if bucket.on_paper is (method is Method.PAPER))
    for method in Method
}
_ROUND = ("crop", "sown_on", "demolition_record", "proof_kind", "proof_statement", "proof_document")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the kept answers were brought: entry, its hash, on what they stand, how much is still to be made."""

    seq: int
    hash: str
    basis: str
    gaps: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer for one plot: code of the verdict, its words, and the plots whose photos it hangs on."""

    plot: str
    verdict: str
    brief: str
    sentence: str
    beside: str = ""


# ------------------------------------------------------------------------------------------------- what rules ask


def every_plot(session: Session) -> list[str]:
    """Own ids of all plots, in the ledger's order."""
    return texts(session, "SELECT id AS one FROM plot ORDER BY position, id", {})


def facts(session: Session, plots: Iterable[str]) -> list[tuple[EvidenceFacts, list[str]]]:
    """What rules ask of plots, those of which all the same is known together; open questions aside."""
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for some in _lots(plots):
        counts = _counts(session, some)
        for row in rows(session, _FACTS, _given(some)):
            groups[(*row[1:], *counts.get(row[0], ()))].append(row[0])
    return [(_facts(key), found) for key, found in groups.items()]


_FACTS = (
    "SELECT p.id, p.problem_kind, p.kind, p.class_after, p.finding, p.round, "
    f"({_BY_METHOD[Method.GROUND]}) > 0, ({_BY_METHOD[Method.PAPER]}) > 0, {', '.join(f'r.{one}' for one in _ROUND)} "
    "FROM json_each(:plots) j JOIN plot p ON p.id = j.value "
    "LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round"
)
_KNOWN = 13
"""So many columns of the facts say what is known of a plot without its files."""


@lru_cache(maxsize=4_096)
def _facts(key: tuple[Any, ...]) -> EvidenceFacts:
    problem_kind, kind, class_after, finding, number, ground, paper, *of_round = key[:_KNOWN]
    photos = {Stage(stage): pictures for stage, _files, pictures in key[_KNOWN:]}
    files = {Stage(stage): many for stage, many, _pictures in key[_KNOWN:]}
    return EvidenceFacts(
        kind=choice_of(ProblemKind, problem_kind) or choice_of(ProblemKind, kind),
        class_after=class_after,
        finding=choice_of(Finding, finding),
        methods=frozenset(one for one, there in ((Method.GROUND, ground), (Method.PAPER, paper)) if there),
        round=_round(number, *of_round),
        evidence=EvidenceCounts(photos, files),
    )


def _round(number: int, *values: str | None) -> RoundFacts:
    crop, sown_on, demolition_record, proof_kind, proof_statement, proof_document = (one or "" for one in values)
    return RoundFacts(
        number=number,
        crop=crop,
        sown_on=date.fromisoformat(sown_on) if sown_on else None,
        demolition_record=demolition_record,
        proof_kind=choice_of(ProofKind, proof_kind),
        proof_statement=proof_statement,
        proof_document=proof_document,
    )


def _counts(session: Session, plots: list[str]) -> dict[str, tuple[tuple[str, int, int], ...]]:
    """How many files and pictures the current round of plots has, by stage; plots without files are left out."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    query = text(
        "SELECT a.plot_id, a.stage, count(*) AS files, sum(a.media_type LIKE 'image/%') AS pictures "
        "FROM attachment a JOIN plot p ON p.id = a.plot_id AND p.round = a.round "
        f"WHERE a.removed = 0 AND a.plot_id IN {_AMONG} GROUP BY a.plot_id, a.stage ORDER BY a.plot_id, a.stage"
    )
    for plot, stage, files, pictures in session.connection().execute(query, _given(plots)):
        found[plot].append((stage, files, pictures))
    return {plot: tuple(stages) for plot, stages in found.items()}


def with_photos(session: Session, plots: Iterable[str]) -> list[str]:
    """Those of some plots that have pictures, of which something may be asked."""
    query = text(
        "SELECT DISTINCT plot_id FROM attachment "
        f"WHERE removed = 0 AND media_type LIKE 'image/%' AND plot_id IN {_AMONG} ORDER BY plot_id"
    )
    return [row.plot_id for some in _lots(plots) for row in session.connection().execute(query, _given(some))]


def _lots(plots: Iterable[str]) -> Iterable[list[str]]:
    every = list(plots)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def _given(plots: Sequence[str]) -> dict[str, str]:
    return {"plots": orjson.dumps(plots).decode()}


# ------------------------------------------------------------------------------------------------- how far it is kept


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the last entry of a snapshot."""
    return ledger_store.head(session)


def mark(session: Session) -> Mark | None:
    """How far the answers were brought; None where they never were, or were by another history of the ledger."""
    query = text(
        "SELECT k.seq, k.hash, k.basis, k.gaps FROM kept_until k "
        "JOIN journal_entry e ON e.seq = k.seq AND e.hash = k.hash WHERE k.name = :name"
    )
    row = session.connection().execute(query, {"name": NAME}).first()
    return None if row is None else Mark(*row)


def touched(session: Session, seq: int) -> set[str]:
    """The plots that were there at an entry and were changed since, also those that are gone."""
    query = text("SELECT DISTINCT plot_id FROM plot_history WHERE seq > :seq")
    return {row.plot_id for row in session.connection().execute(query, {"seq": seq})}


def parts_of(session: Session, plots: Iterable[str]) -> set[str]:
    """The parts of split plots: one that has no outline of its own lies within its parent's."""
    query = text(f"SELECT id FROM plot WHERE split_parent IN {_AMONG}")
    return {row.id for some in _lots(plots) for row in session.connection().execute(query, _given(some))}


def hanging_on(session: Session, plots: set[str]) -> set[str]:
    """Other plots whose verdicts hang on these: the same or nearly the same photo stands or stood at both."""
    kept = session.connection().execute(text("SELECT plot_id, beside FROM plot_evidence WHERE beside <> ''"))
    found = {row.plot_id for row in kept if not plots.isdisjoint(row.beside.split())}
    files: set[str] = set()
    of_plots = text(f"SELECT DISTINCT file_id FROM attachment WHERE media_type LIKE 'image/%' AND plot_id IN {_AMONG}")
    for some in _lots(plots):
        files.update(row.file_id for row in session.connection().execute(of_plots, _given(some)))
    files |= {match.key for matches in alike(session, files).values() for match in matches}
    for others in plots_of_hashes(session, files).values():
        found |= others
    return found - plots


def without_answer(session: Session) -> list[str]:
    """The plots that are still to be judged, in the order of their keys."""
    missing = "NOT EXISTS (SELECT 1 FROM plot_evidence e WHERE e.plot_id = p.id)"
    return texts(session, f"SELECT p.id AS one FROM plot p WHERE {missing} ORDER BY p.id", {})


# ------------------------------------------------------------------------------------------------- keeping


def gaps(connection: Connection) -> int:
    """How often answers were let go since all of them were there, in a snapshot or in the writing transaction."""
    query = text("SELECT gaps FROM kept_until WHERE name = :name")
    return int(connection.execute(query, {"name": NAME}).scalar() or 0)


def begin_anew(connection: Connection, mark: Mark) -> None:
    """Forget all answers: the rules are others, or the ledger's history is."""
    connection.execute(text("DELETE FROM plot_evidence"))
    connection.execute(text("DELETE FROM evidence_words"))
    statement = "INSERT OR REPLACE INTO kept_until (name, seq, hash, basis, gaps) VALUES (?, ?, ?, ?, ?)"
    connection.exec_driver_sql(statement, (NAME, mark.seq, mark.hash, mark.basis, mark.gaps))


def advance(connection: Connection, seq: int, digest: str) -> None:
    """Note that the answers were brought up to an entry, and whether there are plots that have none yet."""
    statement = text(
        "UPDATE kept_until SET seq = :seq, hash = :hash, gaps = gaps + "
        "((SELECT count(*) FROM plot) <> (SELECT count(*) FROM plot_evidence)) WHERE name = :name"
    )
    connection.execute(statement, {"seq": seq, "hash": digest, "name": NAME})


def close_gaps(connection: Connection, gaps: int) -> None:
    """Note that all answers are there, unless some were let go meanwhile."""
    statement = text("UPDATE kept_until SET gaps = 0 WHERE name = :name AND gaps = :gaps")
    connection.execute(statement, {"name": NAME, "gaps": gaps})


def let_go(connection: Connection, plots: Iterable[str]) -> None:
    """Let the answers of plots go: of those that are gone, and of those that are judged anew."""
    for some in _lots(plots):
        connection.execute(text(f"DELETE FROM plot_evidence WHERE plot_id IN {_AMONG}"), _given(some))


def keep(connection: Connection, answers: Sequence[Kept]) -> set[str]:
    """Write answers, in the place of those that are there; the plots whose answer is another than before."""
    before: dict[str, tuple[str, int]] = {}
    query = text(f"SELECT plot_id, verdict, words FROM plot_evidence WHERE plot_id IN {_AMONG}")
    for some in _lots([one.plot for one in answers]):
        before |= {row.plot_id: (row.verdict, row.words) for row in connection.execute(query, _given(some))}
    words = _words(connection, {(one.brief, one.sentence) for one in answers})
    new = [(one.plot, one.verdict, words[one.brief, one.sentence], one.beside) for one in answers]
    if new:
        statement = "INSERT OR REPLACE INTO plot_evidence (plot_id, verdict, words, beside) VALUES (?, ?, ?, ?)"
        connection.exec_driver_sql(statement, new)
    return {plot for plot, verdict, number, _beside in new if before.get(plot) != (verdict, number)}


def _words(connection: Connection, wanted: set[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """The number of each pair of brief words and sentence; new ones are numbered on."""
    every = connection.execute(text("SELECT id, brief, sentence FROM evidence_words"))
    known = {(row.brief, row.sentence): row.id for row in every}
    new = sorted(wanted - set(known))
    first = max(known.values(), default=0) + 1
    if new:
        rows = [(first + at, *pair) for at, pair in enumerate(new)]
        connection.exec_driver_sql("INSERT INTO evidence_words (id, brief, sentence) VALUES (?, ?, ?)", rows)
    return known | {pair: first + at for at, pair in enumerate(new)}
