"""Makes the two HEIC photos of the tests; run once, by hand, in an environment of its own that has ``pillow-heif``.

The program reads HEIC with a library that cannot write it, so these small files are kept:

    python -m tests.golden.photos.make_heic FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.helpers.photos import STORED, camera_exif, corners


def main(folder: Path) -> None:
    """Write an upright photo and one that its file says how to turn."""
    import pillow_heif  # type: ignore[import-not-found]  # only where the files are made

    pillow_heif.register_heif_opener()
    corners().save(folder / "upright.heic", quality=90, exif=camera_exif(direction=123.4))
    turn = STORED[6]
    if turn is None:
        raise AssertionError("a camera held upright turns nothing")
    lying = corners().transpose(turn)
    # Read from here, the encoder writes HEIF's own turning beside the EXIF orientation, as telephones do.
    lying.info["exif"] = camera_exif(direction=123.4, orientation=6).tobytes()
    lying.save(folder / "turned.heic", quality=90)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
