"""The sixteen groups of a fingerprint as they are read aloud: from left to right, line by line."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from gengdi_desktop.ui.widgets.parts import CENTRE, LabelRole, label
from gengdi_desktop.ui.widgets.sheet import Block


def fingerprint_block(groups: str, *, across: int = 4, role: LabelRole = "section") -> Block:
    """A framed block of groups that are parted by spaces; each is read out letter by letter."""
    block = Block("framed")
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    for at, group in enumerate(groups.split(" ")):
        shown = label(group, role, align=CENTRE)
        shown.setAccessibleName(f"第 {at + 1} 组 {' '.join(group)}")
        grid.addWidget(shown, at // across, at % across)
    block.body.addLayout(grid)
    return block
