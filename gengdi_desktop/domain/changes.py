"""What an action has changed, told to whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """What one committed journal entry touched.

    Args:
        seq: The entry's number; None where nothing was written.
        tables: Names of the tables with changed rows.
        plots: Own ids of the plots concerned.
    """

    seq: int | None = None
    tables: frozenset[str] = field(default_factory=frozenset)
    plots: frozenset[str] = field(default_factory=frozenset)

    @property
    def nothing(self) -> bool:
        """Whether no entry was written."""
        return self.seq is None
