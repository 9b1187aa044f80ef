"""The one search box: words, numbers, pinyin and initials, looked for in everything that names a plot.

Pinyin is matched against the different values of a column, never against each plot: two hundred thousand plots lie in
a few hundred villages and are answered for by some hundred people. The values are kept until the journal grows.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.figures import PLOTS_WITH_ROUND
from gengdi_desktop.storage.stopping import rows
from gengdi_desktop.system import pinyin

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

_NAMES: Final = ("township", "village", "group_name", "class_after_name", "party", "grid_chief", "responsible_leader")
_PERSON: Final = "person"
_MOST: Final = 50_000
"""More different values than this are searched as they stand, not by pinyin: nobody waits that long for a key."""
_LIKE_ESCAPES: Final = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True)
class _Names:
    """The different values of each column, as of an entry of the journal; None where they are too many.

    Every value that a plot has is among them; some that no plot has any more may be.
    """

    seq: int
    values: Mapping[str, frozenset[str] | None]


_kept: weakref.WeakKeyDictionary[Ledger, _Names] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def warm(ledger: Ledger) -> None:
    """Read the names ahead, so that the first word typed is answered as quickly as the second."""
    with ledger.reading() as session:
        _names(ledger, session)


def found_by(ledger: Ledger, session: Session, typed: str) -> tuple[str, dict[str, Any]]:
    """What must hold of a plot ``p`` that the search finds, in SQL with what fills its places.

    Each word (blanks part them) must be found: in a name as :func:`gengdi_desktop.system.pinyin.matcher` reads it, or
    as a part of the plot number, an identifier or the remark.
    """
    names = _names(ledger, session)
    parts: list[str] = []
    given: dict[str, Any] = {}
    for number, word in enumerate(typed.split()):
        said, more = _one_word(names.values, word, f"s{number}_")
        parts.append(said)
        given |= more
    return f"({' AND '.join(parts) or '1'})", given


def _one_word(values: Mapping[str, frozenset[str] | None], word: str, mark: str) -> tuple[str, dict[str, Any]]:
    holds, given = _holding(word, f"{mark}word")
    ways = [holds.format("p.plot_no"), holds.format("p.remark")]
    ways.append(f"p.id IN (SELECT plot_id FROM identifier WHERE {holds.format('value')})")
    fits = pinyin.matcher(word)
    for column, known in values.items():
        name = f"{mark}{column}"
        if known is None:
            among = holds
        else:
            chosen = [one for one in known if fits(one)]
            if not chosen:
                continue
            among = f"{{0}} IN (SELECT value FROM json_each(:{name}))"
            given[name] = orjson.dumps(chosen).decode()
        way = among.format("o.person" if column == _PERSON else f"p.{column}")
        ways.append(_ROUND_OF.format(way) if column == _PERSON else way)
    return f"({' OR '.join(ways)})", given


def _holding(word: str, name: str) -> tuple[str, dict[str, Any]]:
    """That a column, put in for ``{0}``, holds a word; small letters count as capital ones."""
    if any(sign.isascii() and sign.isalpha() for sign in word):
        return f"{{0}} LIKE :{name} ESCAPE '\\'", {name: f"%{word.translate(_LIKE_ESCAPES)}%"}
    return f"instr({{0}}, :{name}) > 0", {name: word}  # the same without letters, in two thirds of the time


_ROUND_OF: Final = (
    "p.id IN (SELECT o.plot_id FROM round o WHERE {} "
    "AND o.number = (SELECT q.round FROM plot q WHERE q.id = o.plot_id))"
)


def _names(ledger: Ledger, session: Session) -> _Names:
    seq = store.head(session)[0]
    with _lock:
        known = _kept.get(ledger)
        if known is not None and known.seq == seq:
            return known
        if known is not None and known.seq < seq:
            made = _Names(seq, _with_newer(session, known))
        else:
            found = {column: _different(session, "plot", column) for column in _NAMES}
            found[_PERSON] = _different(session, "round", _PERSON)
            made = _Names(seq, found)
        _kept[ledger] = made
    return made


def _different(session: Session, table: str, column: str) -> frozenset[str] | None:
    statement = f'SELECT DISTINCT {column} FROM "{table}" WHERE {column} <> :empty LIMIT {_MOST + 1}'
    found = frozenset(str(one) for (one,) in rows(session, statement, {"empty": ""}))
    return None if len(found) > _MOST else found


_TOUCHED: Final = "(SELECT id FROM plot WHERE entry > :seq UNION SELECT plot_id FROM plot_history WHERE seq > :seq)"


def _with_newer(session: Session, known: _Names) -> Mapping[str, frozenset[str] | None]:
    """The names with those of the plots that later entries touched: all plots take a second, after every edit.

    What no plot bears any more stays among them, and finds nothing.
    """
    columns = ", ".join(f"p.{column}" for column in _NAMES)
    statement = f"SELECT DISTINCT {columns}, coalesce(r.person, '') FROM {PLOTS_WITH_ROUND} WHERE p.id IN {_TOUCHED}"
    found = rows(session, statement, {"seq": known.seq})
    newer = dict(zip((*_NAMES, _PERSON), zip(*found, strict=True), strict=True)) if found else {}
    values: dict[str, frozenset[str] | None] = {}
    for column, before in known.values.items():
        after = None if before is None else before | frozenset(map(str, newer.get(column, ()))) - {""}
        values[column] = None if after is None or len(after) > _MOST else after
    return values
