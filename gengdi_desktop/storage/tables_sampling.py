"""The tables of the spot check by sample: the frozen frame and its draw, the drawn plots, what was found at them."""

from __future__ import annotations

from gengdi_desktop.domain.choices import SpotCheckOutcome
from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import Row


class SampleRow(Row, table=True):
    """A sample: first a frozen frame with its hash, then a seed and what it drew.

    ``strata`` names the fields by which plots were grouped, parted by commas; ``wanted`` is what was asked for as it
    was typed (``0.05``, ``30``). ``fail_limit`` is the share of failures, in millionths, above which a second draw is
    due. An enlarged sample names the one that it contains; ``reason`` says why it was enlarged, or drawn once more.
    """

    __tablename__ = "sample"
    id: str = c.text_key()
    name: str = c.text()
    status: str = c.text()
    framed_on: str = c.day()
    drawn_on: str | None = c.date()
    strata: str = c.text()
    scope: str = c.text()
    frame_hash: str = c.text()
    frame_file: str = c.reference("stored_file.id", index=False)
    frame_plots: int = c.integer()
    frame_area: int = c.area()
    seed: str = c.text()
    seed_source: str = c.text()
    wanted: str = c.text()
    fail_limit: int = c.integer()
    enlarges: str | None = c.reference("sample.id", index=False, optional=True)
    reason: str = c.text()


class SamplePlotRow(Row, table=True):
    """A drawn plot; the key is ``sample:plot``. ``place`` counts within the stratum from 1, as drawn."""

    __tablename__ = "sample_plot"
    id: str = c.text_key()
    sample_id: str = c.reference("sample.id")
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    stratum: str = c.text()
    place: int = c.integer()
    area: int = c.area()
    role: str = c.text()
    replaces: str | None = c.reference("plot.id", index=False, optional=True)
    status: str = c.text()
    reason: str = c.text()


class SampleResultRow(Row, table=True):
    """What two people found at a drawn plot; the key is ``sample:plot``. Areas in 10⁻⁶ mu, null where not measured.

    ``entered`` is 1 once the plot has its record of a spot check, ``sent_back`` once a failed one was returned for it.
    """

    __tablename__ = "sample_result"
    id: str = c.text_key()
    sample_id: str = c.reference("sample.id")
    plot_id: str = c.reference("plot.id")
    on_date: str = c.day()
    outcome: str = c.choice(SpotCheckOutcome)
    measured_area: int | None = c.maybe_area()
    finding: str = c.text()
    checker: str = c.text()
    second_checker: str = c.text()
    entered: int = c.flag()
    document_number: str = c.text()
    sent_back: int = c.flag()
