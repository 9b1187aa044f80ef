"""Editing in the table: an open cell, choices, a slip, a paste that does not fit, a filled block, a draft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gengdi_desktop.ledger.drafts import keep_draft
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.editing.clipboard_table import fill_clipboard
from gengdi_desktop.ui.models.plot_columns import BY_KEY
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHOWN = (
    "#",
    "village",
    "plot_no",
    "issued_area",
    "state",
    "disposal_class",
    "measure",
    "settled",
    "person",
    "deadline",
)


def editing_scenes(opened: Bring) -> tuple[tuple[str, Bring], ...]:  # noqa: C901, PLR0915  (one scene after the other)
    """Names of pictures, and what brings each up; *opened* opens the sample."""

    def page(stage: Stage, desk: Path, state: str = "working") -> LedgerPage:
        opened(stage, desk)
        stage.go("ledger", {"state": state, "group": ""})
        found = stage.window.page
        assert isinstance(found, LedgerPage)
        found.editing.leave()
        found.editing.panel.clear()
        found.model.set_columns([BY_KEY[key] for key in _SHOWN])
        found.table.set_columns([BY_KEY[key] for key in _SHOWN], 3)
        found.shown()
        stage.settle()
        return found

    def cell(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        _choose(made, 2, "measure")
        QTest.keyClick(made.table.right, Qt.Key.Key_F2)
        made.editing._editor.begin("清理苗木后翻耕，\n九月上旬播种油菜")  # type: ignore[union-attr]
        made.editing._drafts.end()

    def choices(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        _choose(made, 3, "disposal_class")
        QTest.keyClick(made.table.right, Qt.Key.Key_F2)
        focused = stage.window.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Down)

    def slip(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        _choose(made, 4, "deadline")
        for letter in "8.40":
            QTest.keyClicks(stage.window.focusWidget(), letter)
        QTest.keyClick(stage.window.focusWidget(), Qt.Key.Key_Return)

    def misfits(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        _paste(
            made, "settled", [["0.50", "章建平", "2023-08-25"], ["99", "罗志强", "7.25"], ["两亩", "吴小琴", "月底前"]]
        )

    def reason(stage: Stage, desk: Path) -> None:
        _paste(page(stage, desk, "accepted"), "person", [["章建平"], ["罗志强"]])

    def block(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        first, last = made.model.index(1, _column(made, "person")), made.model.index(6, _column(made, "person"))
        new = next(name for name in ("章建平", "罗志强") if name != first.data())
        _choose(made, 1, "person")
        chosen = made.table.right.selectionModel()
        chosen.select(QItemSelection(first, last), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        QTest.keyClick(made.table.right, Qt.Key.Key_F2)
        editor = made.editing._editor
        assert editor is not None
        editor.begin(new)
        QTest.keyClick(editor, Qt.Key.Key_Return, _CONTROL)

    def draft(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        plot = made.model.id_of(1)
        name = f"{made.model.line(1).name} 整改措施"  # type: ignore[union-attr]
        values = {"text": "清理苗木后翻耕，九月", "name": name}
        keep_draft(stage.context.ledger, f"cell:{plot}:measure", values, member="吴小琴")
        made.editing._drafts._looked = False
        made.editing.look_for_drafts()

    def form_draft(stage: Stage, desk: Path) -> None:
        plot = page(stage, desk).model.id_of(1)
        keep_draft(stage.context.ledger, f"action:plan:{plot}:1", {"整改措施": "清理苗木后翻耕"}, member="吴小琴")
        stage.window.open_dialog(ActionDialog(stage.context, "plan", (plot,), "连桥村 0017"))

    return (
        ("editing-cell", cell),
        ("editing-choices", choices),
        ("editing-slip", slip),
        ("editing-misfits", misfits),
        ("editing-reason", reason),
        ("editing-block", block),
        ("editing-draft", draft),
        ("editing-form-draft", form_draft),
    )


def _column(page: LedgerPage, key: str) -> int:
    return next(at for at, one in enumerate(page.table.columns) if one.key == key)


def _choose(page: LedgerPage, row: int, key: str) -> None:
    page.table.setFocus()
    page.table.choose_row(row, _column(page, key))


def _paste(page: LedgerPage, key: str, rows: list[list[str]]) -> None:
    mime = QMimeData()
    fill_clipboard(rows, mime)
    QGuiApplication.clipboard().setMimeData(mime)
    _choose(page, 0, key)
    QTest.keyClick(page.table.right, Qt.Key.Key_V, _CONTROL)
