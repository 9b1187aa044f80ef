"""A county and a township that trust each other and hand packages to each other, for tests of taking in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.exchange.examine import examine
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import PackageVerdict
from gengdi_desktop.handover import service
from gengdi_desktop.handover.service import PackOptions, Received
from gengdi_desktop.ledger import check, trust
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import NoteRow, PlotRow
from tests.helpers import desks

CODE = desks.TOWNSHIPS["白圩乡"]


class Desks:
    """A county and a township that trust each other, and a stick."""

    def __init__(self, county: Ledger, town: Ledger, folder: Path) -> None:
        self.county, self.town, self.folder = county, town, folder
        self.packed = 0

    def pack(self, ledger: Ledger, kind: PackageKind, **options: Any) -> Path:
        """A package of a desk."""
        self.packed += 1
        target = self.folder / f"{self.packed}.gdpkg"
        if kind in {PackageKind.TASK, PackageKind.FEEDBACK}:
            options = {"unit_code": CODE, **options}
        by, identity = desks.clerk_of(ledger), desks.identity_of(ledger)
        return service.pack(ledger, kind, target, by=by, identity=identity, options=PackOptions(**options)).file

    def down(self, kind: PackageKind = PackageKind.TASK) -> Received:
        """A package of the county, taken in by the township."""
        return self.receive(self.town, self.pack(self.county, kind))

    def up(self, **options: Any) -> Received:
        """A submission of the township, taken in by the county."""
        return self.receive(self.county, self.pack(self.town, PackageKind.SUBMISSION, **options))

    def receive(self, ledger: Ledger, path: Path, reason: str | None = None) -> Received:
        """Take a package in."""
        return service.receive(ledger, path, by=desks.clerk_of(ledger), reason=reason, copy=False)

    def edit(self, ledger: Ledger, plot: str, **fields: Any) -> None:
        """Change fields of a plot."""
        with ledger.begin(Operation.EDIT, desks.clerk_of(ledger)) as work:
            row = work.session.get(PlotRow, plot)
            for name, value in fields.items():
                setattr(row, name, value)
            work.commit()

    def note(self, ledger: Ledger, plot: str, body: str) -> int:
        """A remark on a plot."""
        with ledger.begin(Operation.NOTE, desks.clerk_of(ledger)) as work:
            row = NoteRow(plot_id=plot, on_date="2026-05-06", body=body)
            work.session.add(row)
            work.session.flush()
            work.commit()
            return row.id or 0

    def sound(self) -> None:
        """Both ledgers pass their check."""
        for ledger in (self.county, self.town):
            assert check.check(ledger).problems == ()


def judged_here(path: Path, trusted: Any, *, now: Any, **_: Any) -> PackageVerdict:
    """The verdict on a package, asked in this process."""
    found, package = examine(path, trusted, now=now + timedelta(seconds=1), file=str(path))
    return PackageVerdict(found, None, None if package is None else hashlib.sha256(package.said).hexdigest())


def rows(ledger: Ledger, query: str, **given: Any) -> list[Any]:
    """Rows of a query."""
    with ledger.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query), given)]


def plots_of(ledger: Ledger) -> list[str]:
    """The plots of the township in a ledger."""
    return [row[0] for row in rows(ledger, "SELECT id FROM plot WHERE township = '白圩乡' ORDER BY position")]


@contextmanager
def two_desks(folder: Path) -> Iterator[Desks]:
    """Both desks, each of which believes the other; the township has nothing yet."""
    with ExitStack() as open_ledgers:
        county = open_ledgers.enter_context(desks.county_ledger(folder / "county"))
        town = open_ledgers.enter_context(desks.township_ledger(folder / "town"))
        trust.trust(town, desks.identity_of(county).certificate, by=desks.TOWN_CLERK)
        trust.trust(county, desks.identity_of(town).certificate, by=desks.COUNTY_CLERK)
        yield Desks(county, town, folder)
