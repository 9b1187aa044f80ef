"""The files of a plot as people read them: stage, time, place, direction and what is open, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.compass import direction_words
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import words

if TYPE_CHECKING:
    from gengdi_desktop.domain.photo_questions import Twin
    from gengdi_desktop.evidence.questions.service import Question
    from gengdi_desktop.evidence.records import KnownPhoto
    from gengdi_desktop.ledger.handle import Ledger

_ORDER: Final = {stage: at for at, stage in enumerate(Stage)}
_NANO: Final = 10**9
_PDF: Final = "application/pdf"
_KILOMETRE: Final = 1000


@dataclass(frozen=True)
class PhotoLine:
    """One file of a plot.

    Attributes:
        id: Its number in the ledger.
        plot: The plot's own id.
        stage: What it shows or proves.
        number: Which of its stage it is, from 1.
        of: How many its stage has.
        sha256: The hash of its bytes.
        name: Its name as it came.
        size: How large, in words.
        picture: Whether it can be shown.
        note: A remark.
        known: What the file says of itself, and what a person said of it; None for papers.
        asked: What the program asks of it, answered or not.
        where: Where it stands to the plot, in words: 在图斑内, 距边界 12 米.
    """

    id: int
    plot: str
    stage: Stage
    number: int
    of: int
    sha256: str
    name: str
    size: str
    picture: bool
    note: str = ""
    known: KnownPhoto | None = None
    where: str = ""
    asked: tuple[Question, ...] = ()

    @property
    def open_questions(self) -> int:
        """How many questions nobody has answered."""
        return sum(one.open for one in self.asked)

    @property
    def twins(self) -> tuple[Twin, ...]:
        """Where the same or nearly the same picture stands, each place once."""
        found = {(twin.plot, twin.attachment): twin for one in self.asked for twin in one.beside}
        return tuple(found.values())

    @property
    def taken(self) -> str:
        """When it was taken, by the clock on the wall: ``2023-8-16 09:30``; empty where nobody knows."""
        return taken_words(self.known)

    @property
    def direction(self) -> str:
        """``东南向``; empty where nobody knows."""
        return direction_words(self.known.direction) if self.known is not None else ""

    @property
    def stand(self) -> str:
        """Direction and place together: ``东南向，距边界 12 米``."""
        return "，".join(filter(None, (self.direction, self.where)))

    @property
    def gaps(self) -> str:
        """Why place or time is missing, in words; the time's only where the place is there."""
        if self.known is None:
            return ""
        gap = "" if self.known.place else self.known.place_word
        return gap or ("" if self.known.at else self.known.time_word)

    @property
    def by_hand(self) -> bool:
        """Whether a person said time, place or direction."""
        return self.known is not None and bool(self.known.by_hand)

    @property
    def title(self) -> str:
        """``整改后 2``; the number is left out where there is only one."""
        return f"{self.stage.label} {self.number}" if self.of > 1 else self.stage.label

    def __str__(self) -> str:
        open_ = f"{self.open_questions} 个疑问" if self.open_questions else ""
        told = (self.title, self.taken, self.stand, self.gaps, open_, self.name, self.note, self.size)
        return "，".join(filter(None, told))


def read_photo_lines(ledger: Ledger, plot: str) -> tuple[PhotoLine, ...]:
    """The files of a plot in the order of their stages, in a stage as they came; runs in the reading lane."""
    from gengdi_desktop.evidence import service as evidence

    made: list[PhotoLine] = []
    ordered = sorted(evidence.attachments(ledger, plot), key=lambda one: (_ORDER[one.stage], one.id))
    known = evidence.photos(ledger, [one.sha256 for one in ordered])
    where = _places(ledger, plot, known)
    asked = _asked(ledger, plot) if any(shown(one.media_type) for one in ordered) else {}
    for stage, group in groupby(ordered, key=lambda one: one.stage):
        files = list(group)
        made += [
            PhotoLine(
                one.id, one.plot, stage, at, len(files), one.sha256, one.name, words.file_size(one.size),
                picture=shown(one.media_type), note=one.note, known=known.get(one.sha256),
                where=where.get(one.sha256, ""), asked=asked.get(one.id, ()),
            )
            for at, one in enumerate(files, start=1)
        ]  # fmt: skip
    return tuple(made)


