"""Where this computer keeps what belongs to the user and not to a ledger.

Each folder is made when it is asked for; where it cannot be made, a ``SurroundingsError`` names it.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import PlatformDirs

from gengdi_desktop.system.files import telling

HOME_VARIABLE = "GENGDI_HOME"
"""Names one folder for everything below: a portable installation on a stick, or a test."""

_NAME = "gengdi-desktop"


def settings_folder() -> Path:
    """Folder of the settings file; made when missing, readable for this user alone."""
    return _made(_folder("settings", "user_config_path"))


def profile_folder() -> Path:
    """Folder of what the user owns on this computer: identities and confirmed certificates. Made when missing."""
    return _made(_folder("profile", "user_data_path"))


def state_folder() -> Path:
    """Folder of what the program remembers by itself: known journal heads, drafts, crash reports. Made when missing."""
    return _made(_folder("state", "user_state_path"))


def log_folder() -> Path:
    """Folder of the log files; made when missing."""
    return _made(_folder("logs", "user_log_path"))


def cache_folder() -> Path:
    """Folder of what may vanish at any time; made when missing."""
    return _made(_folder("cache", "user_cache_path"))


def _folder(own: str, standard: str) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home) / own
    folder: Path = getattr(PlatformDirs(_NAME, appauthor=False), standard)
    return folder


def _made(folder: Path) -> Path:
    with telling(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
