"""Rows that a trusted hand wrote oddly, at random: refused in a sentence, or taken in soundly and taken back whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gengdi_desktop.consolidation import service as consolidation
from gengdi_desktop.errors import GengdiError, ProgramError
from gengdi_desktop.exchange import reading
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.ledger import figures, queries, roll_up, worklists
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.outlines import outlines
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.storage.journal import plain_json
from gengdi_desktop.storage.layout import CODES
from tests.helpers import desks
from tests.helpers.furnished import furnish, odd
from tests.helpers.packages import Part, forged, parts_of, rows_of
from tests.helpers.two_desks import judged_here, plots_of, two_desks

FRONT = 3
MUTANTS, MANY = 20, 600


@dataclass(frozen=True)
class Scene:
    """The folder of a county's ledger, and the second submission of a township of which it has the first."""

    county: Path
    package: Path
    township: Ledger

    def rewritten(self, target: Path, chance: Random) -> list[str]:
        """The package with some rows written oddly, signed; says what was written."""
        parts = parts_of(self.package)[FRONT:]
        places = [at for at, part in enumerate(parts) if part.name.startswith("data/") and rows_of(part)[1]]
        told = []
        for _ in range(chance.choice((1, 1, 2, 4))):
            at = chance.choice(places)
            header, some = rows_of(parts[at])
            if not some:
                continue
            told.append(_spoiled(chance, header, some))
            some.sort(key=lambda one: (str(type(one[0])), one[0]) if isinstance(one[0], int | str) else ("", ""))
            parts[at] = Part.stored(parts[at].name, _written(header, some))
        target.write_bytes(forged(self.package, parts, None, desks.identity_of(self.township)))
        return told


def _spoiled(chance: Random, header: dict[str, Any], some: list[list[Any]]) -> str:
    fields, table, row = header["fields"], header["table"], chance.randrange(len(some))
    what = chance.random()
    place = chance.randrange(len(fields))
    if what < 0.05:
        some.pop(row)
        return f"{table}: row {row} is away"
    if what < 0.1 and place:
        for one in some:
            one.pop(place)
        return f"{table}: no field {fields.pop(place)}"
    if what < 0.2:
        some.append([odd(chance, table, fields[0]), *some[row][1:]])
        return f"{table}: row {row} again, as {some[-1][0]!r:.40}"
    some[row][place] = odd(chance, table, fields[place])
    return f"{table}: {fields[place]} of row {row} is {some[row][place]!r:.40}"


def _written(header: dict[str, Any], some: list[list[Any]]) -> bytes:
    return b"".join(plain_json(one) + b"\n" for one in (header | {"rows": len(some)}, *some))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A county that took in one submission, and the next one, in which something was done to most rows."""
    folder = tmp_path_factory.mktemp("odd")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(reading, "verify_package", judged_here)
        both = stack.enter_context(two_desks(folder))
        both.down()
        first, second = plots_of(both.town)
        furnish(both.town, first)
        both.up()
        both.note(both.county, first, "县里的备注")
        both.edit(both.county, second, remark="县里改的")
        both.edit(both.town, second, remark="镇里改的")
        both.note(both.town, second, "镇里的备注")
        package = both.pack(both.town, PackageKind.SUBMISSION)
        both.county.close()
        yield Scene(both.county.folder.root, package, both.town)


def rows_in(ledger: Ledger) -> dict[str, Sequence[Any]]:
    """All rows of all tables that the journal covers."""
    with ledger.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        return {table: raw.execute(f'SELECT * FROM "{table}" ORDER BY 1').fetchall() for table in CODES}


def looked_at(ledger: Ledger) -> None:
    """What a person opens after a package came: none of it may stop at what came in it."""
    figures.figures(ledger)
    roll_up.roll_up(ledger)
    worklists.tallies(ledger)
    consolidation.board(ledger)
    outlines(ledger)
    history(ledger, limit=2)
    service.packages(ledger)
    for one in service.conflicts(ledger):
        one.as_json()
    for plot in queries.plot_ids(ledger, queries.PlotQuery()):
        queries.plot_card(ledger, plot)


def received(ledger: Ledger, package: Path) -> service.Received | GengdiError:
    """What became of a package, or why it was refused."""
    try:
        return service.receive(ledger, package, by=desks.COUNTY_CLERK, copy=False)
    except GengdiError as error:
        return error


def test_odd_rows_are_refused_or_taken_in_soundly_and_taken_back(scene: Scene, tmp_path: Path, *, full: bool) -> None:
    bad = tmp_path / "怪.gdpkg"
    taken = 0
    with ExitStack() as stack:
        county = stack.enter_context(open_ledger(shutil.copytree(scene.county, tmp_path / "county"), desks.clock_at()))
        before = rows_in(county)
        for seed in range(MANY if full else MUTANTS):
            told = scene.rewritten(bad, Random(seed))
            done = received(county, bad)
            if isinstance(done, GengdiError):
                assert not isinstance(done, ProgramError), (seed, told, done.message)
                assert done.message.endswith("。"), (seed, told)
                assert done.message.isprintable(), (seed, told)
                assert rows_in(county) == before, (seed, told)
                continue
            taken += 1
            assert done.arrival.as_json()
            looked_at(county)
            if seed % 5 == 0:
                assert check(county).problems == (), (seed, told)
            undo(county, done.changes.seq, by=desks.COUNTY_CLERK)
            assert rows_in(county) == before, (seed, told)
        assert check(county).problems == ()
    assert taken > MUTANTS // 5
