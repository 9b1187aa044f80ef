"""Two hundred photos of twelve million pixels taken in, beside the least that can be done with them on two threads.

``python -m bench.photos --full`` takes a thousand.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure

PHOTOS, PHOTOS_FULL = 200, 1000
WIDTH, HEIGHT = 4000, 3000
THREADS = 2
MEMORY_MB = 400
_NAIVE = 20
_PREVIEW = 320
_MAKE = 0x010F
_TAKEN = 0x9003
_PLOTS = 10


def prepare(photos: str, count: int) -> tuple[float, Any]:
    """Noisy photos of some 3 MB with the EXIF of a telephone, each with bytes of its own, for ten plots.

    In a process of its own, since what a parent held counts as memory of the children that it starts.
    """
    import numpy as np
    from PIL import Image, TiffImagePlugin

    rng = np.random.default_rng(20230802)
    smooth = rng.integers(0, 255, (HEIGHT // 50, WIDTH // 50, 3), dtype=np.uint8)
    picture = Image.fromarray(smooth).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    noise = rng.normal(0, 6, (HEIGHT, WIDTH, 1))
    noisy = np.clip(np.asarray(picture, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
    exif = Image.Exif()
    exif[_MAKE] = "HUAWEI"
    exif.get_ifd(0x8769)[_TAKEN] = "2023:08:02 09:30:15"
    degrees = tuple(TiffImagePlugin.IFDRational(part) for part in (28, 22, 30))
    exif.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "E", 4: degrees})
    stream = io.BytesIO()
    Image.fromarray(noisy).save(stream, "JPEG", quality=85, exif=exif)
    whole = stream.getvalue()
    folder = Path(photos)
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"白圩村{number % _PLOTS + 1:04d}_整改后_{number:04d}.jpg").write_bytes(
            whole + number.to_bytes(4, "big")
        )
    return 0.0, count


def floor(photos: str) -> tuple[float, Any]:
    """SHA-256, EXIF with place, and a thumbnail by draft mode, on two threads."""
    from PIL import Image

    def one(path: Path) -> int:
        data = path.read_bytes()
        hashlib.sha256(data).hexdigest()
        with Image.open(io.BytesIO(data)) as image:
            image.getexif().get_ifd(0x8825)
            image.draft("RGB", (_PREVIEW, _PREVIEW * HEIGHT // WIDTH))
            image.thumbnail((_PREVIEW, _PREVIEW))
            out = io.BytesIO()
            image.save(out, "JPEG", quality=85)
        return len(out.getvalue())

    files = sorted(Path(photos).iterdir())
    with Stopwatch() as watch, ThreadPoolExecutor(THREADS) as threads:
        made = sum(1 for size in threads.map(one, files) if size)
    return watch.seconds, made


def naive(photos: str) -> tuple[float, Any]:
    """Twenty photos decoded whole and made small carefully, one after the other."""
    from PIL import Image

    files = sorted(Path(photos).iterdir())[:_NAIVE]
    with Stopwatch() as watch:
        for path in files:
            hashlib.sha256(path.read_bytes()).hexdigest()
            with Image.open(path) as image:
                image.resize((_PREVIEW, _PREVIEW * HEIGHT // WIDTH), Image.Resampling.LANCZOS)
    return watch.seconds / len(files), len(files)


def copying(photos: str, target: str) -> tuple[float, Any]:
    """The files copied and synced, with their hashes: what keeping them takes at least."""
    import os

    Path(target).mkdir()
    files = sorted(Path(photos).iterdir())
    with Stopwatch() as watch:
        for path in files:
            data = path.read_bytes()
            hashlib.sha256(data).hexdigest()
            with (Path(target) / path.name).open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
    return watch.seconds, len(files)


def ours(photos: str, folder: str) -> tuple[float, Any]:
    """Preview, which reads and matches, and the run, which keeps and attaches."""
    from gengdi_desktop.domain.operations import Operation
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.domain.states import Desk
    from gengdi_desktop.evidence.taking_in import preview, run
    from gengdi_desktop.ledger import service
    from gengdi_desktop.storage.tables import PlotRow
    from gengdi_desktop.system.clock import SystemClock

    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="张三")
    ledger = service.create_ledger(Path(folder), new, SystemClock())
    with ledger.begin(Operation.IMPORT, Actor("张三")) as work:
        for number in range(1, _PLOTS + 1):
            key = f"p{number}"
            work.session.add(PlotRow(id=key, entry=work.seq, village="白圩村", plot_no=f"{number:04d}", state="issued"))
        work.commit()
    with Stopwatch() as reading:
        taking = preview(ledger, [Path(photos)])
    with Stopwatch() as keeping:
        done = run(ledger, taking, by=Actor("张三"))
    ledger.close()
    return reading.seconds, {"keeping": keeping.seconds, "attached": len(done.attached)}


def compare(scratch: Path, count: int = PHOTOS) -> Comparison:
    """All of them on the same files."""
    photos = scratch / "photos"
    measure("bench.photos:prepare", photos=str(photos), count=count)
    size = sum(path.stat().st_size for path in photos.iterdir()) / count / 1e6
    least = measure("bench.photos:floor", photos=str(photos))
    plain = measure("bench.photos:naive", photos=str(photos))
    copied = measure("bench.photos:copying", photos=str(photos), target=str(scratch / "copy"))
    whole = measure("bench.photos:ours", photos=str(photos), folder=str(scratch / "ledger"))
    if whole.answer["attached"] != count:
        raise AssertionError(f"only {whole.answer['attached']} of {count} photos were attached")
    kept = whole.answer["keeping"]
    naively = plain.seconds * count
    return Comparison(
        f"{count} photos of {WIDTH * HEIGHT / 1e6:.0f} million pixels, {size:.1f} MB each, {THREADS} threads",
        (
            Figure(
                "read, judge and match, with previews", whole.seconds, "s", 1.3, ("hash, EXIF, draft", least.seconds)
            ),
            Figure("the same", whole.seconds, "s", 0.4, ("whole decoding, one thread", naively)),
            Figure("keep and attach", kept, "s", 3, ("copy, hash, sync", copied.seconds)),
            Figure("largest memory", whole.own_mb + whole.children_mb, "MB", MEMORY_MB),
        ),
        (
            f"a photo takes {whole.seconds * 1000 / count:.0f} ms, and {kept * 1000 / count:.0f} ms to keep",
            f"processor {whole.processor:.1f} s for both, floors {least.processor:.1f} and {copied.processor:.1f} s",
        ),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="gengdi-bench-") as place:
        told = compare(Path(place), PHOTOS_FULL if "--full" in sys.argv else PHOTOS)
    print(told.text())
    sys.exit(min(1, told.missed))
