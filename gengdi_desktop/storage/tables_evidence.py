"""The tables of evidence: photos and papers of plots, what photos say of themselves, outlines, the tray."""

from __future__ import annotations

from sqlalchemy import Index, Integer, text

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import NUMBERED, Row


class AttachmentRow(Row, table=True):
    """A photo or paper of a plot at a stage; the bytes are in the folder, named by hash.

    ``source`` is the folder it came from, as far as it names villages and plots. Taken off, it lies in the bin since
    ``removed_on`` and can be put back.
    """

    __tablename__ = "attachment"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    stage: str = c.choice(Stage)
    file_id: str = c.reference("stored_file.id")
    name: str = c.text()
    source: str = c.text()
    media_type: str = c.text()
    note: str = c.text()
    removed: int = c.flag()
    removed_on: str | None = c.date()
    removed_reason: str = c.text()


class PhotoRow(Row, table=True):
    """What a photo says of itself, one row for each picture file; the key is the hash of its bytes.

    Read from the file: place and direction as the camera noted them, the time as the camera's clock showed it, and why
    a place or time is missing. Said by a person (``said_``), with a reason, where the file is silent or wrong.
    Coordinates count 10⁻⁹ degree, directions 10⁻³ degree clockwise from north.
    """

    __tablename__ = "photo"
    id: str = c.text_key()
    width: int = c.integer()
    height: int = c.integer()
    orientation: int = c.integer(1)
    taken_at: str | None = c.maybe_text()
    taken_offset: str = c.text()
    longitude: int | None = c.maybe_integer()
    latitude: int | None = c.maybe_integer()
    direction: int | None = c.maybe_integer()
    direction_reference: str = c.text()
    device: str = c.text()
    software: str = c.text()
    place_gap: str = c.text()
    time_gap: str = c.text()
    reader: int = c.integer(1)
    said_at: str | None = c.maybe_text()
    said_longitude: int | None = c.maybe_integer()
    said_latitude: int | None = c.maybe_integer()
    said_direction: int | None = c.maybe_integer()
    said_reason: str = c.text()


class PhotoAnswerRow(Row, table=True):
    """What a person answered to a question that the program asked of a photo.

    ``asked`` is the sentence that was asked: once its figures are others, the answer no longer answers it.
    """

    __tablename__ = "photo_answer"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    file_id: str = c.reference("stored_file.id")
    question: str = c.text()
    asked: str = c.text()
    on_date: str = c.day()
    answered_by: str = c.text()
    answer: str = c.text()


class TrayFileRow(Row, table=True):
    """A file that was taken in and names no plot yet: it waits in the tray until a person places or removes it."""

    __tablename__ = "tray_file"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    file_id: str = c.reference("stored_file.id")
    name: str = c.text()
    source: str = c.text()
    media_type: str = c.text()
    stage: str = c.text()
    why: str = c.text()
    arrived_on: str = c.text()
    status: str = c.text()
    settled_on: str | None = c.date()
    plot_id: str | None = c.reference("plot.id", optional=True)


class PlotShapeRow(Row, table=True):
    """The outline of a plot as a list gave it: well-known bytes in base64, longitude and latitude on CGCS2000.

    The key is the plot's own: a plot has one outline, the latest that a list gave.
    ``source_crs`` is the coordinate system in which it came (``EPSG:4527``). The box counts 10⁻⁹ degree.
    ``shape_area`` is the ellipsoidal area of the outline in 10⁻⁶ mu, for comparing only.
    """

    __tablename__ = "plot_shape"
    # What lies near a place is asked by a range of western edges, which reaches as far to the west as any box is wide.
    __table_args__ = (
        Index("ix_plot_shape_box", "west", "south", "east", "north"),
        Index("ix_plot_shape_width", text("east - west")),
    )
    id: str = c.text_key()
    plot_id: str = c.reference("plot.id", index=False)
    list_id: int | None = c.reference("plot_list.id", key_type=Integer, index=False, optional=True)
    source_crs: str = c.text()
    outline: str = c.text()
    west: int = c.integer()
    south: int = c.integer()
    east: int = c.integer()
    north: int = c.integer()
    shape_area: int = c.area()
