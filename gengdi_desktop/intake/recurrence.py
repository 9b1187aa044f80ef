"""Plots that come again where others were closed before (疑似反弹): by overlap, else by nearness, else by number."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.geo.coordinates import distance
from gengdi_desktop.geo.numbers import Point, from_float, to_float
from gengdi_desktop.intake import store
from gengdi_desktop.intake.diff import RowOutcome
from gengdi_desktop.intake.matching import number_key
from gengdi_desktop.intake.previews import ImportPreview
from gengdi_desktop.intake.same_ground import Ground, Recurrence
from gengdi_desktop.intake.shape_preview import outlined
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.sheets.problems import Problem

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

LEAST_SHARE = 0.2
"""Neighbours drawn anew overlap by slivers; less than this share of the smaller one is none."""

NEAR_METRES = 30
"""Middles that are so near mean the same field where an outline is missing."""

_DEGREES = 0.0005
_TOLD = 200


class Where(NamedTuple):
    """Where a plot lies, as far as it is known.

    Args:
        key: What the caller knows it by.
        name: For sentences: 白圩村0012.
        village: Township and what the spellings of its village share.
        number: What the spellings of its number share; empty where it has none.
        year: Outflow year.
        outline: Well-known bytes; empty where there is none.
        centre: Its middle, where the list gave one.
        closed_on: ISO date of its last closing; empty for plots that come now.
    """

    key: str
    name: str
    village: tuple[str, str]
    number: str
    year: int | None
    outline: bytes
    centre: Point | None
    closed_on: str = ""


def recurrences(ledger: Ledger, earlier: Ledger | None = None) -> tuple[Recurrence, ...]:
    """The live plots of a ledger beside plots that were closed before, here or in another ledger that is only read.

    Args:
        ledger: The open ledger.
        earlier: The ledger of an earlier campaign; this one itself where none is given.
    """
    with ledger.reading() as session:
        mine = [_where(row) for row in store.places_of_plots(session, closed=False)]
        if earlier is None:
            closed = [_where(row) for row in store.places_of_plots(session, closed=True)]
            return matches(mine, closed)
    with earlier.reading() as session:
        return matches(mine, [_where(row) for row in store.places_of_plots(session, closed=True)])


def with_recurrences(ledger: Ledger, found: ImportPreview) -> ImportPreview:
    """The preview with a note for each new plot that may be one that this ledger has closed before."""
    with ledger.reading() as session:
        closed = [_where(row) for row in store.places_of_plots(session, closed=True)]
    if not closed:
        return found
    names = {sheet.sheet.position: sheet.sheet.name for sheet in found.sheets}
    pairs = matches(_coming(found), closed)
    found.recurrences = pairs
    told = []
    for pair in pairs[:_TOLD]:
        reading = found.readings[int(pair.plot)]
        told.append(Problem(names[reading.sheet], reading.row, "", "recurrence", pair.sentence))
    if len(pairs) > _TOLD:
        text = f"另有 {len(pairs) - _TOLD} 个图斑疑似反弹，没有一一列出。"
        told.append(Problem("", None, "", "recurrence", text))
    found.notes = (*told, *found.notes)
    return found


def recurrence_of(ledger: Ledger, plot: str) -> Recurrence | None:
    """The plot of this ledger that was closed before where this one lies; None where there is none.

    Asks for the neighbourhood alone: quick in any ledger.
    """
    with ledger.reading() as session:
        mine = [_where(row) for row in store.places_of_plots(session, closed=False, only=[plot])]
        if not mine:
            return None
        number = store.Neighbourhood(mine[0].village[0], mine[0].number, _window(mine[0]))
        closed = [_where(row) for row in store.places_of_plots(session, closed=True, near=number)]
    return next(iter(matches(mine, closed)), None)


def recurrences_of_outlines(session: Session, outlines: Mapping[str, bytes]) -> tuple[Recurrence, ...]:
    """Live plots that lie, by outlines which they do not have yet, where others were closed before.

    Args:
        session: An open transaction.
        outlines: Own ids to well-known bytes.
    """
    closed = [_where(row) for row in store.places_of_plots(session, closed=True)]
    if not closed or not outlines:
        return ()
    rows = store.places_of_plots(session, closed=False, only=list(outlines))
    return matches([_where(row)._replace(outline=outlines[row.id]) for row in rows], closed)


def _window(one: Where) -> tuple[int, int, int, int] | None:
    """West, south, east and north of what may lie on the same ground; None where nobody knows where it lies."""
    import shapely

    if one.outline:
        west, south, east, north = (from_float(edge) for edge in shapely.from_wkb(one.outline).bounds)
    elif one.centre is not None:
        west, south = east, north = one.centre
    else:
        return None
    around = from_float(_DEGREES)
    return west - around, south - around, east + around, north + around


def matches(coming: Sequence[Where], closed: Sequence[Where]) -> tuple[Recurrence, ...]:
    """Pairs of plots on the same ground, the best one for each that comes, in the order in which they come."""
    found = _overlapping(coming, closed)
    rest = [one for one in coming if one.key not in found]
    found |= _near(rest, closed)
    found |= _numbered([one for one in rest if one.key not in found], closed)
    return tuple(found[one.key] for one in coming if one.key in found)


def _overlapping(coming: Sequence[Where], closed: Sequence[Where]) -> dict[str, Recurrence]:
    import numpy as np
    import shapely

    from gengdi_desktop.geo.areas import ellipsoidal_areas

    mine, theirs = _shapes(coming), _shapes(closed)
    if not mine or not theirs:
        return {}
    ours = np.array([shape for _, shape in mine], dtype=object)
    old = np.array([shape for _, shape in theirs], dtype=object)
    left, right = shapely.STRtree(old).query(ours, predicate="intersects")
    if not len(left):
        return {}
    common = ellipsoidal_areas(shapely.intersection(ours[left], old[right])).astype(float)
    smaller = np.minimum(ellipsoidal_areas(ours)[left], ellipsoidal_areas(old)[right]).astype(float)
    shares = np.divide(common, smaller, out=np.zeros(len(common)), where=smaller > 0)
    best: dict[str, Recurrence] = {}
    for at in np.argsort(-shares, kind="stable").tolist():
        one, other = mine[int(left[at])][0], theirs[int(right[at])][0]
        if shares[at] >= LEAST_SHARE and one.key not in best and one.key != other.key:
            best[one.key] = _pair(one, other, Ground.OVERLAP, share=float(shares[at]))
    return best


def _shapes(places: Iterable[Where]) -> list[tuple[Where, Any]]:
    """The places that have a readable outline, mended where it crosses itself."""
    import numpy as np
    import shapely

    from gengdi_desktop.geo.outlines import polygons_of

    some = [one for one in places if one.outline]
    read = shapely.from_wkb(np.array([one.outline for one in some], dtype=object), on_invalid="ignore")
    return [(one, polygons_of(shape)) for one, shape in zip(some, read, strict=True) if shape is not None]


def _near(coming: Sequence[Where], closed: Sequence[Where]) -> dict[str, Recurrence]:
    """Pairs by their middles, where one of the two has no outline."""
    cells: defaultdict[tuple[int, int], list[Where]] = defaultdict(list)
    for one in closed:
        if one.centre is not None:
            cells[_cell(one.centre)].append(one)
    found: dict[str, Recurrence] = {}
    for one in coming:
        if one.centre is None:
            continue
        column, row = _cell(one.centre)
        around = [
            (distance(one.centre, other.centre), other)
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in cells.get((x, y), ())
            if other.centre is not None and other.key != one.key and not (one.outline and other.outline)
        ]
        metres, other = min(around, key=lambda pair: pair[0], default=(NEAR_METRES + 1.0, one))
        if metres <= NEAR_METRES:
            found[one.key] = _pair(one, other, Ground.NEAR, metres=metres)
    return found


def _cell(point: Point) -> tuple[int, int]:
    return int(to_float(point.longitude) / _DEGREES), int(to_float(point.latitude) / _DEGREES)


def _numbered(coming: Sequence[Where], closed: Sequence[Where]) -> dict[str, Recurrence]:
    """Pairs of one number in one village and different years, where nothing tells where one of the two lies."""
    by_number: defaultdict[tuple[tuple[str, str], str], list[Where]] = defaultdict(list)
    for one in closed:
        if one.number:
            by_number[one.village, one.number].append(one)
    found: dict[str, Recurrence] = {}
    for one in coming:
        for other in by_number.get((one.village, one.number), ()):
            apart = _placed(one) and _placed(other)
            if one.key != other.key and one.year != other.year and not apart:
                found[one.key] = _pair(one, other, Ground.NUMBER)
    return found


def _placed(one: Where) -> bool:
    return bool(one.outline) or one.centre is not None


def _pair(one: Where, other: Where, ground: Ground, *, share: float = 0.0, metres: float = 0.0) -> Recurrence:
    return Recurrence(one.key, other.key, one.name, other.name, other.closed_on, ground, share, metres)


def _coming(found: ImportPreview) -> list[Where]:
    """The new plots of a preview, by their position."""
    shapes = dict(outlined(found))
    coming = []
    for at, (reading, decision) in enumerate(zip(found.readings, found.decisions, strict=True)):
        if decision.outcome is not RowOutcome.IMPORTED:
            continue
        record = shapes.get(at)
        longitude, latitude, _text = reading.centre
        centre = Point(longitude, latitude) if longitude is not None and latitude is not None else None
        if centre is None and record is not None:
            centre = Point((record.west + record.east) // 2, (record.south + record.north) // 2)
        place = reading.place
        coming.append(
            Where(
                str(at),
                plot_name(place.village, reading.plot_no) if place.village or reading.plot_no else reading.bsm,
                (place.township, place.village_key),
                number_key(reading.plot_no) if reading.plot_no else "",
                reading.year,
                b"" if record is None else record.wkb,
                centre,
            )
        )
    return coming


def _where(row: Any) -> Where:
    centre = None
    if row.centre_longitude is not None and row.centre_latitude is not None:
        centre = Point(row.centre_longitude, row.centre_latitude)
    elif row.outline is not None:
        centre = Point((row.west + row.east) // 2, (row.south + row.north) // 2)
    return Where(
        row.id,
        plot_name(row.village, row.plot_no),
        (row.township, normalise_village(row.village) if row.village else ""),
        number_key(row.plot_no) if row.plot_no else "",
        row.outflow_year,
        b"" if row.outline is None else base64.b64decode(row.outline),
        centre,
        row.closed_on or "",
    )
