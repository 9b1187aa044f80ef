"""The verbs between desks: what leaves this ledger in packages and what comes in by them."""

from __future__ import annotations

from gengdi_desktop.handover.packages import PackageLine, Packed, PackOptions, file_name
from gengdi_desktop.handover.packing.packing import pack, require_sender
from gengdi_desktop.handover.packing.receivers import DueUnit, units_due
from gengdi_desktop.handover.packing.so_far import packages
from gengdi_desktop.handover.packing.weighing import weigh
from gengdi_desktop.handover.receiving.admission import Freshness, Problem
from gengdi_desktop.handover.receiving.conflicts import Conflict, conflicts, decide
from gengdi_desktop.handover.receiving.proof import Proof, ProofKind
from gengdi_desktop.handover.receiving.records import Arrival, Received
from gengdi_desktop.handover.receiving.service import arrival, receive

__all__ = [
    "Arrival",
    "Conflict",
    "DueUnit",
    "Freshness",
    "PackOptions",
    "PackageLine",
    "Packed",
    "Problem",
    "Proof",
    "ProofKind",
    "Received",
    "arrival",
    "conflicts",
    "decide",
    "file_name",
    "pack",
    "packages",
    "receive",
    "require_sender",
    "units_due",
    "weigh",
]
