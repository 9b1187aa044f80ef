"""Figures side by side, with the ratio that was promised."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One figure with what it is measured against.

    Attributes:
        name: What was measured.
        value: Of the program.
        unit: ``s`` or ``MB``.
        beside: Name and value of the floor or the peer; None where the target is a plain number.
        at_most: The promise: a ratio where there is something beside, else a plain number.
    """

    name: str
    value: float
    unit: str
    at_most: float
    beside: tuple[str, float] | None = None

    @property
    def reached(self) -> float:
        """The ratio, or the plain number."""
        return self.value / self.beside[1] if self.beside else self.value

    @property
    def good(self) -> bool:
        """Whether the promise is kept."""
        return self.reached <= self.at_most

    def line(self) -> str:
        """One line for people."""
        verdict = "ok  " if self.good else "MISS"
        if self.beside is None:
            return f"  {verdict} {self.name:<44} {self.value:9.2f} {self.unit:<2}   target {self.at_most:g} {self.unit}"
        other, value = self.beside
        return (
            f"  {verdict} {self.name:<44} {self.value:9.2f} {self.unit:<2} {self.reached:6.2f} x"
            f"   target {self.at_most:g} x of {other} ({value:.2f} {self.unit})"
        )


@dataclass(frozen=True)
class Comparison:
    """All figures of one measurement.

    Attributes:
        title: What was done, with its size.
        figures: In the order of printing.
        notes: What else was seen, without a promise.
    """

    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def missed(self) -> int:
        """How many promises are not kept."""
        return sum(not figure.good for figure in self.figures)

    def text(self) -> str:
        """The block for people."""
        return "\n".join(
            [self.title, *(figure.line() for figure in self.figures), *(f"       {note}" for note in self.notes)]
        )
