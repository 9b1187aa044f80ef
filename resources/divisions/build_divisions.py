"""Make the division tables anew from the package named in NOTICE.md.

    python build_divisions.py SOURCES OUT

SOURCES is the ``dist`` folder of the unpacked package. The same package gives the same bytes.
"""

from __future__ import annotations

import csv
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)
TOWNSHIP_DIGITS = 9
NO_UNIT = "000"
"""A county that stands in the table as its own only township has none that the table knows."""


def rows(sources: Path, name: str) -> Iterator[tuple[str, str]]:
    """Code and name of each row of a table of the package."""
    with (sources / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["code"], row["name"]


def units(sources: Path) -> str:
    """Provinces, cities and counties with whole codes, under each county its units with their last three digits."""
    divisions = dict(rows(sources, "provinces")) | dict(rows(sources, "cities")) | dict(rows(sources, "areas"))
    divisions |= {code: name for code, name in rows(sources, "streets") if not code.endswith(NO_UNIT)}
    # In the order of the codes every division comes after the one that it belongs to.
    return "".join(
        f"{code[-3:] if len(code) == TOWNSHIP_DIGITS else code} {name}\n" for code, name in sorted(divisions.items())
    )


def villages(sources: Path) -> dict[str, str]:
    """For each county: a line of three digits for a unit, then its villages, each with its last three digits."""
    texts: dict[str, list[str]] = {}
    before = ""
    for code, name in sorted(rows(sources, "villages")):
        unit = code[:TOWNSHIP_DIGITS]
        if unit.endswith(NO_UNIT):
            continue
        lines = texts.setdefault(code[:6], [])
        if unit != before:
            lines.append(f"{unit[-3:]}\n")
            before = unit
        lines.append(f"{code[-3:]} {name}\n")
    return {county: "".join(lines) for county, lines in texts.items()}


def main(sources: Path, out: Path) -> None:
    """Write ``units.txt`` and ``villages.zip``."""
    (out / "units.txt").write_text(units(sources), encoding="utf-8", newline="\n")
    with zipfile.ZipFile(out / "villages.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for county, text in sorted(villages(sources).items()):
            archive.writestr(
                zipfile.ZipInfo(county, LONG_AGO), text, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
