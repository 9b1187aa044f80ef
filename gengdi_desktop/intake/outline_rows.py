"""Outlines as the ledger keeps them: new ones in bulk, those that say something else in place of the old."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gengdi_desktop.intake import store
from gengdi_desktop.intake.shape_records import OutlineRecord

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.unit_of_work import Work


class PlotOutline(NamedTuple):
    """The outline that a file gives for a plot, and the system in which it came."""

    plot: str
    crs: str
    record: OutlineRecord

    @property
    def text(self) -> str:
        """The well-known bytes as the table keeps them."""
        return base64.b64encode(self.record.wkb).decode("ascii")


def changed_outlines(session: Session, given: Iterable[PlotOutline]) -> list[PlotOutline]:
    """Those that the ledger does not have just so; of several for one plot the last one."""
    by_plot = {one.plot: one for one in given}
    known = store.outlines_of(session, list(by_plot))
    return [one for one in by_plot.values() if one.plot not in known or known[one.plot] != (one.text, one.crs)]


def write_outlines(work: Work, outlines: Sequence[PlotOutline], list_id: int | None) -> None:
    """Write outlines of plots that stand in the ledger already."""
    store.write_outlines(
        work, ((one.plot, one.plot, list_id, one.crs, one.text, *one.record.box, one.record.area) for one in outlines)
    )
