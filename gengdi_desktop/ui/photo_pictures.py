"""Pictures of kept photos, read off the GUI thread: only those in sight, each once, the oldest forgotten."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.jobs import Jobs, Lane

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_AT_ONCE: Final = 2
_KEPT: Final = 240
NOT_SHOWN: Final = "看不了这种图"
_FAULTS: Final = {"file_missing": "文件不见了", "file_damaged": "文件损坏", "file_awaited": "待补，还没送来"}


def read_picture(ledger: Ledger, sha256: str, width: int) -> QImage:
    """The upright picture of a kept file, or its first page, no wider than *width* dots. Runs in a file hand.

    Raises:
        RuleError: It cannot be shown.
        SurroundingsError: ``file_missing``, ``file_damaged``, ``file_awaited``.
    """
    from gengdi_desktop.evidence.pictures import picture

    return QImage.fromData(picture(ledger, sha256, width))


class Pictures(QObject):
    """Asked for what is in sight, it brings those pictures, the first first, and lets go of what was asked before.

    Signal: the picture of a hash has come, or the reason why there is none.
    """

    came = Signal(str)

    def __init__(self, ledger: Ledger, jobs: Jobs, width: int, parent: QObject | None = None) -> None:
        """Begin without any; *width* is in dots of the screen."""
        super().__init__(parent)
        self._ledger, self._jobs, self.width = ledger, jobs, width
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._faults: dict[str, str] = {}
        self._waiting: list[str] = []
        self._running: set[str] = set()

    def image(self, sha256: str) -> QImage | None:
        """The picture, where it is here."""
        found = self._images.get(sha256)
        if found is not None:
            self._images.move_to_end(sha256)
        return found

    def fault(self, sha256: str) -> str:
        """Why a picture cannot be shown, in a few words; empty where nothing stands in the way."""
        return self._faults.get(sha256, "")

    @property
    def waiting(self) -> tuple[str, ...]:
        """What is asked for and not begun."""
        return tuple(self._waiting)

    def want(self, hashes: Sequence[str]) -> None:
        """Bring exactly these from now on; what was asked for earlier and is not begun is dropped."""
        known = self._images.keys() | self._faults.keys() | self._running
        self._waiting = [one for one in dict.fromkeys(hashes) if one not in known]
        self._go_on()

    def look_again(self) -> None:
        """What was missing or damaged may be there now."""
        self._faults.clear()

    def _go_on(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            self._begin(self._waiting.pop(0))

    def _begin(self, sha256: str) -> None:
        self._running.add(sha256)
        ledger, width = self._ledger, self.width
        self._jobs.run(
            Lane.FILES,
            lambda _progress: read_picture(ledger, sha256, width),
            partial(self._here, sha256),
            partial(self._refused, sha256),
            owner=self,
            cancelled=partial(self._stopped, sha256),
        )

    def _here(self, sha256: str, image: QImage) -> None:
        if image.isNull():
            self._faults[sha256] = NOT_SHOWN
        else:
            self._images[sha256] = image
            while len(self._images) > _KEPT:
                self._images.popitem(last=False)
        self._ended(sha256)

    def _refused(self, sha256: str, error: GengdiError) -> None:
        self._faults[sha256] = _FAULTS.get(error.code, NOT_SHOWN)
        self._ended(sha256)

    def _ended(self, sha256: str) -> None:
        self._stopped(sha256)
        self.came.emit(sha256)

    def _stopped(self, sha256: str) -> None:
        self._running.discard(sha256)
        self._go_on()
