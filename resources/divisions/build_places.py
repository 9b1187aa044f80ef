"""Make the table of where counties lie anew from the package named in NOTICE.md.

    python build_places.py SOURCES OUT

SOURCES is the unpacked package, OUT the folder of ``units.txt``. The same package gives the same bytes.
"""

from __future__ import annotations

import csv
import math
import re
import sys
from pathlib import Path

COUNTY = re.compile(r"^(\d{6}) ", re.MULTILINE)
CITY_DIGITS = 4
NEIGHBOUR = 3
"""A county is taken to reach as far as its fourth neighbour's centre and half as far again."""
LEAST_KM, MOST_KM = 40, 450
KM_OF_DEGREE = 111.2

Centre = tuple[float, float]


def centres(sources: Path) -> dict[str, Centre]:
    """County code → longitude and latitude of its seat."""
    with (sources / "cpca" / "resources" / "adcodes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["adcode"][:6]: (float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(file)
            if row["longitude"] and row["latitude"]
        }


def kilometres(one: Centre, other: Centre) -> float:
    """Roughly how far apart two places are."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, one[1] - other[1]) * KM_OF_DEGREE


def lines(counties: list[str], known: dict[str, Centre]) -> list[str]:
    """Code, longitude, latitude in degrees with two decimals, reach in kilometres; a city has its own line."""
    placed = {code: known[code] for code in counties if code in known}
    made = []
    for code in sorted({*placed, *(code[:CITY_DIGITS] for code in placed)}):
        own = [centre for county, centre in placed.items() if county.startswith(code)]
        middle = (sum(one[0] for one in own) / len(own), sum(one[1] for one in own) / len(own))
        widest = max(kilometres(middle, one) for one in own)
        nearest = sorted(kilometres(middle, one) for county, one in placed.items() if not county.startswith(code))
        reach = min(max(1.5 * nearest[NEIGHBOUR], 1.5 * widest, LEAST_KM), MOST_KM)
        made.append(f"{code} {middle[0]:.2f} {middle[1]:.2f} {reach:.0f}")
    return made


def main() -> None:
    """Write ``places.txt``."""
    sources, out = Path(sys.argv[1]), Path(sys.argv[2])
    counties = COUNTY.findall((out / "units.txt").read_text(encoding="utf-8"))
    text = "\n".join(lines(counties, centres(sources))) + "\n"
    (out / "places.txt").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
