"""What is wrong with a package that came from elsewhere."""

from __future__ import annotations

from gengdi_desktop.errors import SurroundingsError


class PackageFault(SurroundingsError):
    """The package itself is damaged, altered or not for this program; the disk it lies on is in order."""
