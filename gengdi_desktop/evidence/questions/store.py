"""The only SQL of the questions: photos at plots with their lists, other uses of their files, and answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text
from sqlmodel import col, select

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.evidence.store import parts
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.storage.tables import PhotoAnswerRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Use:
    """A picture at a plot: the attachment, and the plot as people name it."""

    attachment: int
    plot: str
    name: str
    round: int
    stage: Stage
    sha256: str
    area: Area


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to one question of one photo at one plot: the latest counts."""

    asked: str
    text: str
    by: str
    on: date


def plots_with_photos(session: Session) -> list[str]:
    """The plots that have pictures, in the ledger's order."""
    query = text(
        "SELECT p.id FROM plot p WHERE EXISTS (SELECT 1 FROM attachment a WHERE a.plot_id = p.id AND a.removed = 0 "
        "AND a.media_type LIKE 'image/%') ORDER BY p.position, p.id"
    )
    return [row.id for row in session.connection().execute(query)]


def uses_at(session: Session, plots: Iterable[str]) -> list[Use]:
    """The pictures of plots, in the order in which they came."""
    return _uses(session, "a.plot_id", plots)


def uses_of(session: Session, files: Iterable[str]) -> list[Use]:
    """Where pictures are used, by their hashes; papers aside."""
    return [use for use in _uses(session, "a.file_id", files) if use.stage is not Stage.PAPER]


def _uses(session: Session, column: str, keys: Iterable[str]) -> list[Use]:
    """Plain columns: of all photos of a ledger a third of the time went into objects that nobody keeps."""
    found: list[Use] = []
    for some in parts(keys):
        query = text(
            "SELECT a.id, a.plot_id, a.round, a.stage, a.file_id, p.village, p.plot_no, p.issued_area "
            "FROM attachment a JOIN plot p ON p.id = a.plot_id "
            f"WHERE a.removed = 0 AND a.media_type LIKE 'image/%' AND {column} IN :some ORDER BY a.id"
        ).bindparams(bindparam("some", some, expanding=True))
        found += [_use(row) for row in session.connection().execute(query)]
    return found


def _use(row: Any) -> Use:
    name = plot_name(row.village, row.plot_no)
    return Use(row.id, row.plot_id, name, row.round, Stage(row.stage), row.file_id, Area(row.issued_area))


def issue_days(session: Session, plots: Sequence[str]) -> dict[str, date]:
    """The day on which the first list with a plot was issued; plots whose lists say none are left out."""
    found = _by_plot(
        session,
        "SELECT l.plot_id, MIN(i.issued_on) FROM list_line l JOIN plot_list i ON i.id = l.list_id "
        "WHERE i.issued_on IS NOT NULL AND l.plot_id IN ({}) GROUP BY l.plot_id",
        plots,
    )
    return {plot: date.fromisoformat(day) for plot, day in found.items()}


def last_taken_in(session: Session, plots: Sequence[str]) -> dict[str, datetime]:
    """When a file last came to a plot, aware: no photo of it came later."""
    found = _by_plot(
        session,
        "SELECT h.plot_id, MAX(e.at) FROM plot_history h JOIN journal_entry e ON e.seq = h.seq "
        f"WHERE e.action = '{Operation.ATTACH.value}' AND h.plot_id IN ({{}}) GROUP BY h.plot_id",
        plots,
    )
    return {plot: datetime.fromisoformat(at) for plot, at in found.items()}


def _by_plot(session: Session, statement: str, plots: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in parts(plots):
        names = [f"p{number}" for number in range(len(some))]
        query = text(statement.format(", ".join(f":{name}" for name in names)))
        found |= {row[0]: row[1] for row in session.connection().execute(query, dict(zip(names, some, strict=True)))}
    return found


def answers(session: Session, plots: Sequence[str]) -> dict[tuple[str, str, str], KeptAnswer]:
    """The latest answers, by plot, hash and code of the question."""
    found: dict[tuple[str, str, str], KeptAnswer] = {}
    for some in parts(plots):
        query = select(PhotoAnswerRow).where(col(PhotoAnswerRow.plot_id).in_(some)).order_by(col(PhotoAnswerRow.id))
        for row in session.exec(query):
            found[row.plot_id, row.file_id, row.question] = KeptAnswer(
                row.asked, row.answer, row.answered_by, date.fromisoformat(row.on_date)
            )
    return found


def add_answer(work: Work, key: tuple[str, str, str], given: KeptAnswer) -> None:
    """Note an answer; earlier ones stay."""
    plot, sha256, question = key
    work.session.add(
        PhotoAnswerRow(
            plot_id=plot,
            file_id=sha256,
            question=question,
            asked=given.asked,
            on_date=given.on.isoformat(),
            answered_by=given.by,
            answer=given.text,
        )
    )
