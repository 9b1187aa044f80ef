"""Who accepts: the one who claims must not, so the form asks, and proposes somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ui.context import Person
from gengdi_desktop.ui.dialogs.phase_form import LABEL_WIDTH, LINE_WIDTH
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.form import Form


class Acceptor(Form):
    """One field: the person who accepts."""

    def __init__(self, people: Sequence[Person], member: str, label_width: int = LABEL_WIDTH) -> None:
        super().__init__(label_width)
        self._people = tuple(people)
        self.who = ChoiceField("验收人", [(one.name, f"{one.name}　{one.role}") for one in people], member)
        self.who.setMaximumWidth(px(LINE_WIDTH))
        self.add("who", "验收人", self.who, "申报的人不能验收")

    def avoid(self, claimed_by: str) -> None:
        """Propose another person where the one chosen has claimed."""
        if claimed_by and claimed_by == self.who.code():
            others = [one.name for one in self._people if one.name != claimed_by]
            if others:
                self.who.choose(others[0])

    @property
    def actor(self) -> Actor:
        """Who accepts."""
        return Actor(self.who.code())
