"""Dossiers of 2,220 plots with three photos each: beside merely making the same pictures small, within 500 MB."""

from __future__ import annotations

import hashlib
import io
import random
from itertools import product
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure

PLOTS = 2_220
PHOTOS = ("before", "during", "after")
MEMORY_MB = 500
_SCENES = 24
_SIZE = (2000, 1500)
_WIDTH = 1000
"""As wide as such a photo is printed: half of its own size."""
_QUALITY = 85
_SHARE = 3
"""Of so many photos one is made small for comparison, and the time counted so many times."""
_TABLE = b"\xff\xdb\x00\x43\x00"
"""Before the 64 steps by which the brightness of a JPEG was rounded."""
_STEPS = 7


def floor(photos: str) -> tuple[float, Any]:
    """A share of the photos read, made as wide as the page needs and packed again: no paper, one processor."""
    from PIL import Image, ImageOps

    with Stopwatch() as watch:
        written = 0
        for path in sorted(Path(photos).iterdir())[::_SHARE]:
            with Image.open(path) as picture:
                picture.draft("RGB", (_WIDTH, _WIDTH * _SIZE[1] // _SIZE[0]))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((_WIDTH, _WIDTH))
            made = io.BytesIO()
            upright.save(made, "JPEG", quality=_QUALITY)
            written += made.tell()
    return watch.seconds, written


def ours(folder: str, out: str) -> tuple[float, Any]:
    """All dossiers of the ledger into one file."""
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.reports.forms.kinds import FormKind
    from gengdi_desktop.reports.forms.service import write_forms
    from gengdi_desktop.system.clock import SystemClock

    ledger = open_ledger(Path(folder), SystemClock(), write=False)
    with Stopwatch() as watch:
        written = write_forms(ledger, FormKind.DOSSIER, Path(out))
    ledger.close()
    return watch.seconds, {"plots": written.plots, "pages": written.pages, "broken": len(written.broken)}


def cancelled(folder: str, out: str) -> tuple[float, Any]:
    """Cancel after a fifth; what counts is how long the program still takes to stop, and what it leaves."""
    import time

    from gengdi_desktop.errors import Cancelled
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.reports.forms.kinds import FormKind
    from gengdi_desktop.reports.forms.service import write_forms
    from gengdi_desktop.system.clock import SystemClock

    asked = 0.0

    def stop(done: int, of: int) -> None:
        nonlocal asked
        if done >= of // 5:
            asked = time.perf_counter()
            raise Cancelled

    ledger = open_ledger(Path(folder), SystemClock(), write=False)
    try:
        write_forms(ledger, FormKind.DOSSIER, Path(out), None, stop)
    except Cancelled:
        took = time.perf_counter() - asked
    ledger.close()
    return took, sorted(one.name for one in Path(out).parent.iterdir())


def write_photographed_ledger(folder: Path) -> Path:
    """A ledger with three photos for each plot, each a picture of its own; returns where the photos lie."""
    from bench.big_ledger import write_ledger
    from gengdi_desktop.domain.operations import Operation
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.folder import FolderPart, StoredFile, record_file
    from gengdi_desktop.ledger.queries import plot_ids
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.storage.tables import AttachmentRow, PhotoRow
    from gengdi_desktop.system.clock import SystemClock

    write_ledger(folder, PLOTS)
    scenes = _scenes()
    ledger = open_ledger(folder, SystemClock())
    places = product(plot_ids(ledger), PHOTOS)
    with ledger.begin(Operation.ATTACH, Actor("张三")) as work:
        attached: list[tuple[Any, ...]] = []
        noted: list[tuple[Any, ...]] = []
        for number, (plot, stage) in enumerate(places):
            data = _variant(scenes[number % _SCENES], number // _SCENES)
            kept = StoredFile(hashlib.sha256(data).hexdigest(), len(data), FolderPart.EVIDENCE.value, ".jpg")
            # Written as it comes: what is measured is the reading, and a sync for each file takes minutes.
            ledger.folder.path_of(kept).write_bytes(data)
            noted.append((kept.sha256, *_SIZE, 1))
            attached.append((plot, 1, stage, record_file(work, kept), f"{number:05d}_{stage}.jpg", "image/jpeg"))
        first = work.new_keys(AttachmentRow, len(attached))
        names = ("id", "plot_id", "round", "stage", "file_id", "name", "media_type")
        work.bulk(AttachmentRow, names, [(first + at, *row) for at, row in enumerate(attached)])
        work.bulk(PhotoRow, ("id", "width", "height", "orientation"), noted)
        work.commit()
    ledger.close()
    return ledger.folder.part(FolderPart.EVIDENCE)


def _variant(scene: bytes, number: int) -> bytes:
    """The same scene with other shades: three of its rounding steps are other ones, so no pixel need be packed anew."""
    made = bytearray(scene)
    start = made.index(_TABLE) + len(_TABLE)
    for place in (1, 2, 4):
        number, more = divmod(number, _STEPS)
        made[start + place] += more
    if number:
        raise AssertionError("more pictures than three steps tell apart")
    return bytes(made)


def _scenes() -> list[bytes]:
    """Grainy pictures of fields, about as heavy as a phone's for their size."""
    from PIL import Image, ImageDraw

    chance = random.Random(5)  # noqa: S311  # the same pictures each time, no secret
    grain = Image.effect_noise((_SIZE[0] // 2, _SIZE[1] // 2), 12).resize(_SIZE, Image.Resampling.BILINEAR)
    made = []
    for _ in range(_SCENES):
        image = grain.convert("RGB")
        draw = ImageDraw.Draw(image)
        for _row in range(60):
            x, y = chance.randrange(_SIZE[0]), chance.randrange(_SIZE[1] // 2, _SIZE[1])
            colour = (chance.randrange(60, 160), chance.randrange(90, 180), chance.randrange(40, 90))
            draw.ellipse((x, y, x + chance.randrange(30, 500), y + chance.randrange(15, 150)), fill=colour)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_QUALITY)
        made.append(buffer.getvalue())
    return made


def compare(scratch: Path) -> Comparison:
    """Both, on the same photos."""
    folder, out = scratch / "ledger", scratch / "out"
    photos = write_photographed_ledger(folder)
    out.mkdir()
    stopped = measure("bench.dossiers:cancelled", folder=str(folder), out=str(out / "stopped.pdf"))
    if stopped.answer:
        raise AssertionError(f"cancelling left {stopped.answer} behind")
    raw = measure("bench.dossiers:floor", photos=str(photos))
    floor_seconds = raw.seconds * _SHARE
    whole = measure("bench.dossiers:ours", folder=str(folder), out=str(out / "dossiers.pdf"))
    if whole.answer["plots"] != PLOTS or whole.answer["broken"]:
        raise AssertionError(f"not all dossiers were written whole: {whole.answer}")
    size = (out / "dossiers.pdf").stat().st_size / 1e6
    return Comparison(
        f"dossiers of {PLOTS} plots, {PLOTS * len(PHOTOS)} photos, {whole.answer['pages']} pages, {size:.0f} MB",
        (
            Figure("largest memory, children included", whole.own_mb + whole.children_mb, "MB", MEMORY_MB),
            Figure("all dossiers", whole.seconds, "s", 2, ("making the pictures small", floor_seconds)),
            Figure("from the wish to cancel to the end", stopped.seconds, "s", 1),
        ),
        (
            f"{raw.answer * _SHARE / PLOTS / len(PHOTOS) / 1000:.0f} kB a picture",
            f"stopped after a fifth: {stopped.own_mb:.0f} MB, nothing left behind",
            f"processor time {whole.processor:.0f} s, {raw.processor * _SHARE:.0f} s for the pictures alone",
        ),
    )
