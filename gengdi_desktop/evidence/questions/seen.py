"""The photos of plots with all that questions need: where one stood, when it was taken, where else it is used."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.photo_questions import PhotoLimits, PhotoSeen, Standing, Twin, circle_radius
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import store as evidence
from gengdi_desktop.evidence.likeness import store as likeness
from gengdi_desktop.evidence.photo_facts import aware
from gengdi_desktop.evidence.questions import store
from gengdi_desktop.evidence.records import KnownPhoto
from gengdi_desktop.geo.coordinates import azimuth, distance
from gengdi_desktop.geo.map_shift import MapDatum, shifted, unshifted
from gengdi_desktop.geo.numbers import Point
from gengdi_desktop.ledger.outlines import PlotOutline, outlines_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from gengdi_desktop.geo.outlines import Outline

_CHINA = timezone(timedelta(hours=8))
_HALF, _CIRCLE = 90_000, 360_000


def wall_clock(at: datetime) -> datetime:
    """A moment as clocks on the wall show it in China, without a zone."""
    return at.astimezone(_CHINA).replace(tzinfo=None)


def photos_seen(session: Session, plots: Sequence[str], limits: PhotoLimits) -> dict[str, list[PhotoSeen]]:
    """The photos of plots, by plot; papers are left out."""
    uses = [use for use in store.uses_at(session, plots) if use.stage is not Stage.PAPER]
    known = evidence.photos(session, {use.sha256 for use in uses})
    twins = _twins(session, uses)
    places = _places(session, {use.plot: use for use in uses})
    issued, received = store.issue_days(session, plots), store.last_taken_in(session, plots)
    found: dict[str, list[PhotoSeen]] = defaultdict(list)
    for use in uses:
        photo = known.get(use.sha256)
        if photo is None:  # of an older ledger, and gone since: what is missing is told elsewhere
            continue
        came = received.get(use.plot, datetime.max.replace(tzinfo=UTC) - timedelta(days=2))
        place = places.get(use.plot)
        found[use.plot].append(
            PhotoSeen(
                plot=use.plot,
                attachment=use.attachment,
                sha256=use.sha256,
                stage=use.stage,
                round=use.round,
                received=wall_clock(came),
                issued_on=issued.get(use.plot),
                width=photo.facts.width,
                height=photo.facts.height,
                at=_taken(photo),
                at_by_hand="at" in photo.by_hand,
                time_gap=photo.time_word,
                has_place=photo.place is not None,
                place_gap=photo.place_word,
                standing=place(Point(*photo.place), limits) if place and photo.place else None,
                direction=photo.direction,
                true_north="direction" in photo.by_hand or photo.facts.direction_reference == "T",
                twins=tuple(twins[use.attachment]),
            )
        )
    return found


def _taken(photo: KnownPhoto) -> datetime | None:
    if photo.at is None:
        return None
    return wall_clock(aware(photo.at, "" if "at" in photo.by_hand else photo.facts.taken_offset))


# ---------------------------------------------------------------------------------------------------- where one stood


def _places(session: Session, uses: Mapping[str, store.Use]) -> dict[str, Callable[[Point, PhotoLimits], Standing]]:
    return {plot: _place_of(known, uses[plot]) for plot, known in outlines_in(session, uses).items()}


def _place_of(known: PlotOutline, use: store.Use) -> Callable[[Point, PhotoLimits], Standing]:
    """A function that tells where a point is, seen from the plot; it reads the outline once."""
    try:
        shape = known.shape()
    except RuleError:  # a damaged outline is told where outlines are; the middle still says something
        shape = None
    radius = None if shape is not None else circle_radius(use.area)

    def standing(point: Point, limits: PhotoLimits) -> Standing:
        plain = _standing(point, shape, known.centre, radius)
        if not plain.is_far(limits):
            return plain
        others = {datum.value: _least(point, datum, shape, known.centre) for datum in MapDatum}
        return Standing(plain.metres, radius, plain.seen_between, others)

    return standing


def _standing(point: Point, shape: Outline | None, centre: Point, radius: int | None) -> Standing:
    if shape is not None:
        return Standing(round(shape.distance(point)), None, shape.seen_from(point))
    metres = distance(point, centre)
    if radius is None or metres <= radius:
        return Standing(round(metres), radius)
    middle, half = azimuth(point, centre) or 0, _half_angle(radius, metres)
    return Standing(round(metres), radius, ((middle - half) % _CIRCLE, (middle + half) % _CIRCLE))


def _half_angle(radius: int, metres: float) -> int:
    """Half of the angle under which a circle is seen, in 10⁻³ degree."""
    return min(_HALF, round(math.degrees(math.asin(min(1.0, radius / metres))) * 1000))


def _least(point: Point, datum: MapDatum, shape: Outline | None, centre: Point) -> int:
    """How far off the photo is if its place was read off such a map, or if the plot's was."""
    tried = (unshifted(point, datum), shifted(point, datum))
    metres = (shape.distance(one) if shape is not None else distance(one, centre) for one in tried)
    return round(min(metres))


# ---------------------------------------------------------------------------------------------------------------- twins


def _twins(session: Session, uses: Sequence[store.Use]) -> dict[int, list[Twin]]:
    """Other uses of each picture, as it is or changed; two like photos at one plot and stage are nobody's question."""
    alike = likeness.alike(session, {use.sha256 for use in uses})
    asked = {use.sha256 for use in uses} | {match.key for matches in alike.values() for match in matches}
    by_file: dict[str, list[store.Use]] = defaultdict(list)
    for use in store.uses_of(session, asked):
        by_file[use.sha256].append(use)
    found: dict[int, list[Twin]] = defaultdict(list)
    for use in uses:
        mirrored = {match.key: match.mirrored for match in alike.get(use.sha256, ())}
        for key in (use.sha256, *mirrored):
            found[use.attachment] += [
                Twin(
                    other.plot,
                    f"{other.name} {other.stage.label}",
                    key == use.sha256,
                    mirrored.get(key, False),
                    other.attachment,
                    other.sha256,
                )
                for other in by_file[key]
                if (other.plot, other.stage) != (use.plot, use.stage)
            ]
    return found
