"""A sample ledger for the window's tests: the sample's plots, walked through the phases as far as evidence allows."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from gengdi_desktop.demo.sample_plots import SAMPLE_UNIT, SamplePlot, unit_plots
from gengdi_desktop.demo.walk import drawn
from gengdi_desktop.demo.walk_plan import CLERK, LEADER, Picture, Walk, plan_walk
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.evidence.verdicts.service import bring_up
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.campaign_file import parse_campaign
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases import service as phases
from gengdi_desktop.storage.tables import IdentifierRow, ListLineRow, PlotListRow, PlotRow
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.reference import divisions
from gengdi_desktop.system.resources import resource

_KINDS = {"非农化": "non_farm", "非粮化": "non_grain", "撂荒": "abandoned", "其他": "other"}
_SMALL = (240, 180)
_QUALITY = 60
_EXIF_DATE, _EXIF_NOTE = 0x0132, 0x010E
LONG_VILLAGES = ("白圩乡赛阳关果场社区居民委员会", "罗家渡口水库移民安置新村", "白圩乡综合开发区管理委员会")


def make_desk(folder: Path, clock: Clock, *, walked: bool = True, long_names: bool = False) -> Path:
    """Make the sample ledger in *folder* and return it; closed again."""
    unit = divisions().by_code(SAMPLE_UNIT)
    assert unit is not None
    plots = unit_plots(divisions(), unit)
    new = service.NewLedger(
        desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member=CLERK, name="白圩乡2023整改台账（样例）",
        county_code=SAMPLE_UNIT[:6], unit_code=SAMPLE_UNIT, sample=True,
        settings=parse_campaign(resource("sample/campaign.toml").read_bytes()),
    )  # fmt: skip
    with service.create_ledger(folder, new, clock) as ledger:
        if not any(one.name == LEADER for one in service.members(ledger)):
            service.add_member(ledger, LEADER, Role.LEADER, by=Actor(CLERK))
        ids = _enter(ledger, plots, long_names=long_names)
        if walked:
            _walk(ledger, plan_walk(plots), plots, ids, folder.parent)
            bring_up(ledger)  # as at the end of a day: else every window on a copy would judge all plots anew
    return folder


def _enter(ledger: Ledger, plots: Iterable[SamplePlot], *, long_names: bool) -> dict[str, str]:
    ids: dict[str, str] = {}
    rows, lines, names = [], [], []
    with ledger.begin(Operation.IMPORT, Actor(CLERK)) as work:
        issued = PlotListRow(name="白圩乡耕地流出图斑清单（样例）", kind="outflow", area_field="cultivated_area")
        work.session.add(issued)
        work.session.flush()
        plots = list(plots)
        first = work.new_keys(ListLineRow, len(plots))
        key = work.new_keys(IdentifierRow, len(plots))
        for at, plot in enumerate(plots):
            own = f"{at:032x}"
            ids[plot.bsm] = own
            village = LONG_VILLAGES[at // 7 % 3] if long_names and at % 7 == 0 else plot.village.short_name
            rows.append((
                own, work.seq, at, plot.county.name, plot.unit.name, village, plot.number, plot.year,
                _KINDS[plot.kind], "current", plot.class_before[0], plot.class_before[1], plot.class_after[0],
                plot.class_after[1], plot.cultivated_area.micro_mu, plot.basic_area.micro_mu, "issued", 1,
            ))  # fmt: skip
            lines.append((
                first + at, issued.id, "汇总", at + 5, own, "entered", plot.cultivated_area.display(), "mu",
                plot.cultivated_area.micro_mu,
            ))  # fmt: skip
            names.append((key + at, own, "bsm", plot.bsm))
        issued.stated_count = len(rows)
        issued.stated_area = sum(plot.cultivated_area.micro_mu for plot in plots)
        work.bulk(
            PlotRow,
            ("id", "entry", "position", "county", "township", "village", "plot_no", "outflow_year", "kind",
             "class_system", "class_before", "class_before_name", "class_after", "class_after_name", "issued_area",
             "basic_area", "state", "round"),
            rows,
        )  # fmt: skip
        line_names = ("id", "list_id", "sheet", "row", "plot_id", "status", "issued_text", "issued_unit", "issued_area")
        work.bulk(ListLineRow, line_names, lines)
        work.bulk(IdentifierRow, ("id", "plot_id", "kind", "value"), names)
        work.commit()
    return ids


def _walk(ledger: Ledger, walk: Walk, plots: Iterable[SamplePlot], ids: dict[str, str], scratch: Path) -> None:
    by_bsm = {one.bsm: one for one in plots}
    for picture in walk.pictures:
        plot = by_bsm[picture.plot]
        file = scratch / f"{plot.number}_{Stage(picture.stage).label}_{picture.on:%Y%m%d}.jpg"
        file.write_bytes(_small(plot, picture))
        evidence.attach(ledger, ids[picture.plot], [file], picture.stage, by=Actor(CLERK))
        file.unlink()
    for step in walk.steps:
        own = [ids[one] for one in step.plots]
        phases.act(ledger, step.action.value, own, step.values, by=Actor(step.by), event_date=step.on)


def _small(plot: SamplePlot, picture: Picture) -> bytes:
    """The sample's own drawn photo, small, since every test works on a copy of the desk; no two are the same file."""
    shown = _drawn_once(picture.stage, picture.ground, plot, picture)
    exif = shown.getexif()
    exif[_EXIF_DATE] = f"{picture.on:%Y:%m:%d} 09:30:00"
    exif[_EXIF_NOTE] = f"SAMPLE {plot.bsm}"
    stream = io.BytesIO()
    shown.save(stream, "JPEG", quality=_QUALITY, exif=exif)
    return stream.getvalue()


_DRAWN: dict[tuple[str, str], Image.Image] = {}


def _drawn_once(stage: str, ground: str, plot: SamplePlot, picture: Picture) -> Image.Image:
    """One drawing for each stage and ground: two hundred of them would take longer than the whole walk."""
    if (stage, ground) not in _DRAWN:
        image = Image.open(io.BytesIO(drawn(plot, picture)))
        image.thumbnail(_SMALL)
        _DRAWN[stage, ground] = image
    return _DRAWN[stage, ground]
