"""A photo looked up among 20,000, cut, mirrored and stamped copies included, beside the bare products of matrices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure

PHOTOS, ASKED = 20_000, 25
SECONDS = 1
_RATIO = 10


def floor(photos: int, asked: int) -> tuple[float, Any]:
    """The least that can find anything: every code times the codes of all cuts that are asked for, both ways round."""
    import numpy as np

    from gengdi_desktop.evidence.likeness.prints import CODE_LENGTH, windows

    draw = np.random.default_rng(1)
    kept = draw.standard_normal((photos, CODE_LENGTH)).astype(np.float32)
    cuts = draw.standard_normal((2 * len(windows()), CODE_LENGTH)).astype(np.float32)
    with Stopwatch() as watch:
        best = [int((kept @ cuts.T).max(1).argmax()) for _ in range(asked)]
    return watch.seconds / asked, best


def ours(photos: int, asked: int) -> tuple[float, Any]:
    """The program's way: all cuts, both ways round, and a close look at the likely ones."""
    from PIL import Image

    from gengdi_desktop.evidence.likeness.index import Likeness
    from gengdi_desktop.evidence.likeness.prints import SIDE, prints
    from tests.helpers.scenes_made import scene

    made = _many(photos, [prints(scene(number)) for number in range(40)])
    index = Likeness(lambda keys: {key: made[key] for key in keys})
    with Stopwatch() as filling:
        index.add(made)
    found = 0
    with Stopwatch() as watch:
        for number in range(asked):
            key = f"{number * (photos // asked):05d}"
            picture = Image.frombytes("L", (SIDE, SIDE), made[key]).resize((512, 512)).crop((24, 16, 496, 496))
            found += key in {match.key for match in index.alike(prints(picture))}
    return watch.seconds / asked, {"found": found, "filling": filling.seconds}


def _many(photos: int, drawn: list[bytes]) -> dict[str, bytes]:
    """As many prints: two drawn ones laid over each other in a proportion of their own, moved, with noise."""
    import numpy as np
    from PIL import Image

    from gengdi_desktop.evidence.likeness.prints import SIDE

    draw = np.random.default_rng(2)
    squares = np.stack([np.frombuffer(one, np.uint8).reshape(SIDE, SIDE) for one in drawn]).astype(np.float32)
    made = {}
    for number in range(photos):
        one, other = squares[draw.integers(len(squares), size=2)]
        part = draw.uniform(0.3, 0.7)
        laid = part * np.roll(one, draw.integers(SIDE), 1) + (1 - part) * np.roll(other, draw.integers(SIDE), 1)
        light = Image.fromarray(draw.normal(0, 25, (9, 9)).astype(np.float32)).resize((SIDE, SIDE))
        made[f"{number:05d}"] = np.clip(0.8 * laid + 20 + np.asarray(light), 0, 255).astype(np.uint8).tobytes()
    return made


def compare(scratch: Path) -> Comparison:
    """Both, with the same number of photos."""
    del scratch
    plain = measure("bench.likeness:floor", photos=PHOTOS, asked=ASKED)
    look = measure("bench.likeness:ours", photos=PHOTOS, asked=ASKED)
    if look.answer["found"] != ASKED:
        raise ValueError(f"found {look.answer['found']} of {ASKED} cut copies")
    return Comparison(
        f"One photo looked up among {PHOTOS:,}",
        (
            Figure("the look-up, cut and mirrored copies too", look.seconds, "s", SECONDS),
            Figure("the look-up beside its products", look.seconds, "s", _RATIO, ("bare products", plain.seconds)),
            Figure("making the index", look.answer["filling"], "s", 10),
        ),
        (f"{look.own_mb:.0f} MB in all",),
    )
