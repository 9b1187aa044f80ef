"""What the evidence of a ledger is made of, as front ends and papers receive it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.evidence.photo_facts import PhotoFacts

BY_HAND = "人工录入"
"""The mark of a place, time or direction that a person said, wherever it is shown."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or paper of a plot.

    Args:
        id: Its number in the ledger.
        plot: The plot's own id.
        round: The round to which it belongs.
        stage: What it shows or proves.
        sha256: The hash under which the bytes are kept.
        name: The file's name as it came.
        media_type: As its bytes tell.
        size: In bytes.
        note: A remark.
        source: The folder it came from, as far as it was told.
    """

    id: int
    plot: str
    round: int
    stage: Stage
    sha256: str
    name: str
    media_type: str
    size: int
    note: str
    source: str = ""

    @property
    def picture(self) -> bool:
        """Whether it is a picture."""
        return self.media_type.startswith("image/")


def awaited_told(whom: str) -> str:
    """A file that a package named and whose bytes are still to come, in a few words: 待补，等白圩乡人民政府."""
    return f"待补，等{whom}"


@dataclass(frozen=True, slots=True)
class Removed:
    """An attachment that lies in the bin since a day, and why."""

    attachment: Attachment
    on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person says of a photo; None leaves what the file says.

    Args:
        at: The time by the clock on the wall, without a zone.
        longitude: 10⁻⁹ degree; together with the latitude.
        latitude: 10⁻⁹ degree.
        direction: 10⁻³ degree clockwise from true north.
    """

    at: datetime | None = None
    longitude: int | None = None
    latitude: int | None = None
    direction: int | None = None


@dataclass(frozen=True, slots=True)
class KnownPhoto:
    """A photo as the ledger knows it: what its file says, and what a person said beside it.

    Args:
        sha256: The hash of its bytes.
        facts: What the file says.
        said: What a person said; empty where nobody did.
        reason: Why.
    """

    sha256: str
    facts: PhotoFacts
    said: Saying = Saying()
    reason: str = ""

    @property
    def at(self) -> datetime | None:
        """When it was taken by the clock on the wall: as said, else as the file has it."""
        return self.said.at or self.facts.taken_at

    @property
    def place(self) -> tuple[int, int] | None:
        """Longitude and latitude in 10⁻⁹ degree: as said, else as the file has them."""
        for one in (self.said, self.facts):
            if one.longitude is not None and one.latitude is not None:
                return one.longitude, one.latitude
        return None

    @property
    def direction(self) -> int | None:
        """Where the camera looked, in 10⁻³ degree: as said, else as the file has it."""
        return self.said.direction if self.said.direction is not None else self.facts.direction

    @property
    def by_hand(self) -> frozenset[str]:
        """Which of ``at`` ``place`` ``direction`` a person said: these are marked :data:`BY_HAND`."""
        said = {"at": self.said.at, "place": self.said.longitude, "direction": self.said.direction}
        return frozenset(name for name, value in said.items() if value is not None)

    @property
    def place_word(self) -> str:
        """Why there is no place, in words; 人工录入 where a person said it; empty where the file has it."""
        if "place" in self.by_hand:
            return BY_HAND
        return self.facts.place_gap.label if self.facts.place_gap else ""

    @property
    def missing(self) -> list[str]:
        """In words why place or time is not known; empty where both are."""
        words = [self.place_word if self.place is None else "", self.time_word if self.at is None else ""]
        return [word for word in words if word]

    @property
    def time_word(self) -> str:
        """Why there is no time, in words; 人工录入 where a person said it; empty where the file has it."""
        if "at" in self.by_hand:
            return BY_HAND
        return self.facts.time_gap.label if self.facts.time_gap else ""


@dataclass(frozen=True, slots=True)
class TrayFile:
    """A file that waits in the tray until a person says where it belongs.

    Args:
        id: Its number in the tray.
        sha256: The hash of its bytes.
        name: The name under which it came.
        source: The folders it came from.
        media_type: As its bytes tell.
        stage: Where that is known.
        why: Why it waits, in Chinese.
        arrived_on: The day on which it came.
    """

    id: int
    sha256: str
    name: str
    source: str
    media_type: str
    stage: Stage | None
    why: str
    arrived_on: date
