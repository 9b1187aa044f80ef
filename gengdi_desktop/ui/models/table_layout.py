"""How a person has set up the table of a ledger: columns, their order and widths, what stays, and saved views.

Kept among the preferences of the user, one text for each ledger, and not in the ledger: a view is a habit, not a fact,
it must not stand in a journal that is handed in, and it can be kept for a ledger that one may only read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from gengdi_desktop.ui.models.plot_columns import BY_KEY, NUMBER, USUAL, USUAL_FROZEN
from gengdi_desktop.ui.models.plot_source import VIEWS, PlotWish
from gengdi_desktop.ui.widgets.table_cells import Column

GROUPS: Final[Mapping[str, str]] = {
    "": "不分组",
    "village": "按村分组",
    "township": "按乡镇分组",
    "kind": "按类型分组",
    "state": "按状态分组",
    "person": "按责任人分组",
}
"""By what the rows can stand together."""
_NARROWEST: Final = 24


@dataclass(frozen=True)
class TableLayout:
    """Which columns, in which order; the row number is always first.

    Attributes:
        columns: Their keys.
        frozen: How many of the first stay when the others are scrolled; the row number counts.
        widths: Widths set by hand, at text scale 1.
    """

    columns: tuple[str, ...] = USUAL
    frozen: int = USUAL_FROZEN
    widths: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns themselves."""
        return tuple(BY_KEY[key] for key in self.columns)

    def moved(self, key: str, to: str) -> TableLayout:
        """One column put where another stands."""
        rest = [one for one in self.columns if one != key]
        at = self.columns.index(to)
        rest.insert(at, key)
        return replace(self, columns=tuple(rest))

    def without(self, key: str) -> TableLayout:
        """A column hidden; the last one stays."""
        rest = tuple(one for one in self.columns if one != key)
        frozen = self.frozen - (key in self.columns[: self.frozen])
        return self.chosen(rest[1:], frozen)

    def chosen(self, keys: Sequence[str], frozen: int) -> TableLayout:
        """These columns behind the row number; nonsense is made good."""
        known = tuple(dict.fromkeys(key for key in keys if key in BY_KEY and key != NUMBER))
        columns = (NUMBER, *known) if known else USUAL
        return replace(self, columns=columns, frozen=min(max(frozen, 1), len(columns) - 1))


@dataclass(frozen=True)
class SavedView:
    """A view that somebody named: what it asks for and how it looks."""

    name: str
    wish: PlotWish
    layout: TableLayout


@dataclass(frozen=True)
class TableHabits:
    """Everything that is remembered of one ledger's table."""

    layout: TableLayout = field(default_factory=TableLayout)
    views: tuple[SavedView, ...] = ()

    def view(self, name: str) -> SavedView | None:
        """A saved view; None for an unknown name."""
        return next((one for one in self.views if one.name == name), None)

    def with_view(self, view: SavedView) -> TableHabits:
        """Keep a view; one of the same name gives way."""
        rest = tuple(one for one in self.views if one.name != view.name)
        return replace(self, views=(*rest, view))

    def without_view(self, name: str) -> TableHabits:
        """Forget a view."""
        return replace(self, views=tuple(one for one in self.views if one.name != name))

    def as_text(self) -> str:
        """For the preferences."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_habits(text: str) -> TableHabits:
    """What was kept; what is missing or cannot be read counts as never set."""
    try:
        kept = json.loads(text or "{}")
        views = tuple(
            SavedView(str(one["name"]), _wish(one["wish"]), _layout(one["layout"])) for one in kept.get("views", ())
        )
        return TableHabits(_layout(kept.get("layout", {})), views)
    except (ValueError, TypeError, KeyError, AttributeError):
        return TableHabits()


def _layout(kept: Mapping[str, Any]) -> TableLayout:
    widths = {str(key): max(int(width), _NARROWEST) for key, width in kept.get("widths", {}).items() if key in BY_KEY}
    return TableLayout(widths=widths).chosen(kept.get("columns", USUAL), int(kept.get("frozen", USUAL_FROZEN)))


def _wish(kept: Mapping[str, Any]) -> PlotWish:
    view, group, order = (str(kept.get(name, "")) for name in ("view", "group", "order"))
    return PlotWish(
        filters={str(key): str(text) for key, text in kept.get("filters", {}).items() if key in BY_KEY},
        view=view if view in VIEWS else "all",
        text=str(kept.get("text", "")),
        order=order if order in BY_KEY else "position",
        ascending=bool(kept.get("ascending", True)),
        group=group if group in GROUPS else "",
    )
