"""Which plot a row means: by its own id, its identifiers and its village number, in this order; asked where unclear."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple, Protocol

from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.intake.readings import SPLIT_CHILD, Reading, Trouble
from gengdi_desktop.ledger.words import plot_name

_CLUES = ("clue_no", "monitor_no")
_KINDS = ("bsm", "local_no", *_CLUES)
_ROW = -1


def number_key(number: str) -> str:
    """What the spellings of one plot number share: ``0012`` and ``12`` are one number in a village."""
    return number.upper().lstrip("0") or number


ISSUED_COLUMNS = (
    "issued_area",
    "plot_area",
    "cultivated_area",
    "basic_area",
    "outflow_area",
    "outflow_year",
    "kind",
    "class_before",
    "class_after",
    "restore_attribute",
)
"""The columns of a plot that a new issue of its list may say otherwise."""

_PLACE_OF = {name: place for place, name in enumerate(ISSUED_COLUMNS)}


class IssuedValues(Protocol):
    """Issued values by column: a mapping, or something that takes less room."""

    def get(self, column: str, /) -> int | str | None:
        """The value of a column; None where it has none."""


class IssuedRow(tuple[int | str | None, ...]):
    """The values of :data:`ISSUED_COLUMNS` in their order: a third of the room of a mapping."""

    __slots__ = ()

    def get(self, column: str, /) -> int | str | None:
        """The value of a column; None where it has none."""
        return self[_PLACE_OF[column]]


@dataclass(frozen=True, slots=True)
class KnownPlot:
    """A plot of the ledger, as far as rows are compared with it.

    Args:
        id: Its own id.
        target: Target of its current round, in 10⁻⁶ mu.
        issued: Issued values by column, as the table holds them.
        lists: The lists in which it has a line.
        area_field: The area that is its task, by the list that brought it.
    """

    id: str
    township: str
    village: str
    plot_no: str
    year: int | None
    state: str
    target: int
    issued: IssuedValues
    lists: frozenset[int] = frozenset()
    area_field: str = ""


class KnownIdentifier(NamedTuple):
    """An identifier of a plot, and the list that gave it."""

    plot: str
    kind: str
    value: str
    list_id: int | None


class Match(NamedTuple):
    """The plot that a row means; no id where it is a new one."""

    plot: str | None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class CalledBy:
    """What rows call their plots: all that a ledger must be asked for to match them.

    Args:
        own_ids: Ids that the ledger gave.
        identifiers: Values by kind.
        numbers: Plot numbers, as :func:`number_key` makes them.
        townships: Where the rows with numbers lie.
    """

    own_ids: frozenset[str]
    identifiers: Mapping[str, frozenset[str]]
    numbers: frozenset[str]
    townships: frozenset[str]

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> CalledBy:
        """What these rows say."""
        rows = list(readings)
        said = {name: frozenset(map(attrgetter(name), rows)) - {""} for name in ("own_id", *_KINDS)}
        numbered = [row for row in rows if row.plot_no]
        return cls(
            said.pop("own_id"),
            {kind: values for kind, values in said.items() if values},
            frozenset(number_key(row.plot_no) for row in numbered),
            frozenset(row.place.township for row in numbered),
        )


@dataclass(slots=True)
class KnownPlots:
    """The plots of the ledger by everything that a row may call them.

    Args:
        scope: The lists within which clue and monitoring numbers count.
    """

    scope: frozenset[int] = frozenset()
    plots: dict[str, KnownPlot] = field(default_factory=dict)
    _bsm: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _local: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _clues: defaultdict[tuple[str, str], dict[str, int | None]] = field(default_factory=lambda: defaultdict(dict))
    _numbers: defaultdict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _by_township: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _bsm_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, plots: Iterable[KnownPlot], identifiers: Iterable[KnownIdentifier], scope: frozenset[int]
    ) -> KnownPlots:
        """Index what the ledger knows."""
        known = cls(scope)
        villages = {"": ""}
        for plot in plots:
            known.plots[plot.id] = plot
            if plot.plot_no:
                number, village = number_key(plot.plot_no), villages.get(plot.village)
                if village is None:
                    village = villages[plot.village] = normalise_village(plot.village)
                known._numbers[plot.township, village, number].append(plot.id)
                known._by_township[plot.township, number].append(plot.id)
        for identifier in identifiers:
            if identifier.kind == "bsm":
                known._bsm[identifier.value].add(identifier.plot)
                known._bsm_of[identifier.plot] = identifier.value
            elif identifier.kind == "local_no":
                known._local[identifier.value].add(identifier.plot)
            elif identifier.kind in _CLUES:
                known._clues[identifier.kind, identifier.value].setdefault(identifier.plot, identifier.list_id)
                if identifier.list_id in scope:
                    known._clues[identifier.kind, identifier.value][identifier.plot] = identifier.list_id
        return known

    def let_go(self) -> None:
        """Give the memory back name by name: all at once it takes a tenth of a second, in which no window paints."""
        for names in (self._bsm, self._bsm_of, self._local, self._clues, self._numbers, self._by_township, self.plots):
            while names:
                names.popitem()

    def match(self, reading: Reading, *, alone: bool) -> Match:
        """The plot that a row means.

        Args:
            reading: The row.
            alone: Whether no other row of the file has its number in its township; matters only where the ledger
                has plots.
        """
        if reading.own_id:
            if reading.own_id not in self.plots:
                return self._unknown_own_id(reading)
            return self._agreed(reading, {reading.own_id}, alone=alone)
        if not self.plots:
            return Match(None)
        clued = self._by_clue(reading)
        if isinstance(clued, Trouble):
            return Match(None, clued)
        return self._agreed(reading, self._by_name(reading) | clued, alone=alone)

    def bsm_of(self, plot: str) -> str:
        """The survey identifier of a plot; empty where it has none."""
        return self._bsm_of.get(plot, "")

    def _by_name(self, reading: Reading) -> set[str]:
        """Plots of the same BSM or local number; these count in every list."""
        named = self._bsm.get(reading.bsm, set()) if reading.bsm else set()
        return named | (self._local.get(reading.local_no, set()) if reading.local_no else set())

    def _agreed(self, reading: Reading, found: set[str], *, alone: bool) -> Match:
        """One plot for all identifiers of the row, or the conflict between them."""
        numbered = self._by_number(reading, alone=alone)
        if len(found) > 1:
            return Match(None, self._conflict(sorted(found)))
        if found:
            plot = next(iter(found))
            if numbered and plot not in numbered and self._same_place(reading, plot) is False:
                return Match(None, self._conflict([plot, *numbered]))
            return Match(plot)
        if len(numbered) > 1:
            return Match(None, self._ambiguous(reading, numbered))
        return self._by_number_alone(reading, numbered[0]) if numbered else Match(None)

    def _by_number_alone(self, reading: Reading, plot: str) -> Match:
        """A plot found by village and number only; a BSM of its own that differs speaks against it."""
        other = self._bsm_of.get(plot)
        if reading.bsm and other and other != reading.bsm:
            text = (
                f"村和图斑编号对上的图斑，标识码是 {other}，这一行写的是 {reading.bsm}，不知道是哪个图斑。请核对编号。"
            )
            return Match(None, Trouble(_ROW, "identifier_conflict", text))
        return Match(plot)

    def _by_clue(self, reading: Reading) -> set[str] | Trouble:
        found: set[str] = set()
        for kind in _CLUES:
            value = getattr(reading, kind)
            plots = self._clues.get((kind, value), {}) if value else {}
            inside = {plot for plot, list_id in plots.items() if list_id in self.scope}
            if plots and not inside and not reading.bsm and not reading.plot_no:
                text = (
                    f"编号“{value}”在台账的另一份清单里已经有了，分不清是不是同一个图斑。"
                    "是重新下发的，请说明是哪份清单的重新下发。"
                )
                return Trouble(_ROW, "clue_elsewhere", text)
            found |= inside
        return found

    def _by_number(self, reading: Reading, *, alone: bool) -> list[str]:
        """Plots of the same number: in the same village and year, else in the same township where that is unique."""
        if not reading.plot_no:
            return []
        number, township, village = number_key(reading.plot_no), reading.place.township, reading.place.village_key
        everywhere = self._by_township.get((township, number), [])
        if not village:
            return self._same_year(everywhere, reading.year)
        found = self._same_year(self._numbers.get((township, village, number), []), reading.year)
        if found or not alone or len(everywhere) != 1:
            return found
        # A plot whose village nobody has said yet; one of another village is another plot.
        return [plot for plot in self._same_year(everywhere, reading.year) if not self.plots[plot].village]

    def _same_year(self, plots: list[str], year: int | None) -> list[str]:
        return [plot for plot in plots if year is None or self.plots[plot].year in {None, year}]

    def _same_place(self, reading: Reading, plot: str) -> bool | None:
        """Whether a plot lies in the village of the row; None where one of the two does not say."""
        known = self.plots[plot]
        if not known.village or not reading.place.village_key or not known.plot_no or not reading.plot_no:
            return None
        same = normalise_village(known.village) == reading.place.village_key
        return same and number_key(known.plot_no) == number_key(reading.plot_no)

    def name(self, plot: str) -> str:
        """A plot for a sentence: village and number, else its id."""
        known = self.plots[plot]
        return plot_name(known.village, known.plot_no, plot) if known.plot_no else plot

    def _conflict(self, plots: list[str]) -> Trouble:
        named = "、".join(f"“{self.name(plot)}”" for plot in dict.fromkeys(plots))
        text = f"这一行的几个编号对上了不同的图斑：{named}。请核对标识码、线索编号和图斑编号。"
        return Trouble(_ROW, "identifier_conflict", text)

    def _ambiguous(self, reading: Reading, plots: list[str]) -> Trouble:
        named = "、".join(f"“{self.name(plot)}”" for plot in plots)
        text = f"图斑编号“{reading.plot_no}”在台账里对上了好几个图斑：{named}。请补上村、年度或标识码。"
        return Trouble(_ROW, "ambiguous_match", text)

    @staticmethod
    def _unknown_own_id(reading: Reading) -> Match:
        text = f"本台账里没有编号“{reading.own_id}”，这份表可能是别的台账的。请核对。"
        return Match(None, Trouble(_ROW, "unknown_own_id", text))


class FileIdentities:
    """The identities of the rows of one file, so that none stands in it twice."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        self._in_township: Counter[tuple[str, str]] | None = None
        said = [name for name in ("own_id", "bsm", *_CLUES) if any(map(attrgetter(name), readings))]
        self._first: dict[str, dict[object, Reading]] = {name: {} for name in said}
        self._numbers: dict[tuple[object, ...], Reading] = {}
        self._all_differ = all(map(_differ, map(self._values, said))) and _differ(
            [_number_identity(one) for one in readings if _counts_by_number(one)]
        )

    def _values(self, name: str) -> list[str]:
        value_of = attrgetter(name)
        found = [(value, one) for one in self._readings if (value := value_of(one))]
        # The parts of a split plot share the clue that it was found by.
        return [value for value, one in found if not (one.split == SPLIT_CHILD and name in _CLUES)]

    def alone(self, reading: Reading) -> bool:
        """Whether no other row has its number in its township."""
        if self._in_township is None:
            self._in_township = Counter(
                (one.place.township, number_key(one.plot_no)) for one in self._readings if one.plot_no
            )
        return self._in_township[reading.place.township, number_key(reading.plot_no)] == 1

    def twice(self, reading: Reading) -> Trouble | None:
        """The trouble of a row whose plot stands further up; None for the first row of a plot."""
        if self._all_differ:
            return None  # as in nearly all files
        earlier = None
        for name, first in self._first.items():
            value = getattr(reading, name)
            # The parts of a split plot share the clue that it was found by.
            if value and not (reading.split == SPLIT_CHILD and name in _CLUES):
                known = first.setdefault(value, reading)
                earlier = earlier or (known if known is not reading else None)
        if _counts_by_number(reading):
            known = self._numbers.setdefault(_number_identity(reading), reading)
            earlier = earlier or (known if known is not reading else None)
        if earlier is None:
            return None
        text = f"和第 {earlier.row} 行是同一个图斑，重复算会多出面积。请在原表删掉一行，或改正编号。"
        return Trouble(_ROW, "twice_in_file", text)


def _differ(values: Sequence[object]) -> bool:
    return len(set(values)) == len(values)


def _counts_by_number(reading: Reading) -> bool:
    """Whether village and number tell which plot a row means, or nothing else does."""
    return bool(
        reading.plot_no and (reading.place.village or not (reading.bsm or reading.clue_no or reading.monitor_no))
    )


def _number_identity(reading: Reading) -> tuple[object, ...]:
    place, number = reading.place, number_key(reading.plot_no)
    if reading.split == SPLIT_CHILD:
        return ("child", place.township, place.village_key, number, reading.year, reading.clue_no)
    return (place.township, place.village_key, number, reading.year)
