"""A clock that stands still until it is told to go on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


class FixedClock:
    """Tells the same time until :meth:`advance`; the day is that of UTC."""

    def __init__(self, moment: datetime = datetime(2023, 8, 20, 2, 0, tzinfo=UTC)) -> None:
        """Stand still at ``moment``, which must be aware."""
        self.moment = moment

    def now(self) -> datetime:
        """The moment at which the clock stands, in UTC."""
        return self.moment.astimezone(UTC)

    def today(self) -> date:
        """The day of that moment."""
        return self.now().date()

    def advance(self, by: timedelta) -> None:
        """Go on by that much; a negative one turns the clock back."""
        self.moment += by
