"""The verbs of the county's desk: who has handed in, what stands in two townships, and taking in a whole stick."""

from __future__ import annotations

from gengdi_desktop.consolidation.board import Board, BoardLine, board
from gengdi_desktop.consolidation.deadlines import Deadline, Standing
from gengdi_desktop.consolidation.inbox import Fate, Inbox, InboxFile, look, take_in
from gengdi_desktop.consolidation.records import BoardPaper, BoardSigner, Parcel
from gengdi_desktop.consolidation.reported import Contradiction, compare_with_submission
from gengdi_desktop.consolidation.triggers import Named, Triggers, limits_in_force, set_limits, triggers
from gengdi_desktop.consolidation.twins import PhotoAt, PhotoTwins, PlotTwins, Sign, TwinPlot, Twins, twins
from gengdi_desktop.domain.county_units import Unit

__all__ = [
    "Board",
    "BoardLine",
    "BoardPaper",
    "BoardSigner",
    "Contradiction",
    "Deadline",
    "Fate",
    "Inbox",
    "InboxFile",
    "Named",
    "Parcel",
    "PhotoAt",
    "PhotoTwins",
    "PlotTwins",
    "Sign",
    "Standing",
    "Triggers",
    "TwinPlot",
    "Twins",
    "Unit",
    "board",
    "compare_with_submission",
    "limits_in_force",
    "look",
    "set_limits",
    "take_in",
    "triggers",
    "twins",
]
