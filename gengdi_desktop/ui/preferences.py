"""What this user prefers, in the hands of the window: read once, written off the GUI thread when it changes."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path
from typing import Any, Final

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.system.settings import Settings, load_settings, save_settings
from gengdi_desktop.ui.jobs import Jobs, Lane
from gengdi_desktop.ui.theme import DARK, LIGHT, LOOKS, Look

_PERCENT: Final = 100
_log = logging.getLogger(__name__)


class Preferences:
    """The settings of this user; setting one saves all."""

    def __init__(self, jobs: Jobs, settings: Settings | None = None) -> None:
        self._jobs = jobs
        self._settings = load_settings() if settings is None else settings

    @property
    def settings(self) -> Settings:
        """As they stand now."""
        return self._settings

    def set(self, **changes: Any) -> None:
        """Change some and save; a disk that refuses costs the preference, never the work, and is logged."""
        self._settings = dataclasses.replace(self._settings, **changes)
        self._save()

    def opened(self, ledger: Path) -> None:
        """Put a ledger first among the recent ones."""
        self._settings = self._settings.opened(ledger)
        self._save()

    def forget(self, ledger: str) -> None:
        """Take a ledger off the list of recent ones; the ledger itself is not touched."""
        self.set(recent_ledgers=tuple(one for one in self._settings.recent_ledgers if one != ledger))

    def look(self, *, system_is_dark: bool) -> Look:
        """The look that is wished for."""
        wish = self._settings.theme
        return LOOKS.get(wish, DARK if system_is_dark else LIGHT)

    @property
    def text_scale(self) -> float:
        """The size of text, 1 being normal."""
        return min(max(self._settings.text_percent, _PERCENT), 2 * _PERCENT) / _PERCENT

    def start_folder(self) -> str:
        """Where file pickers begin."""
        return self._settings.last_folder

    def used_folder(self, chosen: Path) -> None:
        """Begin there next time."""
        self.set(last_folder=str(chosen if chosen.is_dir() else chosen.parent))

    def second_backup(self, ledger_id: str) -> Path | None:
        """Where a ledger's second backup goes; None where no place was chosen."""
        kept = self._settings.second_backup.get(ledger_id, "")
        return Path(kept) if kept else None

    def choose_second_backup(self, ledger_id: str, place: Path | None) -> None:
        """Put a ledger's second backup there from now on; None puts it nowhere."""
        kept = {key: value for key, value in self._settings.second_backup.items() if key != ledger_id}
        self.set(second_backup=kept | ({ledger_id: str(place)} if place is not None else {}))

    def ground(self, ledger_id: str) -> Path | None:
        """The raster behind a ledger's map; None where none was chosen."""
        kept = self._settings.grounds.get(ledger_id, "")
        return Path(kept) if kept else None

    def choose_ground(self, ledger_id: str, raster: Path | None) -> None:
        """Lay that raster behind a ledger's map from now on; None lays none."""
        kept = {key: value for key, value in self._settings.grounds.items() if key != ledger_id}
        self.set(grounds=kept | ({ledger_id: str(raster)} if raster is not None else {}))

    def keep_window(self, ledger_id: str, place: str) -> None:
        """Remember where a ledger's window stood; the next window begins there too."""
        self.set(window=place, windows=self._settings.windows | {ledger_id: place})

    def _save(self) -> None:
        kept = self._settings
        self._jobs.run(Lane.FILES, lambda _progress: save_settings(kept), failed=self._not_saved)

    @staticmethod
    def _not_saved(error: GengdiError) -> None:
        _log.info("settings not saved: %s", error.code)
