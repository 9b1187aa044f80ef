"""The way from the ledger's table back to the page whose figures led to its filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QApplication, QLineEdit

from gengdi_desktop.ui.context import Host
from gengdi_desktop.ui.models.plot_source import PlotWish
from gengdi_desktop.ui.pages.ledger_bar import LedgerBar

FROM: Final = "from"
"""Key of a wish: the page that led here."""
COUNTY: Final = "county"
_TITLES: Final[Mapping[str, str]] = {COUNTY: "县级汇总"}


def led_from(page: str, filters: Mapping[str, str]) -> dict[str, str]:
    """Filters of the table as a wish that knows its way back."""
    return {**filters, FROM: page}


class WayBack:
    """Offered as long as the filters stand that the other page asked for; who narrows them further is still on it."""

    def __init__(self, host: Host, bar: LedgerBar) -> None:
        self._host, self._bar = host, bar
        self._page = ""
        self._filters: Mapping[str, str] = {}
        bar.back_asked.connect(self.go)

    def came(self, page: str, filters: Mapping[str, str]) -> None:
        """Somebody was led here, by filters in the table's own words; an empty or unknown page leads nowhere."""
        self._page, self._filters = page if page in _TITLES and filters else "", dict(filters)

    def show(self, wish: PlotWish) -> None:
        """Offer the way, or take it off once one of its filters is gone or another view was chosen."""
        if wish.view != "all" or not self._filters.items() <= wish.filters.items():
            self._page = ""
        self._bar.show_back(_TITLES.get(self._page, ""))

    def escape(self) -> None:
        """Esc leads back too, but not out of a field in which somebody types."""
        if not isinstance(QApplication.focusWidget(), QLineEdit):
            self.go()

    def go(self) -> None:
        """Back to the line from which one came; the filters stay."""
        if self._page:
            self._host.go(self._page)
