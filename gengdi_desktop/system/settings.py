"""What one user prefers on one computer, kept as a TOML file that a person may read."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

import tomli_w

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.files import write_whole
from gengdi_desktop.system.paths import settings_folder

RECENT_LIMIT = 10


@dataclass(frozen=True)
class Settings:
    """Preferences of this user; nothing that belongs to a ledger.

    Attributes:
        theme: ``system``, ``light``, ``dark`` or ``high``.
        text_percent: Size of text on screens, 100 being normal.
        recent_ledgers: Folders of ledgers opened here, latest first.
        last_folder: Where the last file was chosen.
        window: Place and state of the window, as Qt writes it, in base 64.
        last_member: For each ledger id, who acted last here.
        windows: For each ledger id, place and size of its window, as Qt writes it, in base 64.
        second_backup: For each ledger id, the folder where a second backup goes.
        toured: 1 once the tour of the sample was walked or put away.
        tables: For each ledger id, how its table was set up, as the window writes it.
        grounds: For each ledger id, the raster that lies behind its map.
    """

    theme: str = "system"
    text_percent: int = 100
    recent_ledgers: tuple[str, ...] = ()
    last_folder: str = ""
    window: str = ""
    last_member: dict[str, str] = field(default_factory=dict)
    windows: dict[str, str] = field(default_factory=dict)
    second_backup: dict[str, str] = field(default_factory=dict)
    toured: int = 0
    tables: dict[str, str] = field(default_factory=dict)
    grounds: dict[str, str] = field(default_factory=dict)

    def opened(self, ledger: Path) -> Settings:
        """Return the settings with ``ledger`` put first among the recent ones."""
        first = str(ledger.absolute())
        others = (known for known in self.recent_ledgers if known != first)
        return dataclasses.replace(self, recent_ledgers=(first, *others)[:RECENT_LIMIT])


def settings_file() -> Path:
    """Return where the settings stand."""
    return settings_folder() / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; what is missing, unknown or of a wrong kind counts as never set.

    A settings file must not keep a clerk from the ledger, so a damaged one gives the defaults.
    """
    try:
        kept = tomllib.loads((path or settings_file()).read_text(encoding="utf-8"))
    except (OSError, ValueError, SurroundingsError):
        return Settings()
    kinds = get_type_hints(Settings)
    known = {name: _fitted(value, kinds[name]) for name, value in kept.items() if name in kinds}
    return Settings(**{name: value for name, value in known.items() if value is not None})


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the settings, whole or not at all.

    Raises:
        SurroundingsError: The disk refused; what was set before still stands.
    """
    values = {
        name: list(value) if isinstance(value, tuple) else value for name, value in dataclasses.asdict(settings).items()
    }
    try:
        write_whole(path or settings_file(), tomli_w.dumps(values).encode())
    except SurroundingsError as error:
        raise SurroundingsError(error.code, "设置没有保存，台账不受影响。", error.hint) from error


def _fitted(value: Any, kind: Any) -> Any:
    """The value if it is of the kind that the field has, else None."""
    if kind in (str, int):
        return value if type(value) is kind else None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value) if kind == tuple[str, ...] else None
    if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return value if kind == dict[str, str] else None
    return None
