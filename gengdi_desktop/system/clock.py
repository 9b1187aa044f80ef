"""The one place that asks this computer for the time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Whoever needs the time is given one of these, so that tests and the sample can fix it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """The present day where this computer stands: deadlines are days of the office, not of Greenwich."""
        ...


class SystemClock:
    """The clock of this computer, as far as it can be believed."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The present day in the computer's own time zone."""
        return datetime.now(UTC).astimezone().date()
