"""The files that wait for their plot, with what helps to place them: why they wait, where they were, what is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.compass import direction_words
from gengdi_desktop.ui.models.map_shapes import map_shape
from gengdi_desktop.ui.models.photo_lines import distance_words, shown, taken_words
from gengdi_desktop.ui.widgets.photo_map import MapPhoto, MapPlot

if TYPE_CHECKING:
    from gengdi_desktop.evidence.records import KnownPhoto
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.outlines import PlotOutline

_NEAR_METRES: Final = 800.0
_AROUND: Final = 8_000_000
"""In 10⁻⁹ degree: about 800 metres."""
_MOST_NEAR: Final = 4
_MOST_FOUND: Final = 6


@dataclass(frozen=True)
class NearPlot:
    """A plot that may be meant: its id, its name, how far off in words."""

    id: str
    name: str
    far: str = ""


@dataclass(frozen=True)
class TrayLine:
    """One file that waits."""

    id: int
    sha256: str
    name: str
    source: str
    stage: Stage | None
    why: str
    picture: bool
    known: KnownPhoto | None

    @property
    def taken(self) -> str:
        """When it was taken; empty where nobody knows."""
        return taken_words(self.known)

    @property
    def photo(self) -> MapPhoto | None:
        """It on the map; None without a place."""
        place = self.known.place if self.known is not None else None
        return MapPhoto(self.id, *place, self.known.direction if self.known else None) if place else None

    @property
    def told(self) -> str:
        """Where from and which way it looks: ``手机照片/白圩，东南向``."""
        direction = direction_words(self.known.direction) if self.known is not None else ""
        return "，".join(filter(None, (self.source, direction)))


@dataclass(frozen=True)
class Nearby:
    """What lies around some photos: proposals, the nearest first, and what the map shows."""

    plots: tuple[NearPlot, ...] = ()
    shapes: tuple[MapPlot, ...] = ()


def read_tray(ledger: Ledger) -> tuple[TrayLine, ...]:
    """What waits, in the order in which it came; runs in the reading lane."""
    from gengdi_desktop.evidence import service as evidence
    from gengdi_desktop.evidence.tray import service as tray

    waiting = tray.waiting(ledger)
    known = evidence.photos(ledger, [one.sha256 for one in waiting])
    return tuple(
        TrayLine(
            one.id, one.sha256, one.name, one.source, one.stage, one.why, shown(one.media_type), known.get(one.sha256)
        )
        for one in waiting
    )


def read_nearby(ledger: Ledger, photos: Sequence[MapPhoto]) -> Nearby:
    """The plots near the first of some photos; runs in the reading lane."""
    from gengdi_desktop.errors import RuleError
    from gengdi_desktop.ledger.outlines import plots_near

    if not photos:
        return Nearby()
    try:
        found = plots_near(ledger, photos[0].longitude, photos[0].latitude, _NEAR_METRES)[:_MOST_NEAR]
    except RuleError:
        return Nearby()  # an outline is damaged: the check of the ledger tells it, placing by name still works
    near = tuple(
        NearPlot(one.plot, one.name, distance_words(metres) if metres else "在图斑内") for one, metres in found
    )  # fmt: skip
    return Nearby(near, tuple(map_plot(one) for one, _ in found))


def near_photos(chosen: Sequence[MapPhoto], every: Sequence[MapPhoto]) -> tuple[MapPhoto, ...]:
    """The chosen photos and those that were taken near the first of them: one far away would make the map useless."""
    if not chosen:
        return ()
    first = chosen[0]
    near = (
        one
        for one in every
        if abs(one.longitude - first.longitude) < _AROUND and abs(one.latitude - first.latitude) < _AROUND
    )
    return tuple(dict.fromkeys((*chosen, *near)))


def find_plots(ledger: Ledger, text: str) -> tuple[NearPlot, ...]:
    """The first plots that the one search box of the ledger finds; runs in the reading lane."""
    from gengdi_desktop.ledger import queries

    ids = queries.plot_ids(ledger, queries.PlotQuery(search=text), limit=_MOST_FOUND)
    return tuple(NearPlot(one.id, f"{one.village} {one.plot_no}") for one in queries.plot_lines(ledger, ids))


def map_plot(one: PlotOutline) -> MapPlot:
    """A plot for the map: its rings, or its middle."""
    shape = one.shape()
    if shape is None:
        middle = (one.centre.longitude / 10**9, one.centre.latitude / 10**9)
        return MapPlot(one.plot, one.name, ((middle,),))
    return map_shape(one.plot, one.name, shape)
