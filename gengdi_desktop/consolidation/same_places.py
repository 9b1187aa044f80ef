"""Plots of different owners that lie on the same ground: by their outlines, else by their middles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from gengdi_desktop.geo.coordinates import distance
from gengdi_desktop.geo.numbers import Point, from_float
from gengdi_desktop.intake.recurrence import LEAST_SHARE, NEAR_METRES

if TYPE_CHECKING:
    import numpy as np

_NEAR_DEGREES = 0.0005
"""More than :data:`NEAR_METRES` in any direction of this country."""


class Placed(Protocol):
    """A plot whose box is known, in 10⁻⁹ degree."""

    @property
    def id(self) -> str:
        """Its own id."""

    @property
    def west(self) -> int:
        """Western edge."""

    @property
    def south(self) -> int:
        """Southern edge."""

    @property
    def east(self) -> int:
        """Eastern edge."""

    @property
    def north(self) -> int:
        """Northern edge."""

    @property
    def outlined(self) -> int:
        """1 where the box is that of an outline, 0 where it is a middle."""


class Meeting(NamedTuple):
    """Two plots on the same ground: the share of the smaller one that both cover, or how far their middles are apart.

    Plots with outlines have a share above 0, others a distance and the share 0.
    """

    one: str
    other: str
    share: float
    metres: float


def meetings(
    placed: Sequence[Placed], owners: Sequence[str], outlines: Callable[[Iterable[str]], Mapping[str, bytes]]
) -> list[Meeting]:
    """The pairs of plots of different owners that lie on the same ground.

    Args:
        placed: The plots.
        owners: Whose each of them is.
        outlines: Gives the well-known bytes of some plots: only of those whose boxes meet across owners.
    """
    if not placed:
        return []
    pairs = _boxes_that_meet(placed, owners)
    both = [(one, other) for one, other in pairs if one.outlined and other.outlined]
    rest = [(one, other) for one, other in pairs if not (one.outlined and other.outlined)]
    return _overlapping(both, outlines) + _near(rest)


def _boxes_that_meet(placed: Sequence[Placed], owners: Sequence[str]) -> list[tuple[Placed, Placed]]:
    import numpy as np
    import shapely

    edges = np.array([(one.west, one.south, one.east, one.north) for one in placed], dtype=np.int64)
    # A middle alone is as wide as the distance that still counts as near.
    around = np.where([one.outlined for one in placed], 0, from_float(_NEAR_DEGREES))
    west, south, east, north = edges.T
    boxes = shapely.box(west - around, south - around, east + around, north + around)
    left, right = shapely.STRtree(boxes).query(boxes)
    _, owner = np.unique(np.array(owners), return_inverse=True)
    wanted = (left < right) & (owner[left] != owner[right])
    return [(placed[one], placed[other]) for one, other in zip(left[wanted], right[wanted], strict=True)]


def _overlapping(
    pairs: Sequence[tuple[Placed, Placed]], outlines: Callable[[Iterable[str]], Mapping[str, bytes]]
) -> list[Meeting]:
    import numpy as np

    from gengdi_desktop.geo.outlines import covered_shares

    shapes = _shapes(outlines({one.id for pair in pairs for one in pair}))
    known = [(one.id, other.id) for one, other in pairs if one.id in shapes and other.id in shapes]
    if not known:
        return []
    ones = np.array([shapes[one] for one, _ in known], dtype=object)
    others = np.array([shapes[other] for _, other in known], dtype=object)
    shares: np.ndarray[Any, Any] = np.maximum(covered_shares(ones, others), covered_shares(others, ones))
    return [
        Meeting(one, other, float(share), 0.0)
        for (one, other), share in zip(known, shares, strict=True)
        if share >= LEAST_SHARE
    ]


def _shapes(outlines: Mapping[str, bytes]) -> dict[str, Any]:
    """The outlines that can be read, mended where they cross themselves."""
    import numpy as np
    import shapely

    from gengdi_desktop.geo.outlines import polygons_of

    read = shapely.from_wkb(np.array(list(outlines.values()), dtype=object), on_invalid="ignore")
    return {plot: polygons_of(shape) for plot, shape in zip(outlines, read, strict=True) if shape is not None}


def _near(pairs: Iterable[tuple[Placed, Placed]]) -> list[Meeting]:
    apart = ((one.id, other.id, distance(_middle(one), _middle(other))) for one, other in pairs)
    return [Meeting(one, other, 0.0, metres) for one, other, metres in apart if metres <= NEAR_METRES]


def _middle(one: Placed) -> Point:
    return Point((one.west + one.east) // 2, (one.south + one.north) // 2)
