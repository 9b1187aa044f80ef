"""Rows in which nothing is out of the ordinary: read in one go, by what rows before them have said.

No rule stands here. What a text means is taken over from rows that the reader of all rows has read without a word of
doubt; a row that says anything that no such row has said is left to that reader, and learned from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.intake import values
from gengdi_desktop.intake.marks import CLASS_FIELDS, is_broken
from gengdi_desktop.intake.places import Place
from gengdi_desktop.intake.readings import Plan, Reading
from gengdi_desktop.sheets.cells import CellKind, SheetRow

_MOST_LEARNED = 20_000
_WORDS = ("outflow_year", "outflow_type", "restore_attr", *CLASS_FIELDS)
_RARE = ("party_phone", "build_date", "split_status", "parent_plot_no")


class AreaColumn(NamedTuple):
    """An area of a reading.

    Args:
        place: Which of its areas.
        column: Its index; −1 for the area that is the task.
        micro: How many 10⁻⁶ mu one of its unit is.
    """

    place: int
    column: int
    micro: int


class Layout(NamedTuple):
    """Where a sheet says what.

    Args:
        sheet: Position of the sheet.
        width: How many columns it has.
        at: Field → index of its column; −1 for those that the list has not.
        place_of: Takes the texts that say where a plot lies.
        identities: Names and columns of the numbers.
        issued: The column of the area that is the task.
        unit: Its unit.
        areas: The areas that the list has, the issued one among them.
        texts_of: Takes the free words; None where there is no column for them.
        plan_of: Takes the texts of who does what; None where there is no column for it.
        read_centre: Puts the centre into a reading; None where there is no column for it.
    """

    sheet: int
    width: int
    at: Mapping[str, int]
    place_of: Callable[[Sequence[str]], tuple[str, ...]]
    identities: Sequence[tuple[str, int]]
    issued: int
    unit: AreaUnit
    areas: Sequence[AreaColumn]
    texts_of: Callable[[Sequence[str]], tuple[str, ...]] | None
    plan_of: Callable[[Sequence[str]], tuple[str, ...]] | None
    read_centre: Callable[[Reading, list[str]], None] | None


class _Areas(dict[str, int | None]):
    """10⁻⁶ mu of plain decimals; None for every other text."""

    def __init__(self, micro: int) -> None:
        super().__init__()
        self._micro = micro

    def __missing__(self, text: str) -> int | None:
        found = values.plain_area(text, self._micro)
        if len(self) < _MOST_LEARNED:
            self[text] = found
        return found


class PlainRows:
    """Reads plain rows of one sheet.

    Args:
        layout: Where the sheet says what.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._words_of = itemgetter(*(layout.at[name] for name in _WORDS))
        self._rare = [layout.at[name] for name in _RARE if layout.at[name] >= 0]
        self._issued = _Areas(layout.unit.micro_mu)
        self._areas = [(area.place, area.column, _Areas(area.micro)) for area in layout.areas]
        self._sound: dict[str, bool] = {}
        self._places: dict[tuple[str, ...], Place] = {}
        self._words: dict[tuple[str, ...], tuple[int | None, str, str, tuple[str, str, str, str]]] = {}
        self._texts: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._plans: dict[tuple[str, ...], Plan | None] = {}

    def read(self, row: SheetRow, texts: list[str]) -> Reading | None:
        """What the row says; None where that is not known yet, or not plain.

        Args:
            row: The row.
            texts: Its texts, one more than the sheet is wide.
        """
        layout = self._layout
        place = self._places.get(layout.place_of(texts))
        words = self._words.get((row.kinds, *self._words_of(texts)))
        if place is None or words is None or row.struck or not self._is_sound(row.kinds, texts):
            return None
        reading = Reading(layout.sheet, row.number, place, year=words[0])
        if not (self._read_identity(reading, texts) and self._read_areas(reading, texts)):
            return None
        if words[1]:
            reading.kind = words[1]
        if words[2]:
            reading.restore = words[2]
        if words[3] is not Reading.classes:
            reading.classes = words[3]
        if not self._read_free(reading, row.kinds, texts):
            return None
        if layout.read_centre is not None:
            layout.read_centre(reading, texts)  # last, since what it tells it tells once
        return reading

    def _read_free(self, reading: Reading, kinds: str, texts: list[str]) -> bool:
        """Free words, and who does what by when."""
        layout = self._layout
        if layout.texts_of is not None:
            said = layout.texts_of(texts)
            if any(said):
                known = self._texts.get(said)
                if known is None:
                    return False
                reading.texts = known
        if layout.plan_of is not None:
            planned = (kinds, *layout.plan_of(texts))
            if planned not in self._plans:
                return False
            plan = self._plans[planned]
            if plan is not None:
                reading.plan = plan
        return True

    def learn(self, row: SheetRow, texts: list[str], reading: Reading) -> None:
        """Take over what a row says that has been read without a word of doubt."""
        if reading.refusals or reading.notes or reading.blank or len(self._words) > _MOST_LEARNED:
            return
        layout = self._layout
        place = reading.place
        if place.refused is None and not place.notes and len(self._places) < _MOST_LEARNED:
            self._places[layout.place_of(texts)] = place
        self._words[row.kinds, *self._words_of(texts)] = reading.year, reading.kind, reading.restore, reading.classes
        if layout.texts_of is not None and len(self._texts) < _MOST_LEARNED:
            self._texts[layout.texts_of(texts)] = reading.texts
        if layout.plan_of is not None and len(self._plans) < _MOST_LEARNED:
            self._plans[row.kinds, *layout.plan_of(texts)] = reading.plan

    def _is_sound(self, kinds: str, texts: list[str]) -> bool:
        """Whether no cell is broken, all numbers of plots are texts, and what few rows say is not said."""
        sound = self._sound.get(kinds)
        if sound is None:
            numbers = [kinds[index] for _, index in self._layout.identities if index < len(kinds)]
            sound = not any(map(is_broken, kinds)) and all(kind == CellKind.TEXT.value for kind in numbers)
            self._sound[kinds] = sound
        return sound and not (self._rare and any(texts[index] for index in self._rare))

    def _read_identity(self, reading: Reading, texts: list[str]) -> bool:
        found = False
        for name, index in self._layout.identities:
            text = texts[index]
            if text:
                if not (text.isascii() and text.isalnum()):
                    return False
                setattr(reading, name, text)
                found = True
        return found

    def _read_areas(self, reading: Reading, texts: list[str]) -> bool:
        layout = self._layout
        text = texts[layout.issued]
        issued = self._issued[text]
        if not issued:
            return False  # none, or nought, of which something is to be said
        areas: list[int | None] = [None, None, None, None]
        for place, index, known in self._areas:
            if index < 0:
                areas[place] = issued
                continue
            said = texts[index]
            area = known[said]
            if area is None and said:
                return False
            areas[place] = area
        plot, cultivated, basic, _ = areas
        if (cultivated is not None and plot is not None and cultivated > plot) or (
            basic is not None and cultivated is not None and basic > cultivated
        ):
            return False
        reading.issued_text, reading.issued_unit, reading.issued_area = text, layout.unit, issued
        reading.areas = tuple(areas)
        return True
