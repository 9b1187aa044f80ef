"""Who usually sends the papers of county and team, and to whom, while nobody has said otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gengdi_desktop.system.reference import divisions

_YEAR: Final = re.compile(r"^[0-9]{4}年(?:度)?")


@dataclass(frozen=True, slots=True)
class Home:
    """Whose ledger it is: names, the county's code where it has one, and its campaign."""

    county: str
    county_code: str
    unit: str
    campaign: str

    @property
    def own_organ(self) -> bool:
        """Whether the ledger bears a name of its own (a team's) and not the county's."""
        return self.unit != self.county


@dataclass(frozen=True, slots=True)
class Ends:
    """Sender and recipient; an empty sender means the unit's own organ."""

    organ: str
    recipient: str


def of_the_check(home: Home) -> Ends:
    """The group that checks reports to the county's team."""
    return Ends("" if home.own_organ else f"{home.county}专项整改工作专班抽查组", _team(home))


def of_the_summary(home: Home) -> Ends:
    """The team's office has its seat in the county's bureau of natural resources, and reports to the city's."""
    return Ends("" if home.own_organ else f"{home.county}自然资源和规划局", f"{_city(home)}自然资源和规划局")


def _team(home: Home) -> str:
    matter = _YEAR.sub("", home.campaign.removeprefix(home.county))
    return f"{home.county}{matter}工作专班" if matter else f"{home.county}专项整改工作专班"


def _city(home: Home) -> str:
    county = divisions().by_code(home.county_code) if home.county_code else None
    above = divisions().regions_of(county) if county else ()
    return above[-1] if above else "市"
