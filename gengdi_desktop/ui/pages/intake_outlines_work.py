"""What the page of outlines asks of the intake stage, in lanes: a preview made into a view, writing, shapes to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.map_shapes import map_shape
from gengdi_desktop.ui.pages.intake_outlines_view import FeatureView, LayerView, OutlinesView, OutlineWish
from gengdi_desktop.ui.pages.intake_shown import column_views
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.photo_map import MapPlot

if TYPE_CHECKING:
    from gengdi_desktop.intake.adding_outlines import FeatureFate, OutlinePreview
    from gengdi_desktop.intake.previews import ImportPreview
    from gengdi_desktop.ledger.handle import Ledger

_UNPLACED: Final = frozenset({"crs_foreign", "crs_unknown"})
_FATES: Final[dict[str, tuple[str, str, Tone]]] = {
    "unmatched": ("对不上", "stop", "seal"),
    "without": ("没有图形", "warn", "soil"),
    "replaced": ("换掉原来的", "pen", "soil"),
    "added": ("补上", "plus", "land"),
    "unchanged": ("和台账一样", "check", "stone"),
    "skipped": ("不是本台账的", "info", "stone"),
}
"""By fate: word, sign and tone, in the order in which one looks at them."""
_DIFFERS: Final[tuple[str, str, Tone]] = ("面积差得多", "warn", "soil")
_UNREAD: Final[tuple[str, str, Tone]] = ("没读出是哪个", "warn", "soil")
_UNUSABLE: Final[tuple[str, str, Tone]] = ("坐标系用不了", "stop", "seal")


@dataclass
class OutlineWork:
    """A preview with what it is shown as; holds the rows and shapes of the file until it is closed."""

    view: OutlinesView
    fields: tuple[tuple[str, str], ...]
    handle: OutlinePreview = field(repr=False)

    def close(self) -> None:
        """Let go of the file."""
        self.handle.close()


def preview(ledger: Ledger, wish: OutlineWish, progress: Progress) -> OutlineWork:
    """Read a file of shapes and say which plots get outlines.

    Raises:
        SurroundingsError: The file cannot be read.
        RuleError: It is a table, or a correction names what is not there.
    """
    from gengdi_desktop.intake.adding_outlines import preview_outlines
    from gengdi_desktop.intake.fields import fields
    from gengdi_desktop.intake.mapping import parse_choice
    from gengdi_desktop.intake.previews import ImportOptions

    options = ImportOptions(
        sheet=wish.layer or None,
        columns={letters: parse_choice(text) for letters, text in wish.columns.items()},
    )
    handle = preview_outlines(ledger, wish.path, options, progress)
    try:
        labels = {code: one.label for code, one in fields().items()}
        return OutlineWork(_view(handle, wish, labels), (("", "照原样保留"), *labels.items()), handle)
    except BaseException:
        handle.close()
        raise


def add(ledger: Ledger, work: OutlineWork, by: Actor, progress: Progress) -> Changes:
    """Write what the preview showed, as one entry.

    Raises:
        SurroundingsError: The ledger cannot be written.
        Cancelled: ``progress`` said so; nothing was written.
    """
    from gengdi_desktop.intake.adding_outlines import add_outlines

    changes = add_outlines(ledger, work.handle, by=by, progress=progress)
    work.close()
    return changes


def remember(ledger: Ledger, work: OutlineWork, by: Actor) -> Changes:
    """Keep how the columns were matched for files that are laid out alike."""
    from gengdi_desktop.intake import service

    return service.remember_mapping(ledger, work.handle.found, by=by)


def shapes_of(ledger: Ledger, work: OutlineWork, plot: str) -> tuple[MapPlot, ...]:
    """The outline that a plot would get, over the one that it has; runs in the reading lane.

    Raises:
        RuleError: ``outline_damaged``.
    """
    from gengdi_desktop.geo.outlines import Outline
    from gengdi_desktop.ledger.outlines import outlines

    had = outlines(ledger, [plot]).get(plot)
    name = work.handle.names.get(plot, "")
    given = next((one.record for one in work.handle.outlines if one.plot == plot), None)
    old = had.shape() if had is not None and not had.borrowed else None
    made = [] if old is None else [map_shape("", "台账里的" if given is not None else name, old, "stone")]
    if given is not None:
        made.append(map_shape(plot, name, Outline.from_wkb(given.wkb), "soil"))
    return tuple(made)


# -- showing


def _view(handle: OutlinePreview, wish: OutlineWish, labels: dict[str, str]) -> OutlinesView:
    from gengdi_desktop.intake.adding_outlines import OutlineFate

    found = handle.found
    counts = {code: handle.count(OutlineFate(code)) for code in _FATES}
    told = [f"{_FATES[code][0]} {words.count(number)}" for code, number in counts.items() if number]
    matched = sum(counts[code] for code in ("added", "replaced", "unchanged", "without"))
    return OutlinesView(
        title=wish.path.name,
        layers=_layers(found),
        layer_names=tuple(sheet.sheet.name for sheet in found.sheets),
        features=_features(handle),
        columns=column_views(found, labels),
        summary=f"{words.count(len(handle.fates))} 个图形：{'，'.join(told)}" if told else "没有图形",
        added=counts["added"],
        replaced=counts["replaced"],
        matched=matched,
        newcomers=_newcomers(handle),
        again={one.plot: one.sentence for one in handle.again},
    )


def _newcomers(handle: OutlinePreview) -> int:
    """Features that would become plots if the file were taken in as a list: an area and no plot in the ledger."""
    from gengdi_desktop.intake.adding_outlines import OutlineFate
    from gengdi_desktop.intake.diff import RowOutcome

    pairs = zip(handle.fates, handle.found.decisions, strict=False)
    return sum(
        bool(
            fate.fate is OutlineFate.UNMATCHED and decision.outcome is RowOutcome.IMPORTED and fate.reading.issued_area
        )
        for fate, decision in pairs
    )


def _layers(found: ImportPreview) -> tuple[LayerView, ...]:
    if found.shapes is None:
        return ()
    read = {sheet.sheet.name for sheet in found.sheets_read} or {sheet.sheet.name for sheet in found.sheets}
    return tuple(
        LayerView(
            one.name,
            _system_words(one.crs) if one.crs else "用不了，边界没有读",
            tuple(text for _code, text in sorted(one.notes, key=lambda note: note[0] not in _UNPLACED)),
            stopped=not one.crs or any(code in _UNPLACED for code, _text in one.notes),
        )
        for one in found.shapes.layers
        if one.name in read
    )


def _system_words(code: str) -> str:
    """The Chinese name of a coordinate system as tables keep it."""
    from gengdi_desktop.geo.systems import WGS84_CODE, systems

    number = code.removeprefix("EPSG:")
    if number.isdecimal() and int(number) in systems():
        return systems()[int(number)].label
    return "WGS 84（经纬度）" if number == str(WGS84_CODE) else code


def _features(handle: OutlinePreview) -> tuple[FeatureView, ...]:
    whys = {(one.sheet, one.row): one.message for one in handle.problems}
    again = {one.plot: one.sentence for one in handle.again}
    names = {sheet.sheet.position: sheet.sheet.name for sheet in handle.found.sheets}
    layers = handle.found.shapes.layers if handle.found.shapes is not None else ()
    unplaced = {at for at, layer in enumerate(layers) if not layer.crs}
    made = [
        _feature(
            one, handle.names, whys.get((names[one.reading.sheet], one.reading.row), ""), again,
            placed=one.reading.sheet not in unplaced,
        )
        for one in handle.fates
    ]  # fmt: skip
    first = ("对不上", _UNREAD[0], _DIFFERS[0], _UNUSABLE[0])
    order = {word: at for at, word in enumerate(dict.fromkeys((*first, *(one[0] for one in _FATES.values()))))}
    return tuple(sorted(made, key=lambda one: (one.plot not in again, order[one.what])))


def _feature(
    one: FeatureFate, names: Mapping[str, str], why: str, again: Mapping[str, str], *, placed: bool
) -> FeatureView:
    reading = one.reading
    word, sign, tone = _FATES[one.fate.value]
    if one.differs and one.fate.value in {"added", "replaced"}:
        word, sign, tone = _DIFFERS
    elif one.fate.value == "without" and not placed:
        word, sign, tone = _UNUSABLE
    elif reading.blank:
        word, sign, tone = _UNREAD
    name = names.get(one.plot or "", "") or reading.called
    told = why or again.get(one.plot or "", "") or (_differs_words(one) if one.differs else "")
    return FeatureView(
        reading.row, name or words.NOTHING, one.plot or "", word, sign, tone,
        words.mu(one.stated) if one.stated is not None else words.NOTHING,
        words.mu(one.measured) if one.measured is not None else words.NOTHING,
        _apart(one), told, one.differs,
    )  # fmt: skip


def _apart(one: FeatureFate) -> str:
    if one.stated is None or one.measured is None or one.stated == Area.ZERO:
        return ""
    more = one.measured > one.stated
    by = Area(abs(one.measured.micro_mu - one.stated.micro_mu))
    return f"{'+' if more else '−'}{percent_text(by, one.stated, 1)}%" if by > Area.ZERO else "0.0%"


def _differs_words(one: FeatureFate) -> str:
    assert one.stated is not None  # noqa: S101  (what differs has both)
    assert one.measured is not None  # noqa: S101
    return (
        f"台账里是 {words.mu(one.stated)} 亩，按边界算是 {words.mu(one.measured)} 亩，请核对是不是这一块。"
        "台账的面积不动。"
    )
