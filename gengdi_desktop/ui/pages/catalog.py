"""The places of the navigation in their order, and the page that each one opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.pages.county_page import CountyPage
from gengdi_desktop.ui.pages.evidence_page import EvidencePage
from gengdi_desktop.ui.pages.exchange_page import ExchangePage
from gengdi_desktop.ui.pages.home_page import HomePage
from gengdi_desktop.ui.pages.intake_outlines_page import OutlinesPage
from gengdi_desktop.ui.pages.intake_page import IntakePage
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.map_page import MapPage
from gengdi_desktop.ui.pages.members_page import MembersPage
from gengdi_desktop.ui.pages.phase_page import make_phase_page
from gengdi_desktop.ui.pages.plot_page import PlotPage
from gengdi_desktop.ui.pages.plot_photos_page import PlotPhotosPage
from gengdi_desktop.ui.pages.recurrence_page import RecurrencePage
from gengdi_desktop.ui.pages.reports_page import ReportsPage
from gengdi_desktop.ui.pages.sampling_page import SamplingPage
from gengdi_desktop.ui.pages.settings_page import SettingsPage
from gengdi_desktop.ui.pages.sheets_page import SheetsPage
from gengdi_desktop.ui.pages.verify_page import VerifyPage
from gengdi_desktop.ui.widgets.navigation import Place
from gengdi_desktop.ui.widgets.page import Page

PLACES: Final = (
    Place("home", "工作台", "home"),
    Place("ledger", "图斑台账", "ledger"),
    Place("intake", "导入", "import"),
    Place("self_check", "自查", "search", group=1),
    Place("rectification", "整改", "sprout", group=1),
    Place("acceptance", "验收", "stamp", group=1),
    Place("sampling", "抽查", "target", group=1),
    Place("summary", "总结", "flag", group=1),
    Place("county", "县级汇总", "columns", group=2, desks=frozenset({Desk.COUNTY})),
    Place("reports", "报告", "report", group=2),
    Place("evidence", "照片", "camera", group=2),
    Place("map", "地图", "map", group=2),
    Place("exchange", "交换", "drive", group=2),
    Place("members", "成员与分工", "members", group=3, low=True),
    Place("settings", "设置", "tune", group=3, low=True),
)
_PAGES: Final[Mapping[str, Callable[[UiContext], Page]]] = {
    "home": HomePage,
    "ledger": LedgerPage,
    "intake": IntakePage,
    "outlines": OutlinesPage,
    "recurrence": RecurrencePage,
    "plot": PlotPage,
    "photo": PlotPhotosPage,
    "self_check": make_phase_page("self_check"),
    "sheets": SheetsPage,
    "rectification": make_phase_page("rectification"),
    "acceptance": make_phase_page("acceptance"),
    "sampling": SamplingPage,
    "summary": make_phase_page("summary"),
    "county": CountyPage,
    "reports": ReportsPage,
    "evidence": EvidencePage,
    "map": MapPage,
    "exchange": ExchangePage,
    "verify": VerifyPage,
    "members": MembersPage,
    "settings": SettingsPage,
}
_UNDER: Final[Mapping[str, str]] = {
    "plot": "ledger",
    "photo": "ledger",
    "verify": "reports",
    "outlines": "intake",
    "recurrence": "intake",
    "sheets": "self_check",
}
"""Pages that have no place of their own: the place that is marked while they are in front."""


def place_of(page: str) -> str:
    """The place of the navigation to which a page belongs."""
    return _UNDER.get(page, page)


def make_page(code: str, context: UiContext) -> Page:
    """The page of a place, made when it is first visited."""
    return _PAGES[code](context)
