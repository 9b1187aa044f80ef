"""A county's ledger with plots of several townships, lists that name them, and whatever is out of place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import UnitKind
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import ListLineRow, PlotListRow, PlotRow, RoundRow
from tests.helpers.clock import FixedClock

TEAM, LEADER = Actor("周正"), Actor("胡建平")
COUNTY_CODE = "360124"
_SETTLED = {"claimed", "accepted", "county_accepted", "closed"}


@dataclass(frozen=True)
class CountyPlot:
    """A plot to be.

    Attributes:
        line: What its line in the list says in mu; None for no line, empty for the same as the plot.
        extra: Other columns of the plot.
    """

    id: str
    township: str
    village: str
    state: str
    mu: str
    year: int | None = 2022
    kind: str = "non_grain"
    deadline: str | None = None
    returned_on: str | None = None
    line: str | None = ""
    extra: tuple[tuple[str, Any], ...] = ()


PLOTS = (
    CountyPlot("p01", "民和镇", "云桥村", "closed", "3.20", 2021, "non_farm"),
    CountyPlot("p02", "民和镇", "云桥村", "closed", "1.05"),
    CountyPlot("p03", "民和镇", "前坊村", "accepted", "0.80"),
    CountyPlot("p04", "民和镇", "前坊村", "working", "2.15", 2021, "abandoned", "2023-08-10", "2023-08-12"),
    CountyPlot("p05", "白圩乡", "白圩村", "county_accepted", "4.40"),
    CountyPlot("p06", "白圩乡", "白圩村", "claimed", "1.79", 2021),
    CountyPlot("p07", "白圩乡", "罗家村", "closed", "2.60"),
    CountyPlot("p08", "李渡镇", "下艾村", "closed", "5.00"),
    CountyPlot("p09", "李渡镇", "下艾村", "planned", "5.00", deadline="2023-08-25"),
    CountyPlot("p10", "文港镇", "前塘村", "closed", "1.50"),
    CountyPlot("p11", "文港镇", "前塘村", "issued", "1.50", kind=""),
    CountyPlot("p12", "七里乡", "七里村", "cancelled", "0.66"),
)


def make(
    folder: Path,
    plots: tuple[CountyPlot, ...] = PLOTS,
    *,
    desk: Desk = Desk.COUNTY,
    campaign: CampaignSettings | None = None,
    open_lines: tuple[str, ...] = (),
    county_code: str = COUNTY_CODE,
) -> Ledger:
    """The ledger of 进贤县, open for writing; ``open_lines`` are areas in mu of rows that found no plot."""
    new = ledgers.NewLedger(
        desk,
        "进贤县",
        "进贤县",
        TEAM.name,
        county_code=county_code,
        unit_code=COUNTY_CODE,
        unit_kind=UnitKind.COUNTY.value,
        sample=True,
        settings=campaign,
    )
    ledger = ledgers.create_ledger(folder, new, FixedClock())
    ledgers.add_member(ledger, LEADER.name, Role.LEADER, by=TEAM)
    with ledger.begin(Operation.IMPORT, TEAM) as work:
        listed = PlotListRow(name="2021—2022年度耕地流出图斑清单", kind="outflow", area_header="流出面积（亩）")
        work.session.add(listed)
        work.session.flush()
        for position, plot in enumerate(plots):
            _put(work.session, plot, position, listed.id or 0)
        for row, mu in enumerate(open_lines, start=900):
            area = Area.parse(mu).micro_mu
            work.session.add(
                ListLineRow(list_id=listed.id or 0, sheet="明细", row=row, status="open", issued_area=area)
            )
        work.commit()
    return ledger


def _put(session: Any, plot: CountyPlot, position: int, list_id: int) -> None:
    area = Area.parse(plot.mu).micro_mu
    given = {
        "county": "进贤县",
        "plot_no": f"{position + 1:04d}",
        "position": position,
        "outflow_year": plot.year,
        "kind": plot.kind,
        "class_after_name": "其他园地",
        "checked_on": None if plot.state == "issued" else "2023-07-26",
        **dict(plot.extra),
    }
    session.add(
        PlotRow(
            id=plot.id,
            township=plot.township,
            village=plot.village,
            state=plot.state,
            issued_area=area,
            **given,
        )
    )
    session.flush()
    session.add(
        RoundRow(
            id=f"{plot.id}:1",
            plot_id=plot.id,
            target=area,
            restored=area if plot.state in _SETTLED else 0,
            deadline=plot.deadline,
            returned_on=plot.returned_on,
            claimed_on="2023-08-10" if plot.state in _SETTLED else None,
            claimed_by="吴小琴" if plot.state in _SETTLED else "",
            person="章建平",
            measure="清理果树后复种晚稻",
        )
    )
    if plot.line is not None:
        said = Area.parse(plot.line).micro_mu if plot.line else area
        line = ListLineRow(list_id=list_id, sheet="明细", row=position + 3, status="entered", issued_area=said)
        line.plot_id = plot.id
        session.add(line)
