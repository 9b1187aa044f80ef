"""Areas on the ellipsoid of CGCS2000, of many shapes at once; for comparing with what a list says, never instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEMI_MAJOR: Final = 6_378_137.0
FLATTENING: Final = 1 / 298.257222101
ECCENTRICITY_2: Final = FLATTENING * (2 - FLATTENING)
_ECCENTRICITY: Final = ECCENTRICITY_2**0.5
_MICRO_MU: Final = 1500  # one square metre is 0.0015 mu, exactly

Geometries = Any
"""A numpy array of shapely geometries."""


def ellipsoidal_areas(shapes: Geometries) -> NDArray[np.int64]:
    """The areas of shapes in degrees, in 10⁻⁶ mu.

    Shapes are laid flat by the cylinder that keeps areas, on which a parcel's sides are as good as straight.
    """
    flat = shapely.area(shapely.transform(shapes, _equal_area))
    areas: NDArray[np.int64] = np.rint(flat * _MICRO_MU).astype(np.int64)
    return areas


def _equal_area(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    sines = np.sin(np.radians(degrees[:, 1]))
    inner = _ECCENTRICITY * sines
    # Snyder, Map Projections: A Working Manual, formula 3-12, halved.
    heights = (1 - ECCENTRICITY_2) * (sines / (1 - inner**2) + np.arctanh(inner) / _ECCENTRICITY) / 2
    laid: NDArray[np.float64] = np.column_stack((np.radians(degrees[:, 0]), heights)) * SEMI_MAJOR
    return laid
