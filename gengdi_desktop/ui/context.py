"""What a page is given: the open ledger, the lanes, the prompts, the bus, and the window it stands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.ui.change_bus import ChangeBus
from gengdi_desktop.ui.jobs import Jobs
from gengdi_desktop.ui.preferences import Preferences
from gengdi_desktop.ui.prompts import Prompts
from gengdi_desktop.ui.widgets.overlay import DialogSheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger  # brings the database library: seconds that a start can spare


class Host(Protocol):
    """What a page may ask of its window."""

    def go(self, page: str, wish: Mapping[str, str] | None = None) -> None:
        """Bring a page to front; *wish* are filters it should show."""
        ...

    def open_dialog(self, sheet: DialogSheet) -> None:
        """Put a dialog over the page."""
        ...

    def tell_sums(self, words: str) -> None:
        """Say something about the selection in the status strip."""
        ...

    def tell_count(self, place: str, count: int) -> None:
        """Say beside a place of the navigation how many plots wait there."""
        ...

    def dress_again(self) -> None:
        """Put on the look that the preferences wish, and build the pages anew."""
        ...

    def show_start(self) -> None:
        """Close the ledger and go back to the start page."""
        ...


@dataclass(frozen=True)
class Person:
    """A member as the window needs it."""

    name: str
    role: str
    active: bool = True


@dataclass(frozen=True)
class DeskFacts:
    """What the window knows of the open ledger, read once off the GUI thread and again when it changes."""

    name: str
    unit: str
    county: str
    desk: str
    folder: str
    today: date
    campaign: Campaign
    members: tuple[Person, ...] = ()
    sample: bool = False
    read_only: bool = False
    notices: tuple[str, ...] = ()
    ledger_id: str = ""
    head_seq: int = 0

    @property
    def active_members(self) -> tuple[Person, ...]:
        """Those who may act."""
        return tuple(one for one in self.members if one.active)


@dataclass
class PlotTrail:
    """Which plots the plot page walks through: those of the list from which it was opened.

    Attributes:
        ids: Their own ids in the order of the list.
        title: What the list shows, in a few words: 筛选“退回”.
        back: The page to go back to.
        plot: The plot that was in front last; the list may put its cursor there.
    """

    ids: tuple[str, ...] = ()
    title: str = ""
    back: str = "ledger"
    plot: str = ""

    def follow(self, ids: Sequence[str], title: str, back: str) -> None:
        """Walk through another list from now on."""
        self.ids, self.title, self.back = tuple(ids), title, back


@dataclass
class UiContext:
    """Made once for an open ledger and passed on; never imported, never global.

    Attributes:
        ledger: The handle that services take; touched in the lanes only.
        member: Display name of who acts; empty until somebody said so.
        trail: The plots through which the plot page walks.
        refresh_facts: Reads :attr:`facts` again.
    """

    ledger: Ledger
    facts: DeskFacts
    jobs: Jobs
    prompts: Prompts
    bus: ChangeBus
    preferences: Preferences
    clock: Clock
    host: Host
    member: str = ""
    trail: PlotTrail = field(default_factory=PlotTrail)
    refresh_facts: Callable[[], None] = field(default=lambda: None)

    @property
    def actor(self) -> Actor:
        """Who acts now.

        Raises:
            RuleError: Nobody was chosen, though there are several.
        """
        if not self.member:
            raise RuleError("who", "还不知道是谁在做。台账没有变。", "请先在右上角选好您的姓名。")
        return Actor(self.member)

    def actor_or(self, refused: Callable[[GengdiError], object]) -> Actor | None:
        """Who acts now; None where nobody was chosen, after *refused* was told why."""
        try:
            return self.actor
        except RuleError as error:
            refused(error)
            return None

    @property
    def writable(self) -> bool:
        """Whether actions can be done."""
        return not self.facts.read_only
