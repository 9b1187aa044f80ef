"""The manual, its search and the sheet of shortcuts, for the gallery and its test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]


def help_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and way of each scene; *open_desk* opens the sample ledger."""

    def pane(stage: Stage, desk: Path) -> None:
        away(stage, desk)
        stage.go("home")
        stage.window.show_help("报告与报送")

    def search(stage: Stage, desk: Path) -> None:
        pane(stage, desk)
        stage.settle()
        stage.window.help.search_field.setText("备份")
        stage.window.help._search()

    def away(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        if stage.window._help_open:
            stage.window.hide_help()

    def keys(stage: Stage, desk: Path) -> None:
        away(stage, desk)
        stage.window.show_keys()

    return ("help", pane), ("help-search", search), ("help-keys", keys)
