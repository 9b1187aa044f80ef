"""Paint every page and dialog of the sample ledger into PNG files, in every look and at every size that counts.

``python -m tests.gui.gallery build/gallery``; a screen at 150 % is painted by a process of its own, since Qt takes
the factor at its start. Says what is cut or overlaps, and ends with 1 if anything is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gengdi_desktop.ui.theme import DARK, HIGH, LIGHT, Look
from tests.gui.faults import faults
from tests.gui.sample_desk import make_desk
from tests.gui.scenes import SCENES
from tests.gui.window_stage import stage
from tests.helpers.clock import FixedClock

_WIDE = (1366, 768)
_FACTOR = "1.5"
_AT_FACTOR = (911, 512)


@dataclass(frozen=True)
class Shot:
    """One way of looking: what the file names end in, look, size of text, size of the window."""

    tag: str
    look: Look = LIGHT
    scale: float = 1.0
    size: tuple[int, int] = _WIDE


PLAIN = (
    Shot(""),
    Shot("-dark", DARK),
    Shot("-high", HIGH),
    Shot("-text115", scale=1.15),
    Shot("-text130", scale=1.3),
)
ENLARGED = (Shot("-150", size=_AT_FACTOR), Shot("-150-dark", DARK, size=_AT_FACTOR))


def paint(out: Path, shots: tuple[Shot, ...], desk: Path) -> Iterator[str]:
    """Paint every scene in every way; yields what is wrong."""
    for shot in shots:
        with stage(FixedClock(), shot.look, shot.scale) as made:
            made.resize(*shot.size)
            for scene in SCENES:
                if made.window.dialog is not None:
                    made.window.dialog.close_sheet()
                scene.set_up(made, desk)
                made.settle()
                made.shoot(out / f"{scene.name}{shot.tag}.png", made.window.devicePixelRatioF())
                for fault in faults(made.window):
                    yield f"{scene.name}{shot.tag}: {fault}"


def main(arguments: list[str]) -> int:
    """Paint; without a factor in the environment also start the process that paints at 150 %."""
    out = Path(arguments[0] if arguments else "build/gallery")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    enlarged = "QT_SCALE_FACTOR" in os.environ
    with tempfile.TemporaryDirectory() as home:
        os.environ["GENGDI_HOME"] = home
        desk = make_desk(Path(home) / "desk" / "白圩乡2023整改台账", FixedClock(), long_names=True)
        wrong = list(paint(out, ENLARGED if enlarged else PLAIN, desk))
    for one in wrong:
        sys.stdout.write(one + "\n")
    if enlarged:
        return int(bool(wrong))
    again = [sys.executable, "-m", "tests.gui.gallery", str(out)]
    other = subprocess.run(again, env={**os.environ, "QT_SCALE_FACTOR": _FACTOR}, check=False)
    return int(bool(wrong) or other.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
