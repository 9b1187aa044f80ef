"""Bringing an older ledger up: only a sound one, and only after a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ledger import backup
from gengdi_desktop.storage import driver, rebase, replay
from gengdi_desktop.storage.failures import in_words
from gengdi_desktop.storage.steps.sequence import STEPS
from gengdi_desktop.storage.unit_of_work import Stamp

if TYPE_CHECKING:
    from gengdi_desktop.ledger.folder import LedgerFolder
    from gengdi_desktop.system.clock import Clock


def bring_up(folder: LedgerFolder, clock: Clock) -> None:
    """Check, back up, and take the file to the newest schema in one transaction.

    Raises:
        SurroundingsError: ``damaged``: the ledger does not pass its check; nothing was changed.
    """
    with in_words():
        trial = replay.check_file(folder.database)
        connection = driver.connect(folder.database, "ro")
        try:
            ledger, name, desk = connection.execute("SELECT id, name, desk FROM ledger").fetchone()
        finally:
            connection.close()
    if trial.problems:
        raise SurroundingsError(
            "damaged",
            f"这本旧台账没有通过检查（{trial.problems[0].message}），没有升级，内容未变。",
            "请用最近的备份恢复后再打开。",
        )
    backup.make(folder, f"{name}_升级前", clock)
    stamp = Stamp(ledger, clock.now(), rebase.SYSTEM_ACTOR, "stated", desk, rebase.ACTION)
    rebase.bring_up(folder.database, STEPS, stamp)
