"""The first plots in an order by a fact of their rounds, without joining all plots with all rounds.

Rounds alone tell how far down the first thousand can reach at most, since their indexes hold what is ordered by, what
is settled and what remains even in its order; only the plots up to there are looked up. Where that cannot be told, the
caller asks the whole question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.ledger.figures import PLOTS_WITH_ROUND
from gengdi_desktop.ledger.plot_fields import FIELDS
from gengdi_desktop.storage.stopping import rows

if TYPE_CHECKING:
    from sqlmodel import Session

Progress = Callable[[int, int], None]

_MANY: Final = 20_000
"""So many plots with the same value are met soon in the ledger's own order; fewer are sooner looked up one by one."""
_SHARE: Final = 20
_CANDIDATES: Final = 20_000
"""So many rounds in the order are looked through for plots that meet conditions; where too few do, all are asked."""
_MATCHED: Final = "round r CROSS JOIN plot p ON p.id = r.plot_id AND p.round = r.number"


@dataclass(frozen=True, slots=True)
class _Key:
    """What is ordered by.

    Args:
        of_round: Of a round alone.
        whole: Of a plot with its round, also where nothing of the round is written.
        blank: What a plot has of which nothing is written; None where that hangs on the plot.
        indexed: Whether an index gives the rounds in this order.
    """

    of_round: str
    whole: str
    blank: str | int | None
    indexed: bool = False


_SETTLED: Final = "+".join(f"r.{bucket}" for bucket in Bucket)
_KEYS: Final[Mapping[str, _Key]] = {
    **{field: _Key(f"r.{field}", FIELDS[field], "") for field in ("person", "disposal_class", "difficulty", "measure")},
    "deadline": _Key("coalesce(r.deadline, '')", "coalesce(r.deadline, '')", ""),
    "target": _Key("r.target", FIELDS["target"], 0),
    "settled": _Key(f"({_SETTLED})", FIELDS["settled"], 0, indexed=True),
    "remaining": _Key(f"(r.target - ({_SETTLED}))", FIELDS["remaining"], None, indexed=True),
}
_NO_TARGET: Final = "coalesce(r.target, 0) = 0"


@dataclass(frozen=True, slots=True)
class Held:
    """What must hold of a plot ``p`` and its round ``r``, in SQL with what fills its places."""

    where: str
    given: Mapping[str, Any]


_ALL: Final = Held("1", {})


def first_ids(
    session: Session,
    field: str,
    *,
    descending: bool,
    limit: int,
    held: Held = _ALL,
    progress: Progress | None = None,
) -> list[str] | None:
    """The own ids of the first plots of the ledger in an order; equal ones as they stand in the ledger.

    Args:
        session: An open snapshot.
        field: A field of ``plot_fields.FIELDS``.
        descending: The order turned round.
        limit: How many.
        held: What must hold of them; all plots where nothing is said.
        progress: As in :func:`gengdi_desktop.storage.stopping.rows`.

    Returns:
        None where the whole question must be asked: not a fact of rounds, or too few rounds to tell.
    """
    key = _KEYS.get(field)
    if key is None:
        return None
    search = _Search(session, key, descending, limit, progress, held)
    return search.found() if held is _ALL else search.found_among_first()


@dataclass(frozen=True, slots=True)
class _Search:
    session: Session
    key: _Key
    descending: bool
    limit: int
    progress: Progress | None
    held: Held = _ALL

    def found_among_first(self) -> list[str] | None:
        """Of plots that meet conditions the first, where their rounds are met soon in the order."""
        key = self.key
        if not key.indexed or (key.blank is not None and not self.descending):
            return None
        ranked, turned = key.of_round, f"ORDER BY 1 {self._direction} LIMIT 1 OFFSET"
        edge = self._one(f"SELECT {ranked} FROM round r WHERE {self._valued} {turned} {_CANDIDATES}")
        inside = "1" if edge is None else f"{ranked} {'>' if self.descending else '<'} {int(edge)}"
        cut = self._one(
            f"SELECT {ranked} FROM {_MATCHED} WHERE {self._valued} AND {inside} AND {self.held.where} {turned} :n"
        )
        if cut is None or cut == key.blank:
            return None
        return self._whole_or_nothing(self._nearer(cut, "="))

    def found(self) -> list[str] | None:
        key, direction = self.key, self._direction
        ranked = f"SELECT {key.of_round} FROM round r WHERE {self._valued} ORDER BY 1 {direction}"
        cut = self._one(f"{ranked} LIMIT 1 OFFSET :n")
        if cut is None:
            return None
        if key.blank is not None and key.blank != cut and not self.descending:
            return self._blank_ones()
        if key.blank == cut and not self.descending:
            return self._whole_or_nothing(self._walked(cut, self.limit))
        walks = key.blank == cut or self._equal_ones(cut) > _MANY
        ids = self._nearer(cut, "" if walks else "=")
        if walks and len(ids) < self.limit:
            ids += self._walked(cut, self.limit - len(ids))
        return self._whole_or_nothing(ids)

    def _whole_or_nothing(self, ids: list[str]) -> list[str] | None:
        """Fewer were found where rounds that are over have been counted."""
        return ids if len(ids) == self.limit else None

    def _equal_ones(self, cut: str | int) -> int:
        statement = f"SELECT count(*) FROM round r WHERE {self._valued} AND {self.key.of_round} = :cut"
        return int(self._one(statement, cut=cut))

    def _blank_ones(self) -> list[str] | None:
        """Plots of which nothing is written come first; they are met soon where they are many."""
        plots, rounds = self._one("SELECT count(*) FROM plot"), self._one("SELECT count(*) FROM round")
        if plots - rounds < max(self.limit, plots // _SHARE):
            return None
        return self._whole_or_nothing(self._walked(self.key.blank, self.limit))

    def _nearer(self, cut: str | int, equal: str) -> list[str]:
        """The first plots before the cut, and at it."""
        key, before = self.key, (">" if self.descending else "<") + equal
        of_rounds = (
            f"SELECT p.id AS id, p.position AS position, {key.of_round} AS ranked FROM {_MATCHED} "
            f"WHERE {self._valued} AND {key.of_round} {before} :cut AND {self.held.where}"
        )
        parts = [of_rounds]
        if key.blank is None:
            parts.append(
                f"SELECT p.id, p.position, p.issued_area FROM {PLOTS_WITH_ROUND} "
                f"WHERE p.issued_area {before} :cut AND {_NO_TARGET} AND {self.held.where}"
            )
        order = f"ranked {self._direction}, position, id"
        statement = f"SELECT id FROM ({' UNION ALL '.join(parts)}) ORDER BY {order} LIMIT :n"
        given = {"cut": cut, "n": self.limit, **self.held.given}
        return [one for (one,) in rows(self.session, statement, given, self.progress)]

    def _walked(self, value: str | int | None, most: int) -> list[str]:
        """Plots with one value, in the ledger's own order."""
        statement = (
            f"SELECT p.id FROM {PLOTS_WITH_ROUND} WHERE {self.key.whole} = :cut ORDER BY p.position, p.id LIMIT :n"
        )
        return [one for (one,) in rows(self.session, statement, {"cut": value, "n": most}, self.progress)]

    @property
    def _direction(self) -> str:
        return "DESC" if self.descending else "ASC"

    @property
    def _valued(self) -> str:
        return "r.target > 0" if self.key.blank is None else "1"

    def _one(self, statement: str, **given: Any) -> Any:
        named = {"n": self.limit - 1} if ":n" in statement else {}
        found = rows(self.session, statement, named | given | dict(self.held.given), self.progress)
        return found[0][0] if found else None
