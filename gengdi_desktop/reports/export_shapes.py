"""The ledger as a map for other programs: outlines or middles of plots with the fields of the table export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Label
from gengdi_desktop.errors import RuleError
from gengdi_desktop.geo import writers
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.geo.writers import Placed
from gengdi_desktop.ledger.outlines import PlotOutline
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.reports.document import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gengdi_desktop.reports.facts.snapshot import PlotFact

ENDINGS: Final = (".gpkg", ".geojson", ".kml", ".gpx")

# Not the colours of the screen: these lie over photographs of the ground.
COLOURS: Final = {
    Label.UNRECTIFIED: "D7301F",
    Label.PARTIAL: "FC8D59",
    Label.AWAITING: "FEE08B",
    Label.IN_PLACE: "1A9850",
    Label.CLOSED: "2C7BB6",
    Label.CANCELLED: "969696",
}


def shapes_file(
    ending: str,
    title: str,
    fields: Sequence[str],
    rows: Sequence[tuple[PlotFact, tuple[Value, ...]]],
    places: Mapping[str, PlotOutline],
    at: datetime,
) -> tuple[bytes, int]:
    """The bytes of a file, and how many plots have no place in it.

    Args:
        ending: One of :data:`ENDINGS`.
        title: Name of the layer.
        fields: Names of the values.
        rows: Plots with their values, in the ledger's order.
        places: Where plots lie, by own id; a part without an outline of its own is shown where its parent lies.
        at: When it is written.
    """
    placed = list(_placed(rows, places))
    match ending:
        case ".gpkg":
            data = writers.geopackage(title, fields, placed, at)
        case ".geojson":
            data = writers.geojson(title, fields, placed)
        case ".kml":
            ordered = sorted(placed, key=lambda one: one.group)
            data = writers.kml(title, fields, ordered, {label.label: colour for label, colour in COLOURS.items()})
        case _:
            data = writers.gpx(title, placed, at)
    return data, sum(one.geometry is None for one in placed)


def _placed(rows: Sequence[tuple[PlotFact, tuple[Value, ...]]], places: Mapping[str, PlotOutline]) -> Iterator[Placed]:
    for plot, values in rows:
        place = places.get(plot.id) or places.get(plot.parent)
        shape = None
        if place is not None and place.outline:
            try:
                shape = Outline.from_wkb(place.outline).shape
            except RuleError:
                shape = None  # the middle stands for it; the check of the ledger names what is damaged
        yield Placed(
            name=plot_name(plot.village, plot.plot_no, plot.id),
            group=plot.village or plot.township,
            style=plot.label.label,
            values=[_plain(value) for value in values],
            shape=shape,
            point=place.centre if place is not None else None,
        )


def _plain(value: Value) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return value.exact() if isinstance(value, Area) else str(value)
