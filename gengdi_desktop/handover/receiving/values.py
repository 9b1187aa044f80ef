"""Values from elsewhere held to what their columns may hold: whole columns at once, since a package has millions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import MOST_MICRO_MU
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.forms import FORMS, is_day
from gengdi_desktop.storage import columns
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Value

MOST_TOGETHER: Final = 10**16
"""The areas of one column of a package, in 10⁻⁶ mu: more than any county has, and few enough that sums of sums stay
numbers that SQLite can hold."""
_FLAGS: Final = frozenset({0, 1})
_NOTHING: Final = type(None)


def unfit(table: str, fields: Sequence[str], rows: Sequence[Sequence[Value]]) -> tuple[int, str] | None:
    """Place of the first row and the field of a value that its column cannot hold; None where all are fit.

    The columns say of themselves what they hold (``storage.columns``): kind, closed list, day, area, yes or no; texts
    that are read again have their form in ``forms``.
    """
    known, empty = layout(table), store.may_be_nothing(table)
    for name, column in zip(fields, zip(*rows, strict=True), strict=bool(rows)):
        kind = int if name in known.integers else str
        kinds = set(map(type, column))
        allowed = {kind, _NOTHING} if name in empty else {kind}
        if not kinds <= allowed:
            return next(at for at, one in enumerate(column) if type(one) not in allowed), name
        what = known.holds.get(name)
        form = FORMS.get((table, name))
        if form is not None:
            amiss = next((one for one in set(column) - {None} if not form(one)), _FIT)
            if amiss is not _FIT:
                return column.index(amiss), name
        if what is None or kind not in kinds:
            continue
        wrong = next(_wrong(what, known.choices.get(name, frozenset()), column), _FIT)
        if wrong is not _FIT:
            return column.index(wrong), name
    return None


_FIT: Final = object()


def _wrong(what: str, choices: frozenset[str], column: Sequence[Value]) -> Iterator[object]:
    """The values that a column of some kind of content cannot hold."""
    if what == columns.AREA:
        areas = [one for one in column if type(one) is int]
        yield from (one for one in (min(areas), max(areas)) if not 0 <= one <= MOST_MICRO_MU)
        if sum(areas) > MOST_TOGETHER:
            yield max(areas)
        return
    different = set(column) - {None}
    if what == columns.DATE:
        yield from (one for one in different if not is_day(str(one)))
    else:
        yield from different - (choices if what == columns.CHOICE else _FLAGS)
