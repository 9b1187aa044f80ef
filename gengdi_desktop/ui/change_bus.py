"""One signal for the whole window: something in the ledger has changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gengdi_desktop.domain.changes import Changes


class ChangeBus(QObject):
    """Pages listen and look again only if a table that they show was touched."""

    changed = Signal(object)

    def tell(self, changes: Changes) -> None:
        """Announce what a service returned; nothing is said where nothing was written."""
        if not changes.nothing:
            self.changed.emit(changes)
