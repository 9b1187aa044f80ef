"""A clerk's day from an empty computer to a signed report, with real keys and clicks on the real window."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gengdi_desktop.domain.states import State
from gengdi_desktop.ledger import check, queries
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.dialogs.member_dialog import MemberDialog
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.reports_page import ReportsPage
from gengdi_desktop.ui.widgets.fields import AreaField, ChoiceField
from tests.gui.hands import Hands
from tests.gui.scenes import ledger_page
from tests.gui.scenes_desk import phase_page
from tests.gui.scenes_intake import intake_page
from tests.gui.test_few_clicks import issued, new_ledger, report_and_sign, with_two_unknown_headers
from tests.gui.test_whole_job import PLOTS, dialog, texts
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock

CONTROL = Qt.KeyboardModifier.ControlModifier
PASTED = 50
BY_KEYBOARD = 10


@pytest.fixture
def start(clock: FixedClock) -> Iterator[Stage]:
    """The window with its start page."""
    with stage(clock) as made:
        yield made


def test_from_an_empty_computer_to_a_signed_report(start: Stage, tmp_path: Path) -> None:
    start.opening._preferences.used_folder(tmp_path)
    hands = Hands(start)
    new_ledger(hands)
    import_with_corrected_columns(hands, with_two_unknown_headers(issued(tmp_path)))
    add_colleague(hands, "李建国")
    check_all(hands)
    plan_all(hands)
    paste_people(hands)
    start_all(hands)
    plots = progress_by_keyboard(hands)
    claim(hands, plots[0], tmp_path)
    accept(hands, plots[0])
    report_and_sign(hands)
    page = start.window.page
    assert isinstance(page, ReportsPage)
    assert page._frozen is not None
    assert page._frozen.info.unsigned == ()
    ledger = start.context.ledger
    assert check.check(ledger).ok
    assert queries.plot_card(ledger, plots[0]).line.state is State.ACCEPTED


def import_with_corrected_columns(hands: Hands, listed: Path) -> None:
    hands.click("导入")
    hands.choose_file("选清单文件", listed)
    mapping = intake_page(hands.stage)._mapping
    for title, name in (("所在片区", "村"), ("认定时段", "流出年度")):
        row = next(at for at in range(mapping._model.rowCount()) if title in mapping._model.row(at).title)
        hands.click_row(mapping._table.right, row)
        hands.choose(mapping._field, name)
    hands.click("记住，下次照办")
    hands.click(f"导入 {PLOTS} 行")


def add_colleague(hands: Hands, name: str) -> None:
    hands.click("成员与分工")
    hands.click("添加成员")
    dialog(hands.stage, MemberDialog)
    hands.type(name)
    hands.click("添加")
    assert hands.stage.window.page is not None
    assert name in texts(hands.stage.window.page)


def whole_table(hands: Hands) -> LedgerPage:
    hands.click("图斑台账")
    page = ledger_page(hands.stage)
    page.table.setFocus()
    QTest.keyClick(page.table.right, Qt.Key.Key_A, CONTROL)
    hands.stage.settle()
    return page


def check_all(hands: Hands) -> None:
    whole_table(hands).act("check")
    form = dialog(hands.stage, ActionDialog)._form
    form.fill({"finding": "true", "rectify": "yes", "problem_kind": "non_grain"})
    for key, text in (("class_now", "0201 果园"), ("cause", "改种果树"), ("party", "农户")):
        field = form._form.field(key)
        field.setFocus()
        hands.type(text)
    hands.click("记自查")
    assert states(hands.stage) == {State.CHECKED: PLOTS}


def plan_all(hands: Hands) -> None:
    whole_table(hands).act("plan")
    form = dialog(hands.stage, ActionDialog)._form
    form.fill({"disposal_class": "short_term", "deadline": "2023-08-25"})
    for key, text in (("measure", "清理苗木，翻耕复种"), ("person", "罗志华")):
        form._form.field(key).setFocus()
        hands.type(text)
    hands.click("定下措施")
    assert states(hands.stage) == {State.PLANNED: PLOTS}


def paste_people(hands: Hands) -> None:
    """Fifty rows of a table program: who is responsible, and until when."""
    rows = [(f"责任人{number}", f"2023-08-{21 + number % 5}") for number in range(PASTED)]
    QGuiApplication.clipboard().setMimeData(as_libreoffice_copies(rows))
    page = whole_table(hands)
    place = next(at for at, one in enumerate(page.table.columns) if one.key == "person")
    page.table.choose_row(0, place)
    head = hands.stage.context.ledger.head().seq
    QTest.keyClick(page.table.right, Qt.Key.Key_V, CONTROL)
    hands.stage.settle()
    assert hands.stage.context.ledger.head().seq == head + 1
    for row in (0, PASTED - 1):
        round_now = queries.plot_card(hands.stage.context.ledger, page.model.id_of(row)).rounds[-1]
        assert (round_now["person"], round_now["deadline"]) == rows[row]


def start_all(hands: Hands) -> None:
    whole_table(hands).act("start")
    hands.stage.settle()
    hands.click("记开工")
    assert states(hands.stage) == {State.WORKING: PLOTS}


def as_libreoffice_copies(rows: list[tuple[str, str]]) -> QMimeData:
    """The two forms in which Calc puts a block on the clipboard."""
    cells = "".join(
        "\t<tr>\n" + "".join(f'\t\t<td height="20" align="left">{escape(text)}</td>\n' for text in row) + "\t</tr>\n"
        for row in rows
    )
    head = '<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>'
    made = QMimeData()
    made.setHtml(f'<!DOCTYPE html>\n<html>\n<head>\n\t{head}\n</head>\n<body>\n<table cellspacing="0" border="0">\n'
                 f'\t<colgroup span="2" width="80"></colgroup>\n{cells}</table>\n</body>\n</html>\n')  # fmt: skip
    made.setText("".join("\t".join(row) + "\n" for row in rows))
    return made


def progress_by_keyboard(hands: Hands) -> list[str]:
    """Settle ten plots whole, one after the other, without the mouse."""
    made = hands.stage
    made.go("rectification", {"queue": "progress"})
    page = phase_page(made)
    done = []
    for _ in range(BY_KEYBOARD):
        plot = page.form.plot
        assert page.form._fields is not None
        field = page.form._fields._form.field("restored")
        assert isinstance(field, AreaField)
        for _ in range(20):
            if made.app.focusWidget() is field:
                break
            hands.key(Qt.Key.Key_Tab)
        assert made.app.focusWidget() is field
        field.selectAll()
        hands.type(queries.plot_card(made.context.ledger, plot).line.target.exact())
        QTest.keyClick(field, Qt.Key.Key_Return, CONTROL)
        made.settle()
        assert page.form.plot != plot
        done.append(plot)
    assert len(set(done)) == BY_KEYBOARD
    assert [one.label for one in history(made.context.ledger, limit=BY_KEYBOARD)] == ["进展"] * BY_KEYBOARD
    return done


def claim(hands: Hands, plot: str, folder: Path) -> None:
    """What a claim lacks is added from the same page: photos, crop and day of sowing."""
    made = hands.stage
    made.go("rectification", {"queue": "claim"})
    page = phase_page(made)
    page.list.choose(page.list.queue.row_of(plot))
    made.settle()
    for stage_of, shade in (("before", 0xFF8B5A2B), ("after", 0xFF3F7F1F)):
        photo, picture = folder / f"{stage_of}.png", QImage(8, 8, QImage.Format.Format_RGB32)
        picture.fill(shade)
        assert picture.save(str(photo))
        attach(hands, stage_of, photo)
    assert page.form._fields is not None
    for key, text in (("crop", "晚稻"), ("sown_on", "8-10")):
        field = page.form._fields._form.field(key)
        if isinstance(field, QLineEdit) and field.isVisibleTo(page):
            field.setFocus()
            field.selectAll()
            hands.type(text)
    page.save()
    made.settle()
    assert queries.plot_card(made.context.ledger, plot).line.state is State.CLAIMED, texts(page)


def attach(hands: Hands, stage_of: str, photo: Path) -> None:
    hands.click("加附件")
    form = dialog(hands.stage, ActionDialog)._form
    choice = form._form.field("stage")
    assert isinstance(choice, ChoiceField)
    choice.choose(stage_of)
    hands.stage.prompts.answers.append(photo)
    hands.click("选文件")
    hands.click("加附件")


def accept(hands: Hands, plot: str) -> None:
    """Another person accepts: the one who claimed is not even proposed."""
    made = hands.stage
    made.go("acceptance", {"queue": "accept"})
    page = phase_page(made)
    page.list.choose(page.list.queue.row_of(plot))
    made.settle()
    assert page.form.actor().name == "李建国"
    assert page.form._fields is not None
    group = page.form._fields._form.field("group")
    group.setFocus()
    hands.type("乡验收组")
    page.save()
    made.settle()


def states(made: Stage) -> dict[State, int]:
    """How many plots stand where."""
    ledger = made.context.ledger
    found: dict[State, int] = {}
    for line in queries.plot_lines(ledger, queries.plot_ids(ledger, queries.PlotQuery())):
        found[line.state] = found.get(line.state, 0) + 1
    return found
