"""The verbs of the questions: ask them of plots or of the whole ledger, count them, and note what people answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.photo_questions import Asked, PhotoLimits, PhotoQuestion, Twin, questions_of
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.questions import store
from gengdi_desktop.evidence.questions.seen import photos_seen, wall_clock
from gengdi_desktop.evidence.rules.service import rules_in_force

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered.

    Attributes:
        text: In his words.
        by: Who.
        on: When.
    """

    text: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a photo at a plot.

    Attributes:
        code: Which question.
        plot: The plot's own id.
        attachment: The number of the attachment.
        sha256: The hash of the photo.
        stage: What the photo is said to show.
        sentence: What is asked, in Chinese, with its figures and what would settle it.
        answered: What a person answered to just this; None while it is open.
        round: The round to which the photo belongs.
        beside: For the same or nearly the same picture: where else it stands, each plot with its attachment.
    """

    code: PhotoQuestion
    plot: str
    attachment: int
    sha256: str
    stage: Stage
    sentence: str
    answered: Answer | None = None
    round: int = 1
    beside: tuple[Twin, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it counts: nobody has answered it, and it is more than worth a look."""
        return self.answered is None and not self.code.soft


def questions(
    ledger: Ledger, plots: Sequence[str] | None = None, progress: Progress | None = None
) -> tuple[Question, ...]:
    """What is asked of the photos of plots, answered questions too; by plot, then by photo.

    Changed copies are found among the photos that were compared (``likeness.service.compare``).

    Args:
        ledger: The open ledger.
        plots: Own ids; None asks for all that have photos.
        progress: Called with plots done and their number; may raise ``Cancelled``.
    """
    limits = rules_in_force(ledger).limits
    with ledger.reading() as session:
        wanted = store.plots_with_photos(session) if plots is None else list(plots)
        return tuple(asked_of(session, wanted, ledger.clock.now(), limits, progress))


def asked_of(
    session: Session, plots: Sequence[str], at: datetime, limits: PhotoLimits, progress: Progress | None = None
) -> Iterator[Question]:
    """The questions of plots within an open snapshot; see :func:`questions`.

    Args:
        session: The snapshot.
        plots: Own ids.
        at: The time now.
        limits: From when on something is asked.
        progress: Called with plots done and their number; may raise ``Cancelled``.
    """
    now = wall_clock(at)
    for start in range(0, len(plots), _AT_ONCE):
        if progress is not None:
            progress(start, len(plots))
        some = plots[start : start + _AT_ONCE]
        seen, answers = photos_seen(session, some, limits), store.answers(session, some)
        for plot in some:
            yield from (_question(one, answers) for one in questions_of(seen.get(plot, ()), now, limits))


def counts(ledger: Ledger, progress: Progress | None = None) -> dict[PhotoQuestion, int]:
    """How many open questions there are of each kind, in the order of the kinds; kinds without any are left out."""
    open_ones = Counter(one.code for one in questions(ledger, progress=progress) if one.open)
    return {code: open_ones[code] for code in PhotoQuestion if open_ones[code]}


def answer(ledger: Ledger, plot: str, sha256: str, question: PhotoQuestion | str, text: str, *, by: Actor) -> Changes:
    """Note what a person answers to a question, as one entry; it stands while the figures of the question do.

    Raises:
        RuleError: ``answer_missing`` (nothing was written), ``not_asked`` (nothing of that kind is asked of the photo).
    """
    if not text.strip():
        raise RuleError("answer_missing", "还没有写说明，没有保存。", "请写一句情况，例如“站在田埂上拍的”。")
    code = str(question)
    now, limits = wall_clock(ledger.clock.now()), rules_in_force(ledger).limits
    with ledger.begin(Operation.PHOTO_ANSWER, by) as work:
        asked = _asked(work.session, (plot, sha256, code), now, limits)
        given = store.KeptAnswer(asked, text.strip(), by.name, now.date())
        store.add_answer(work, (plot, sha256, code), given)
        return work.commit()


def _asked(session: Session, key: tuple[str, str, str], now: datetime, limits: PhotoLimits) -> str:
    """The sentence that is asked now."""
    plot, sha256, code = key
    for one in questions_of(photos_seen(session, [plot], limits).get(plot, ()), now, limits):
        if (one.photo.sha256, one.question.value) == (sha256, code):
            return one.sentence
    raise RuleError("not_asked", "这张照片没有这个疑问，没有保存。台账没有变。", "照片可能刚改过，请刷新后再看。")


def _question(asked: Asked, answers: dict[tuple[str, str, str], store.KeptAnswer]) -> Question:
    photo = asked.photo
    kept = answers.get((photo.plot, photo.sha256, asked.question.value))
    stands = kept is not None and asked.answered_by(kept.asked)
    return Question(
        asked.question,
        photo.plot,
        photo.attachment,
        photo.sha256,
        photo.stage,
        asked.sentence,
        Answer(kept.text, kept.by, kept.on) if kept is not None and stands else None,
        photo.round,
        asked.beside,
    )
