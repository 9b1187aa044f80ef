"""The manual, its search and the sheet of shortcuts, for the gallery and its test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.ui.dialogs.close_dialog import CloseSheet
from gengdi_desktop.ui.jobs import Job, Lane, Shown
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

    def tour(stage: Stage, desk: Path) -> None:
        away(stage, desk)
        stage.window.tour.begin()

    def closing(stage: Stage, desk: Path) -> None:
        away(stage, desk)
        stage.window.tour.end()
        stage.go("home")
        job = Job(Shown("导入清单", "行"), Lane.WRITE, None, None, None, None)
        job.steps = (64_000, 100_000)
        job.started -= 40
        stage.jobs._running.add(job)
        sheet = CloseSheet(stage.jobs)
        sheet._tick.stop()
        stage.window.open_dialog(sheet)
        stage.jobs._running.discard(job)

    return ("help", pane), ("help-search", search), ("help-keys", keys), ("tour", tour), ("closing", closing)
