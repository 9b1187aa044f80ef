"""``make bench``: figures of the program beside their floors, measured on the same machine in the same run.

    python -m bench.run [NAME …]

Each measurement is a module here with a function ``compare(scratch) -> Comparison``. A figure over its target is said
so and counted; seconds and megabytes are never asserted in the tests, because they depend on the machine.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

NAMES = (
    "import_list",
    "annex_pdf",
    "bulk_edit",
    "plot_table",
    "dossiers",
    "photos",
    "plot_map",
    "likeness",
    "shapes",
    "packing",
    "county_merge",
)


def main(names: list[str]) -> int:
    """Measure what is named, else all; returns how many figures miss their target."""
    missed = 0
    for name in names or NAMES:
        with tempfile.TemporaryDirectory(prefix="gengdi-bench-") as scratch:
            comparison = importlib.import_module(f"bench.{name}").compare(Path(scratch))
        print(comparison.text(), flush=True)
        missed += comparison.missed
    print(f"{missed} figures miss their target" if missed else "every figure meets its target")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
