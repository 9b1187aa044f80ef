"""Where plots lie: their outlines, or the middle that the list gave where it gave no outline."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from gengdi_desktop.domain.states import State
from gengdi_desktop.geo.coordinates import distance
from gengdi_desktop.geo.numbers import NANO, Point, to_float
from gengdi_desktop.geo.outlines import Box, Outline, metres_of_degree
from gengdi_desktop.ledger.words import plot_name

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

_WINDOW: Final = 500
_COLUMNS: Final = (
    "p.id, p.village, p.plot_no, p.state, p.centre_longitude, p.centre_latitude, "
    "s.outline, s.source_crs, s.west, s.south, s.east, s.north, s.id IS NOT p.id AS borrowed"
)
# A part of a split plot that has no outline of its own lies within its parent's.
_FROM: Final = (
    "plot p LEFT JOIN plot_shape own ON own.id = p.id "
    "LEFT JOIN plot_shape s ON s.id = CASE WHEN own.id IS NULL THEN p.split_parent ELSE p.id END"
)

# A box that reaches into a range of longitudes begins at most its own width to the west of it.
_NEAR: Final = (
    "SELECT id FROM plot_shape WHERE west BETWEEN :west - (SELECT max(east - west) FROM plot_shape) AND :east "
    "AND east >= :west AND south <= :north AND north >= :south"
)


@dataclass(frozen=True, slots=True)
class PlotOutline:
    """Where one plot lies.

    Attributes:
        plot: Own id.
        village: Its village.
        plot_no: Its number there.
        state: Where it stands.
        outline: As a list gave it, well-known bytes; empty where none did.
        box: Around the outline; None without one.
        centre: The middle that the list gave, or that of the box.
        source_crs: The coordinate system in which the outline came.
        borrowed: Whether the outline is that of the split plot of which this is a part.
    """

    plot: str
    village: str
    plot_no: str
    state: State
    outline: bytes
    box: Box | None
    centre: Point
    source_crs: str
    borrowed: bool = False

    @property
    def name(self) -> str:
        """连桥村 0017."""
        return plot_name(self.village, self.plot_no)

    def shape(self) -> Outline | None:
        """The outline to ask; None where there is none.

        Raises:
            RuleError: ``outline_damaged``.
        """
        return Outline.from_wkb(self.outline) if self.outline else None


def outlines(ledger: Ledger, plots: Iterable[str] | None = None) -> dict[str, PlotOutline]:
    """Where plots lie, by own id in the ledger's order; those whose place is not known are left out.

    Args:
        ledger: The open ledger.
        plots: Only these; None asks for all.
    """
    with ledger.reading() as session:
        return outlines_in(session, plots)


def outlines_in(session: Session, plots: Iterable[str] | None = None) -> dict[str, PlotOutline]:
    """As :func:`outlines`, in an open transaction."""
    found: dict[str, PlotOutline] = {}
    for condition, given in _portions(None if plots is None else list(dict.fromkeys(plots))):
        query = text(f"SELECT {_COLUMNS} FROM {_FROM} WHERE {condition} ORDER BY p.position, p.id")
        for row in session.connection().execute(query, given):
            one = _outline(row)
            if one is not None:
                found[one.plot] = one
    return found


def plots_near(ledger: Ledger, longitude: int, latitude: int, metres: float) -> tuple[tuple[PlotOutline, float], ...]:
    """The plots within so many metres of a place, the nearest first, each with its distance.

    A plot without an outline is as far as its middle; a place inside an outline is 0 away from it.

    Args:
        ledger: The open ledger.
        longitude: In 10⁻⁹ degree.
        latitude: In 10⁻⁹ degree.
        metres: How far to look.

    Raises:
        RuleError: ``outline_damaged``.
    """
    point = Point(longitude, latitude)
    near = [(one, _metres(one, point)) for one in outlines_meeting(ledger, box_around(point, metres))]
    return tuple(sorted((pair for pair in near if pair[1] <= metres), key=lambda pair: (pair[1], pair[0].plot)))


def outlines_meeting(ledger: Ledger, box: Box) -> tuple[PlotOutline, ...]:
    """The plots whose box, or middle where there is no outline, lies in a box at least in part."""
    with ledger.reading() as session:
        found = [_outline(row) for row in _meeting(session, box)]
    return tuple(one for one in found if one is not None)


def box_around(point: Point, metres: float) -> Box:
    """A box with so many metres on each side of a place."""
    east, north = metres_of_degree(to_float(point.latitude))
    wide, high = round(metres / east * NANO) + 1, round(metres / north * NANO) + 1
    return Box(point.longitude - wide, point.latitude - high, point.longitude + wide, point.latitude + high)


def _meeting(session: Session, box: Box) -> Sequence[Any]:
    """First by the indexes which plots it may be, then their rows: nothing looks through all of them."""
    query = text(
        f"WITH near AS ({_NEAR}) SELECT {_COLUMNS} FROM {_FROM} WHERE p.id IN ("
        "SELECT id FROM near UNION SELECT part.id FROM near JOIN plot part ON part.split_parent = near.id UNION "
        "SELECT id FROM plot WHERE centre_longitude BETWEEN :west AND :east "
        "AND centre_latitude BETWEEN :south AND :north) "
        "AND (s.id IS NULL OR s.id IN (SELECT id FROM near)) ORDER BY p.position, p.id"
    )
    return session.connection().execute(query, box._asdict()).all()


def _portions(plots: Sequence[str] | None) -> Iterable[tuple[str, dict[str, str]]]:
    if plots is None:
        yield "1", {}
        return
    for start in range(0, len(plots), _WINDOW):
        part = plots[start : start + _WINDOW]
        yield f"p.id IN ({','.join(f':p{i}' for i in range(len(part)))})", {f"p{i}": one for i, one in enumerate(part)}


def _outline(row: Any) -> PlotOutline | None:
    """A row as a value; None where nobody knows the plot's place."""
    box = None if row.outline is None else Box(row.west, row.south, row.east, row.north)
    if row.centre_longitude is not None and row.centre_latitude is not None:
        centre = Point(row.centre_longitude, row.centre_latitude)
    elif box is not None:
        centre = Point((box.west + box.east) // 2, (box.south + box.north) // 2)
    else:
        return None
    return PlotOutline(
        plot=row.id,
        village=row.village,
        plot_no=row.plot_no,
        state=State(row.state),
        outline=b"" if row.outline is None else base64.b64decode(row.outline),
        box=box,
        centre=centre,
        source_crs=row.source_crs or "",
        borrowed=row.outline is not None and bool(row.borrowed),
    )


def _metres(one: PlotOutline, point: Point) -> float:
    shape = one.shape()
    return distance(one.centre, point) if shape is None else shape.distance(point)