def _asked(ledger: Ledger, plot: str) -> dict[int, tuple[Question, ...]]:
    """By attachment: what is asked of the photos of a plot."""
    from gengdi_desktop.evidence.questions.service import questions

    found: dict[int, tuple[Question, ...]] = {}
    for one in questions(ledger, [plot]):
        found[one.attachment] = (*found.get(one.attachment, ()), one)
    return found


def _places(ledger: Ledger, plot: str, known: Mapping[str, KnownPhoto]) -> dict[str, str]:
    """By hash: where a photo stands to its plot; empty where either place is not known, or the outline is damaged."""
    from gengdi_desktop.geo.coordinates import distance
    from gengdi_desktop.geo.numbers import Point
    from gengdi_desktop.ledger.outlines import outlines

    placed = {sha256: Point(*one.place) for sha256, one in known.items() if one.place is not None}
    own = outlines(ledger, [plot]).get(plot) if placed else None
    if own is None:
        return {}
    try:
        shape = own.shape()
    except RuleError:
        return {}
    if shape is None:
        return {sha256: f"距图斑中心 {distance_words(distance(own.centre, at))}" for sha256, at in placed.items()}
    off = {sha256: shape.distance(at) for sha256, at in placed.items()}
    return {sha256: f"距边界 {distance_words(far)}" if far else "在图斑内" for sha256, far in off.items()}


def counts_by_stage(lines: Sequence[PhotoLine]) -> Mapping[Stage, int]:
    """How many files each stage has; stages without any are left out."""
    return {stage: len(list(group)) for stage, group in groupby(lines, key=lambda one: one.stage)}


def tallies(lines: Sequence[PhotoLine]) -> str:
    """``整改前 2　整改后 3``."""
    return "　".join(f"{stage.label} {count}" for stage, count in counts_by_stage(lines).items())


def place_words(longitude: int, latitude: int) -> str:
    """``东经 116.351200°，北纬 28.373300°`` of 10⁻⁹ degree; six decimals are a hand's breadth."""
    east = f"{'东' if longitude >= 0 else '西'}经 {abs(longitude) / _NANO:.6f}°"
    return f"{east}，{'北' if latitude >= 0 else '南'}纬 {abs(latitude) / _NANO:.6f}°"


def partner(line: PhotoLine, lines: Sequence[PhotoLine]) -> PhotoLine | None:
    """The picture to lay beside one: after beside before, before beside everything else; None without such.

    Where places are known, the one from the nearest standpoint; else the one with the same number.
    """
    wanted = Stage.AFTER if line.stage is Stage.BEFORE else Stage.BEFORE
    others = [one for one in lines if one.stage is wanted and one.picture]
    placed = [one for one in others if _apart(line, one) is not None]
    if placed:
        return min(placed, key=lambda one: (_apart(line, one) or 0.0, one.number != line.number))
    same = (one for one in others if one.number == line.number)
    return next(same, others[-1] if others else None)


def _apart(one: PhotoLine, other: PhotoLine) -> float | None:
    """How far two standpoints are apart, for comparing only; None where one is not known."""
    here = one.known.place if one.known is not None else None
    there = other.known.place if other.known is not None else None
    if here is None or there is None:
        return None
    (east, north), (east_too, north_too) = here, there
    return math.hypot((east - east_too) * math.cos(math.radians(north / _NANO)), north - north_too)


def shown(media_type: str) -> bool:
    """Whether a file of that kind can be shown here: pictures, and scans by their first page."""
    return media_type.startswith("image/") or media_type == _PDF


def taken_words(known: KnownPhoto | None) -> str:
    """``2023-8-16 09:30`` by the clock on the wall; empty where nobody knows."""
    at = known.at if known is not None else None
    return f"{at.year}-{at.month}-{at.day} {at:%H:%M}" if at is not None else ""


def distance_words(metres: float) -> str:
    """``12 米``, ``1.4 公里``: as exactly as a telephone knows."""
    whole = round(metres)
    return f"{whole} 米" if whole < _KILOMETRE else f"{metres / _KILOMETRE:.1f} 公里"
