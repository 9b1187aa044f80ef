"""What a page is given: the open ledger, the lanes, the prompts, the bus, and the window it stands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import RuleError
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
class UiContext:
    """Made once for an open ledger and passed on; never imported, never global.

    Attributes:
        ledger: The handle that services take; touched in the lanes only.
        member: Display name of who acts; empty until somebody said so.
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

    @property
    def writable(self) -> bool:
        """Whether actions can be done."""
        return not self.facts.read_only
