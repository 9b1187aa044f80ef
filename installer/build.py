"""Build the bundle in dist/gengdi, and let it test itself where no source tree can help it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST, WORK = ROOT / "dist", ROOT / "build" / "pyinstaller"
SELF_TEST_SECONDS = 300


def build() -> Path:
    """Run PyInstaller; returns the folder of the bundle."""
    bundle = DIST / "gengdi"
    shutil.rmtree(bundle, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", str(DIST), "--workpath", str(WORK), str(ROOT / "installer" / "gengdi.spec")]
    subprocess.run(command, check=True, cwd=ROOT)
    return bundle


def self_test(bundle: Path) -> bool:
    """Run ``gengdi self-test`` of a bundle that was moved away from the source tree; says what each step answered."""
    with tempfile.TemporaryDirectory(prefix="gengdi-bundle-") as scratch:
        moved = Path(scratch) / "moved 程序"
        shutil.copytree(bundle, moved, symlinks=True)
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "QT_"))
        }
        clean |= {"QT_QPA_PLATFORM": "offscreen", "GENGDI_HOME": str(Path(scratch) / "home"), "LC_ALL": "C.UTF-8"}
        run = subprocess.run(
            [str(moved / "gengdi"), "self-test", "--json", "--out", str(Path(scratch) / "out")],
            env=clean,
            cwd=scratch,
            capture_output=True,
            text=True,
            timeout=SELF_TEST_SECONDS,
            check=False,
        )
    print(run.stderr, end="", file=sys.stderr)
    try:
        answer = json.loads(run.stdout)
    except ValueError:
        print(f"self-test gave no answer (exit {run.returncode}): {run.stdout[-2000:]}", file=sys.stderr)
        return False
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return run.returncode == 0 and answer.get("ok") is True


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    """Build, test, and say how large it is and how long it took."""
    started = time.monotonic()
    bundle = build()
    built = time.monotonic()
    sound = self_test(bundle)
    tested = time.monotonic()
    print(f"{bundle.relative_to(ROOT)}: {size_of(bundle) / 1e6:.0f} MB, built in {built - started:.0f} s")
    print(f"self-test {'passed' if sound else 'FAILED'} in {tested - built:.0f} s")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
