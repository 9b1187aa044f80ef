"""Works that the fault tests stop half-way; each function returns the work, a function of a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.system.files import write_whole

SAID = "said.txt"
"""Appears in the folder, outside the ledger, when the work has told the person that it is done."""


def _say(folder: Path) -> None:
    """Tell the person; a disk that fails only now does not unsay it."""
    with contextlib.suppress(OSError):
        (folder / SAID).write_text("saved", encoding="utf-8")


def careful(text: str) -> Callable[[Path], None]:
    """Write a file as the program does."""

    def work(folder: Path) -> None:
        write_whole(folder / "report.txt", text.encode())

    return work


def careless(text: str) -> Callable[[Path], None]:
    """Write a file as the program must not: the harness has to see the damage."""

    def work(folder: Path) -> None:
        with (folder / "report.txt").open("wb", buffering=0) as stream:
            half = len(text) // 2
            stream.write(text[:half].encode())
            stream.write(text[half:].encode())

    return work


def one_action(name: str) -> Callable[[Path], None]:
    """Open a ledger, add a member, close it."""
    from gengdi_desktop.domain.people import Actor, Role
    from gengdi_desktop.ledger import service
    from tests.helpers.clock import FixedClock

    def work(folder: Path) -> None:
        ledger = service.open_ledger(folder / "ledger", FixedClock())
        try:
            service.add_member(ledger, name, Role.LEADER, by=Actor("张三"))
            # From here on the screen would say that it is saved.
            _say(folder)
        finally:
            ledger.close()

    return work


def a_backup(name: str) -> Callable[[Path], None]:
    """Back a ledger up."""
    from gengdi_desktop.ledger import backup
    from gengdi_desktop.ledger.folder import LedgerFolder
    from tests.helpers.clock import FixedClock

    def work(folder: Path) -> None:
        backup.make(LedgerFolder(folder / "ledger"), name, FixedClock(), full=True)

    return work


def unsynced_rows(name: str) -> Callable[[Path], None]:
    """Write rows into a database that never syncs: the harness has to see the damage."""
    import sqlite3

    def work(folder: Path) -> None:
        connection = sqlite3.connect(folder / name, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO plot VALUES (?)", [("x" * 100,)] * 500)
        connection.execute("COMMIT")
        _say(folder)
        connection.close()

    return work


def an_import(listed: str, ledger: str) -> Callable[[Path], None]:
    """Import a list that was read and examined before: what is stopped is the writing.

    Args:
        listed: The list.
        ledger: An empty ledger like those that the work will write to.
    """
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.intake import service as intake
    from gengdi_desktop.ledger import service
    from tests.helpers.clock import FixedClock

    empty = service.open_ledger(Path(ledger), FixedClock(), write=False)
    seen = intake.preview(empty, Path(listed))
    empty.close()

    def work(folder: Path) -> None:
        opened = service.open_ledger(folder / "ledger", FixedClock())
        try:
            outcome = intake.run(opened, seen, by=Actor("张三"))
            if not outcome.committed:
                raise AssertionError(outcome)
            _say(folder)
        finally:
            opened.close()

    return work


def taking_in_photos(photos: str, ledger: str) -> Callable[[Path], None]:
    """Take a folder of photos in that was read and matched before: what is stopped is the copying and the writing.

    Args:
        photos: The folder.
        ledger: A ledger like those that the work will write to.
    """
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.evidence import taking_in
    from gengdi_desktop.ledger import service
    from tests.helpers.clock import FixedClock

    before = service.open_ledger(Path(ledger), FixedClock(), write=False)
    taking = taking_in.preview(before, [Path(photos)])
    before.close()

    def work(folder: Path) -> None:
        opened = service.open_ledger(folder / "ledger", FixedClock())
        try:
            taking_in.run(opened, taking, by=Actor("张三"))
            _say(folder)
        finally:
            opened.close()

    return work


def a_package(number: int) -> Callable[[Path], None]:
    """Write a package of that number, with all that it needs in memory."""
    from dataclasses import replace

    from tests.helpers import packages

    packages.signer()

    def work(folder: Path) -> None:
        packages.written(folder, replace(packages.HEADING, number=number))

    return work


def a_packing() -> Callable[[Path], None]:
    """Pack a township's ledger for the county, onto a stick beside it."""
    from gengdi_desktop.exchange.manifest import PackageKind
    from gengdi_desktop.handover import service as handover
    from gengdi_desktop.ledger import service
    from tests.helpers import desks

    def work(folder: Path) -> None:
        ledger = service.open_ledger(folder / "ledger", desks.clock_at())
        try:
            by, identity = desks.clerk_of(ledger), desks.identity_of(ledger)
            target = folder / "stick" / "a.gdpkg"
            handover.pack(ledger, PackageKind.SUBMISSION, target, by=by, identity=identity)
            _say(folder)
        finally:
            ledger.close()

    return work


def taking_in_a_package(package: str, ledger: str) -> Callable[[Path], None]:
    """Take a package in that was judged before: what is stopped is the keeping of files and the writing.

    Args:
        package: The package.
        ledger: A ledger like those that the work will write to.
    """
    from gengdi_desktop.exchange.verify import verify_package
    from gengdi_desktop.handover import service as handover
    from gengdi_desktop.ledger import service, trust
    from tests.helpers import desks

    before = service.open_ledger(Path(ledger), desks.clock_at(1), write=False)
    verdict = verify_package(Path(package), trust.trusted(before), now=desks.clock_at(1).now())
    before.close()

    def work(folder: Path) -> None:
        opened = service.open_ledger(folder / "ledger", desks.clock_at(1))
        try:
            done = handover.receive(opened, Path(package), by=desks.COUNTY_CLERK, verdict=verdict, copy=False)
            if not done.applied:
                raise AssertionError(done)
            _say(folder)
        finally:
            opened.close()

    return work
