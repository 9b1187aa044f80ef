"""Dossiers of 2,220 plots with three photos each: beside merely making the same pictures small, within 500 MB."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure

PLOTS = 2_220
PHOTOS = ("before", "during", "after")
MEMORY_MB = 500
_SCENES = 24
_SIZE = (1200, 900)
_WIDTH = 1000


def floor(photos: str) -> tuple[float, Any]:
    """Every photo read, decoded, made as wide as the page needs and packed again; no paper, no ledger."""
    from PIL import Image, ImageOps

    with Stopwatch() as watch:
        written = 0
        for path in sorted(Path(photos).iterdir()):
            with Image.open(path) as picture:
                picture.draft("RGB", (_WIDTH, _WIDTH))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((_WIDTH, _WIDTH))
            made = io.BytesIO()
            upright.save(made, "JPEG", quality=82)
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


def write_photographed_ledger(folder: Path, photos: Path) -> None:
    """A ledger with three photos for each plot, each a file of its own, and the same files in a folder."""
    from bench.big_ledger import write_ledger
    from gengdi_desktop.domain.operations import Operation
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.folder import FolderPart, record_file
    from gengdi_desktop.ledger.queries import plot_ids
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.storage.tables import AttachmentRow
    from gengdi_desktop.system.clock import SystemClock

    write_ledger(folder, PLOTS)
    photos.mkdir()
    scenes = _scenes()
    ledger = open_ledger(folder, SystemClock())
    plots = plot_ids(ledger)
    with ledger.begin(Operation.ATTACH, Actor("张三")) as work:
        rows: list[tuple[Any, ...]] = []
        for place, plot in enumerate(plots):
            for number, stage in enumerate(PHOTOS):
                # What follows the end of a JPEG is not shown: so each file is one of its own, and none need be drawn.
                data = scenes[(place + number) % _SCENES] + f"{place}-{number}".encode()
                (photos / f"{place:05d}-{number}.jpg").write_bytes(data)
                kept = ledger.folder.keep(FolderPart.EVIDENCE, data, ".jpg")
                rows.append((plot, 1, stage, record_file(work, kept), f"{place:04d}_{stage}.jpg", "image/jpeg"))
        first = work.new_keys(AttachmentRow, len(rows))
        names = ("id", "plot_id", "round", "stage", "file_id", "name", "media_type")
        work.bulk(AttachmentRow, names, [(first + at, *row) for at, row in enumerate(rows)])
        work.commit()
    ledger.close()


def _scenes() -> list[bytes]:
    """Noisy pictures of fields, as heavy as a phone's when made small."""
    from PIL import Image, ImageDraw, ImageFilter

    chance = random.Random(5)  # noqa: S311  # the same pictures each time, no secret
    made = []
    for _ in range(_SCENES):
        image = Image.effect_noise((_SIZE[0] // 2, _SIZE[1] // 2), 60).convert("RGB").resize(_SIZE)
        draw = ImageDraw.Draw(image)
        for _row in range(60):
            x, y = chance.randrange(_SIZE[0]), chance.randrange(_SIZE[1] // 2, _SIZE[1])
            colour = (chance.randrange(60, 160), chance.randrange(90, 180), chance.randrange(40, 90))
            draw.ellipse((x, y, x + chance.randrange(20, 300), y + chance.randrange(10, 90)), fill=colour)
        buffer = io.BytesIO()
        image.filter(ImageFilter.GaussianBlur(1)).save(buffer, "JPEG", quality=85)
        made.append(buffer.getvalue())
    return made


def compare(scratch: Path) -> Comparison:
    """Both, on the same photos."""
    folder, photos = scratch / "ledger", scratch / "photos"
    write_photographed_ledger(folder, photos)
    (scratch / "out").mkdir()
    stopped = measure("bench.dossiers:cancelled", folder=str(folder), out=str(scratch / "out" / "stopped.pdf"))
    if stopped.answer:
        raise AssertionError(f"cancelling left {stopped.answer} behind")
    raw = measure("bench.dossiers:floor", photos=str(photos))
    whole = measure("bench.dossiers:ours", folder=str(folder), out=str(scratch / "out" / "dossiers.pdf"))
    if whole.answer["plots"] != PLOTS or whole.answer["broken"]:
        raise AssertionError(f"not all dossiers were written whole: {whole.answer}")
    size = (scratch / "out" / "dossiers.pdf").stat().st_size / 1e6
    return Comparison(
        f"dossiers of {PLOTS} plots, {PLOTS * len(PHOTOS)} photos, {whole.answer['pages']} pages, {size:.0f} MB",
        (
            Figure("largest memory, children included", whole.own_mb + whole.children_mb, "MB", MEMORY_MB),
            Figure("all dossiers", whole.seconds, "s", 2, ("making the pictures small", raw.seconds)),
            Figure("from the wish to cancel to the end", stopped.seconds, "s", 1),
        ),
        (f"{raw.answer / PLOTS / len(PHOTOS) / 1000:.0f} kB a picture",),
    )
