"""What stands in two townships: a plot under two ids, a photo at plots of both. Questions for people, no verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from gengdi_desktop.consolidation import store
from gengdi_desktop.consolidation.same_places import meetings
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.domain.states import State
from gengdi_desktop.evidence.likeness import store as likeness
from gengdi_desktop.intake.matching import number_key
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.evidence.likeness.index import Match
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
_STEPS = 5


class Sign(StrEnum):
    """By what two plots are taken for one."""

    BSM = "bsm"
    CLUE = "clue_no"
    MONITOR = "monitor_no"
    OVERLAP = "overlap"
    NEAR = "near"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class TwinPlot:
    """A plot that stands in another township too.

    Attributes:
        id: Its own id.
        unit: The key of its township, as :class:`~gengdi_desktop.domain.county_units.Unit` has it.
        township: The name of that township.
        village: As its list wrote it.
        plot_no: As its list wrote it.
        area: As issued.
        state: Where it stands.
    """

    id: str
    unit: str
    township: str
    village: str
    plot_no: str
    area: Area
    state: State

    @property
    def name(self) -> str:
        """Township, village and number in one."""
        return f"{self.township} {plot_name(self.village, self.plot_no)}"


@dataclass(frozen=True, slots=True)
class PlotTwins:
    """Plots of several townships that may be one.

    Attributes:
        plots: Two or more, of at least two townships.
        signs: By what, each with its words: 标识码都是 360124000000000012.
    """

    plots: tuple[TwinPlot, ...]
    signs: Mapping[Sign, str]

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        named = "、".join(f"“{plot.name}”" for plot in self.plots)
        return f"{named}：{'，'.join(self.signs.values())}，请核实是不是同一个图斑。"


@dataclass(frozen=True, slots=True)
class PhotoAt:
    """A photo at a plot.

    Attributes:
        plot: The plot.
        stage: At which stage.
        attachment: The attachment's number in this ledger.
        sha256: The hash of the picture.
        file_name: How the file was called.
    """

    plot: TwinPlot
    stage: Stage
    attachment: int
    sha256: str
    file_name: str


@dataclass(frozen=True, slots=True)
class PhotoTwins:
    """One photo at plots of several townships.

    Attributes:
        uses: Where it is used, of at least two townships.
        score: How much of both pictures is the same, 0 to 100; 100 where the files are the same.
        same: Whether the files are the same, byte for byte.
        mirrored: Whether left and right are exchanged.
    """

    uses: tuple[PhotoAt, ...]
    score: int
    same: bool
    mirrored: bool

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        named = "、".join(dict.fromkeys(f"“{use.plot.name} {use.stage.label}”" for use in self.uses))
        if self.same:
            return f"{named}用了同一张照片。"
        return f"{named}用了几乎一样的照片（相似 {self.score}%{'，左右相反' if self.mirrored else ''}），请比对。"


@dataclass(frozen=True, slots=True)
class Twins:
    """What stands in two townships.

    Attributes:
        plots: Plots, those with the surest sign first.
        photos: Photos, the same files first, then the most alike.
        not_compared: Photos that were not compared with the others yet: only the same file is found of them.
    """

    plots: tuple[PlotTwins, ...]
    photos: tuple[PhotoTwins, ...]
    not_compared: int


def twins(ledger: Ledger, progress: Progress | None = None) -> Twins:
    """Everything that stands in two townships, from one snapshot; cancelled plots and parts of split ones aside.

    Raises:
        Cancelled: ``progress`` said so.
    """
    units = CountyUnits(divisions(), ledger.info.county_code, ledger.info.county)
    told = progress or (lambda _done, _total: None)
    with ledger.reading() as session:
        told(0, _STEPS)
        signs = _by_identifier(session)
        told(1, _STEPS)
        signs += _by_number(session, units)
        told(2, _STEPS)
        signs += _by_place(session, units)
        told(3, _STEPS)
        alike = likeness.all_alike(session)
        photos = store.uses_of_photos(session, alike)
        told(4, _STEPS)
        known = _plots(session, units, {plot for _, plots, _ in signs for plot in plots} | {one.plot for one in photos})
        not_compared = len(likeness.without_print(session))
    return Twins(_plot_twins(signs, known), _photo_twins(photos, alike, known), not_compared)


_Found = list[tuple[Sign, tuple[str, ...], str]]


def _by_identifier(session: Session) -> _Found:
    words = {Sign.BSM: "标识码都是", Sign.CLUE: "线索编号都是", Sign.MONITOR: "监测编号都是"}
    return [
        (Sign(kind), plots, f"{words[Sign(kind)]} {value}")
        for (kind, value), plots in store.shared_identifiers(session, [sign.value for sign in words]).items()
    ]


def _by_number(session: Session, units: CountyUnits) -> _Found:
    """One number in one village under two townships, where the division table does not know a village in each."""
    villages: defaultdict[str, dict[str, list[store.Village]]] = defaultdict(dict)
    for one in store.villages(session):
        key = units.key_of(one.township, one.code)
        villages[normalise_village(one.village)].setdefault(key, []).append(one)
    asked = [one for at in villages.values() if len(at) > 1 for some in at.values() for one in some]
    alike: defaultdict[tuple[str, str, int | None], dict[str, str]] = defaultdict(dict)
    for plot in store.numbered_plots(session, asked):
        key = units.key_of(plot.township, plot.code)
        name = normalise_village(plot.village)
        alike[name, number_key(plot.plot_no), plot.year].setdefault(key, plot.id)
    found: _Found = []
    for (name, number, _year), at in alike.items():
        for here, there in combinations(at, 2):
            if not (units.has_village(here, name) and units.has_village(there, name)):
                found.append((Sign.NUMBER, (at[here], at[there]), f"村名和编号都是 {name} {number}"))
    return found


def _by_place(session: Session, units: CountyUnits) -> _Found:
    placed = store.placed_plots(session)
    keys = units.keys_of({(one.township, one.code) for one in placed})
    owners = [keys[one.township, one.code] for one in placed]
    found: _Found = []
    for met in meetings(placed, owners, lambda plots: store.outlines_of(session, plots)):
        if met.share:
            found.append((Sign.OVERLAP, (met.one, met.other), f"图上重叠 {int(met.share * 100)}%"))
        else:
            found.append((Sign.NEAR, (met.one, met.other), f"中心点只差 {met.metres:.0f} 米"))
    return found


def _plots(session: Session, units: CountyUnits, ids: Iterable[str]) -> dict[str, TwinPlot]:
    found = {}
    for row in store.plots(session, ids):
        unit = units.unit_of(row.township, row.code)
        area, state = Area(row.area), State(row.state)
        found[row.id] = TwinPlot(row.id, unit.key, unit.name, row.village, row.plot_no, area, state)
    return found


def _plot_twins(found: _Found, known: Mapping[str, TwinPlot]) -> tuple[PlotTwins, ...]:
    """Those of several townships; what several signs say of the same plots is said once."""
    signs: defaultdict[tuple[str, ...], dict[Sign, str]] = defaultdict(dict)
    for sign, plots, words in found:
        there = tuple(sorted(plot for plot in plots if plot in known))
        if len({known[plot].unit for plot in there}) > 1:
            signs[there].setdefault(sign, words)
    order = {sign: place for place, sign in enumerate(Sign)}
    pairs = [
        PlotTwins(
            tuple(sorted((known[plot] for plot in plots), key=lambda plot: (plot.unit, plot.id))),
            dict(sorted(told.items(), key=lambda item: order[item[0]])),
        )
        for plots, told in signs.items()
    ]
    return tuple(sorted(pairs, key=lambda pair: (order[next(iter(pair.signs))], pair.plots[0].unit, pair.plots[0].id)))


def _photo_twins(
    uses: Sequence[store.PhotoAtPlot],
    alike: Mapping[str, Sequence[Match]],
    known: Mapping[str, TwinPlot],
) -> tuple[PhotoTwins, ...]:
    by_file: defaultdict[str, list[PhotoAt]] = defaultdict(list)
    for use in uses:
        if use.plot in known:
            one = PhotoAt(known[use.plot], Stage(use.stage), use.attachment, use.sha256, use.file_name)
            by_file[use.sha256].append(one)
    found = [PhotoTwins(tuple(at), 100, same=True, mirrored=False) for at in by_file.values() if _units(at) > 1]
    for sha256, matches in alike.items():
        for match in matches:
            # Each pair is kept with both of its photos.
            ones, others = by_file.get(sha256, ()), by_file.get(match.key, ())
            if sha256 < match.key and any(a.plot.unit != b.plot.unit for a in ones for b in others):
                found.append(PhotoTwins((*ones, *others), match.score, same=False, mirrored=match.mirrored))
    return tuple(sorted(found, key=lambda one: (not one.same, -one.score, one.uses[0].attachment)))


def _units(uses: Iterable[PhotoAt]) -> int:
    return len({use.plot.unit for use in uses})
