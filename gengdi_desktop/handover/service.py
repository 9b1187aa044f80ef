"""The verbs between desks: what leaves this ledger in packages and what comes in by them."""

from __future__ import annotations

from gengdi_desktop.handover.packages import PackageLine, Packed, PackOptions, file_name
from gengdi_desktop.handover.packing.packing import pack
from gengdi_desktop.handover.packing.receivers import DueUnit, units_due
from gengdi_desktop.handover.packing.so_far import packages

__all__ = [
    "DueUnit",
    "PackOptions",
    "PackageLine",
    "Packed",
    "file_name",
    "pack",
    "packages",
    "units_due",
]
