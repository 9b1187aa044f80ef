"""What is typed and not saved: there after a kill, offered once, gone when it is saved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gengdi_desktop.ledger.drafts import Draft, drafts_below, find_draft, keep_draft
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.dialogs.member_dialog import MemberDialog
from gengdi_desktop.ui.editing.cell_editor import CellEditor
from gengdi_desktop.ui.editing.drafts import draft_of
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from tests.gui.window_stage import Stage

ME = "吴小琴"


@pytest.fixture
def desk(window: Stage) -> Stage:
    window.window.member_chosen.emit(ME)
    window.settle()
    return window


def ledger_page(stage: Stage, **wish: str) -> LedgerPage:
    stage.go("ledger", wish)
    page = stage.window.page
    assert isinstance(page, LedgerPage)
    return page


def told(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def press(widget: QWidget, words: str) -> None:
    (found,) = [one for one in widget.findChildren(QPushButton) if one.text() == words and one.isVisible()]
    found.click()


def kept(stage: Stage, beginning: str) -> tuple[Draft, ...]:
    stage.settle()
    return drafts_below(stage.context.ledger, beginning, member=ME)


def action(stage: Stage, code: str = "plan", plots: int = 1) -> ActionDialog:
    model = ledger_page(stage, state="working").model
    dialog = ActionDialog(stage.context, code, [model.id_of(row) for row in range(plots)], "某村 0001")
    stage.window.open_dialog(dialog)
    stage.settle()
    return dialog


def type_into(dialog: ActionDialog, key: str, text: str) -> None:
    field = dialog._form._inner(key)
    field.setFocus()
    QTest.keyClicks(field, text)


# ----------------------------------------------------------------------------------------------------------- dialogs


def test_a_form_that_was_closed_in_the_middle_is_offered_again(desk: Stage) -> None:
    dialog = action(desk)
    type_into(dialog, "measure", "plough")
    type_into(dialog, "deadline", "8.")
    dialog.close_sheet()
    again = action(desk)
    assert "上次没有保存的内容还在（今天" in told(again.messages)
    press(again.messages, "接着填")
    typed = again._form.typed()
    assert "plough" in typed["measure"]
    assert typed["deadline"].endswith("8.")


def test_what_is_typed_is_kept_while_one_types(desk: Stage) -> None:
    dialog = action(desk)
    type_into(dialog, "person", "Luo")
    (draft,) = kept(desk, "action:plan:")
    assert "Luo" in draft.values["责任人"]
    type_into(dialog, "person", "x")
    (draft,) = kept(desk, "action:plan:")
    assert "Luox" in draft.values["责任人"]


def test_a_form_that_is_as_it_was_leaves_no_draft(desk: Stage) -> None:
    dialog = action(desk)
    type_into(dialog, "person", "x")
    assert kept(desk, "action:")
    QTest.keyClick(dialog._form._inner("person"), Qt.Key.Key_Backspace)
    assert not kept(desk, "action:")


def test_a_draft_that_is_not_wanted_goes(desk: Stage) -> None:
    dialog = action(desk)
    type_into(dialog, "person", "x")
    dialog.close_sheet()
    again = action(desk)
    press(again.messages, "不要了")
    assert not kept(desk, "action:")
    assert not told(again.messages)


def test_an_action_that_is_done_leaves_no_draft(desk: Stage) -> None:
    dialog = action(desk, "note")
    type_into(dialog, "text", "seen")
    assert kept(desk, "action:note:")
    dialog._act()
    assert not kept(desk, "action:note:")


def test_a_draft_of_another_plot_or_person_is_not_offered(desk: Stage) -> None:
    dialog = action(desk)
    keep_draft(desk.context.ledger, "action:plan:other:1", {"责任人": "x"}, member=ME)
    keep_draft(desk.context.ledger, f"action:plan:{dialog._plots[0]}:1", {"责任人": "x"}, member="李建国")
    assert "上次没有保存" not in told(action(desk).messages)


def test_passwords_and_private_values_are_never_kept(desk: Stage) -> None:
    dialog = action(desk, "check", plots=2)
    for key in ("party_contact", "party"):
        dialog._form.unfold([key])
        type_into(dialog, key, "13800000000")
    (draft,) = kept(desk, "action:check:")
    assert list(draft.values) == ["占用主体"]


def test_a_dialog_with_a_wish_keeps_its_draft_until_something_has_changed(desk: Stage) -> None:
    def opened() -> MemberDialog:
        dialog = MemberDialog()
        desk.window.open_dialog(dialog)
        draft_of(desk.context, "member", dialog)
        desk.settle()
        return dialog

    dialog = opened()
    QTest.keyClicks(dialog._name, "Zhang")
    dialog._add()
    assert find_draft(desk.context.ledger, "member", member=ME) is None or kept(desk, "member")
    assert kept(desk, "member")
    again = opened()
    assert "上次没有保存" in told(again.messages)
    press(again.messages, "接着填")
    assert again._name.text() == "Zhang"


# ------------------------------------------------------------------------------------------------------------- cells


def cell(page: LedgerPage, row: int, key: str) -> CellEditor:
    column = next(at for at, one in enumerate(page.table.columns) if one.key == key)
    page.table.choose_row(row, column)
    QTest.keyClick(page.table.right, Qt.Key.Key_F2)
    editor = page.editing._editor
    assert editor is not None
    return editor


def test_a_cell_that_was_open_when_the_program_was_killed_is_offered_again(desk: Stage) -> None:
    page = ledger_page(desk, state="working")
    plot = page.model.id_of(2)
    keep_draft(desk.context.ledger, f"cell:{plot}:person", {"text": "未写完", "name": "某村 责任人"}, member=ME)
    page.editing._drafts._looked = False
    page.editing.look_for_drafts()
    desk.settle()
    assert "上次没有保存的内容：某村 责任人填的“未写完”" in told(page.editing.panel)
    press(page.editing.panel, "接着填")
    editor = page.editing._editor
    assert editor is not None
    assert editor.toPlainText() == "未写完"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    desk.settle()
    line = page.model.line(2)
    assert line is not None
    assert line.person == "未写完"
    assert not kept(desk, "cell:")


@pytest.mark.parametrize("end", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_what_stands_in_an_open_cell_is_kept_until_it_is_settled(desk: Stage, end: Qt.Key) -> None:
    page = ledger_page(desk, state="working")
    editor = cell(page, 0, "person")
    QTest.keyClicks(editor, "2")
    (draft,) = kept(desk, "cell:")
    assert draft.values["text"].endswith("2")
    QTest.keyClick(editor, end)
    assert not kept(desk, "cell:")


def test_a_draft_of_a_cell_can_be_let_go(desk: Stage) -> None:
    page = ledger_page(desk, state="working")
    keep_draft(desk.context.ledger, f"cell:{page.model.id_of(0)}:person", {"text": "x", "name": "n"}, member=ME)
    page.editing._drafts._looked = False
    page.editing.look_for_drafts()
    desk.settle()
    press(page.editing.panel, "不要了")
    assert not kept(desk, "cell:")
