"""Phase pages: queues walked by keyboard alone, what is typed never lost, what is refused told at its field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.evidence import Verdict
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.evidence.verdicts.service import verdicts
from gengdi_desktop.ledger import worklists
from gengdi_desktop.phases import service
from gengdi_desktop.ui.pages.phase_page import PhasePage
from gengdi_desktop.ui.pages.phase_work import read_rows
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.fields import AreaField, ChoiceField, DateField
from gengdi_desktop.ui.widgets.sheet import PressRow
from tests.gui.scenes_desk import phase_page
from tests.gui.window_stage import Stage


@pytest.fixture
def progress(window: Stage) -> PhasePage:
    """The queue of plots in work, with the clerk in the chair."""
    window.window.member_chosen.emit("吴小琴")
    window.go("rectification", {"queue": "progress"})
    return phase_page(window)


def press(window: Stage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key where the focus is."""
    focus = window.app.focusWidget() or window.window
    QTest.keyClick(focus, key, modifier)
    window.settle()


def type_area(window: Stage, page: PhasePage, text: str) -> AreaField:
    """Type into the field of the area settled on the ground."""
    assert page.form._fields is not None
    field = page.form._fields._form.field("restored")
    assert isinstance(field, AreaField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    window.settle()
    return field


def test_a_queue_shows_exactly_its_plots_and_begins_in_the_form(window: Stage, progress: PhasePage) -> None:
    ledger = window.context.ledger
    wanted = worklists.work_ids(ledger, worklists.WorkQuery(worklists.Stage.RECTIFICATION, "progress"))
    assert list(progress.list.queue.ids) == wanted
    assert progress.form.plot == wanted[0]
    assert progress._count.text() == f"还剩 {len(wanted)}"
    focus = window.app.focusWidget()
    assert focus is not None
    assert progress.form.isAncestorOf(focus)


def test_ten_fingers_only_one_saved_plot_leads_to_the_next_with_the_focus_in_its_form(
    window: Stage, progress: PhasePage
) -> None:
    first, second = progress.list.queue.ids[:2]
    line = worklists.work_lines(window.context.ledger, [first])[0]
    left = line.remaining
    type_area(window, progress, (line.area - left + Area.parse("0.01")).display())
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert progress.form.plot == progress.list.current == second
    assert progress._count.text().startswith("本次已办 1　还剩")
    assert worklists.work_lines(window.context.ledger, [first])[0].remaining < left
    focus = window.app.focusWidget()
    assert focus is not None
    assert progress.form.isAncestorOf(focus)


def test_enter_goes_from_field_to_field(window: Stage, progress: PhasePage) -> None:
    assert progress.form._fields is not None
    date, area = (progress.form._fields._form.field(key) for key in ("date", "restored"))
    date.setFocus()
    press(window, Qt.Key.Key_Return)
    assert window.app.focusWidget() is area
    assert progress.form.plot == progress.list.queue.ids[0]


def test_what_is_refused_is_told_at_its_field_and_what_is_typed_stays(window: Stage, progress: PhasePage) -> None:
    plot = progress.form.plot
    field = type_area(window, progress, "999")
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert progress.form.plot == plot
    assert field.text() == "999"
    told = [one.text() for one in progress.form.findChildren(QLabel) if one.property("tone") == "seal"]
    assert any("超过应整改" in one for one in told)
    assert window.app.focusWidget() is field
    field.setText("2亩3分")
    progress.save()
    window.settle()
    assert field.text() == "2亩3分"
    assert progress._done == 0


def test_what_is_half_typed_waits_where_it_was(window: Stage, progress: PhasePage) -> None:
    type_area(window, progress, "3.33")
    press(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert progress.form.plot == progress.list.queue.ids[1]
    assert type_area(window, progress, "").text() != "3.33"
    window.go("home")
    window.go("rectification", {"queue": "progress"})
    progress.list.choose(0)
    window.settle()
    assert progress.form._fields is not None
    field = progress.form._fields._form.field("restored")
    assert isinstance(field, QLineEdit)
    assert field.text() == "3.33"


def test_what_is_half_typed_outlives_the_window(window: Stage, progress: PhasePage, desk_folder: Path) -> None:
    type_area(window, progress, "3.33")
    window.opening.leave()
    window.settle()
    window.open(desk_folder)
    window.window.member_chosen.emit("吴小琴")
    window.go("rectification", {"queue": "progress"})
    page = phase_page(window)
    assert page is not progress
    take = next(one for one in page.form.findChildren(QPushButton) if one.text() == "接着填")
    take.click()
    window.settle()
    assert page.form._fields is not None
    assert page.form._fields.typed()["restored"] == "3.33"


def test_as_the_one_before_copies_all_but_the_areas(window: Stage, progress: PhasePage) -> None:
    form = progress.form._fields
    assert form is not None
    form.put_back({**form.typed(), "date": "2023年8月19日", "note": "已翻耕"})
    progress.save()
    window.settle()
    form = progress.form._fields
    assert form is not None
    before = form.typed().get("restored")
    progress.copy_before()
    window.settle()
    typed = form.typed()
    assert (typed["date"], typed["note"]) == ("2023年8月19日", "已翻耕")
    assert typed.get("restored") == before


def test_after_a_start_the_one_before_is_found_in_the_journal(window: Stage, progress: PhasePage) -> None:
    form = progress.form._fields
    assert form is not None
    assert not progress._last
    assert progress.form._copy.isEnabled()
    progress.copy_before()
    window.settle()
    assert progress.form._fields is form


def test_f6_goes_on_to_the_next_open_one_and_round(window: Stage, progress: PhasePage) -> None:
    ids = progress.list.queue.ids
    for wanted in (*ids[1:], ids[0]):
        press(window, Qt.Key.Key_F6)
        assert progress.form.plot == wanted


def test_the_one_who_claimed_is_not_proposed_as_acceptor(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("acceptance", {"queue": "accept"})
    page = phase_page(window)
    assert page.form._acceptor is not None
    assert page.form.actor() == Actor("李建国")
    assert page.form._fields is not None
    many = len(page.list.queue.ids)
    page.form._fields.put_back({**page.form._fields.typed(), "group": "乡验收组"})
    page.save()
    window.settle()
    assert len(page.list.queue.ids) == many - 1


def test_what_a_claim_lacks_is_said_with_the_way_to_add_it(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    context = window.context
    plot = worklists.work_ids(context.ledger, worklists.WorkQuery(worklists.Stage.RECTIFICATION, "progress"))[0]
    rest = worklists.work_lines(context.ledger, [plot])[0]
    settled = rest.area.exact()
    outcome = service.act(
        context.ledger, "progress", [plot], {"date": "2023-08-19", "restored": settled}, by=Actor("吴小琴")
    )
    assert outcome.changed
    window.go("rectification", {"queue": "claim"})
    page = phase_page(window)
    page.list.choose(page.list.queue.row_of(plot))
    window.settle()
    assert page.form.work is not None
    assert any("整改后照片" in one for one in page.form.work.lacks)
    assert page.form.work.wanted <= {"crop", "sown_on", "demolition_record"}
    assert page.form._fields is not None
    shown = {key for key in page.form.work.wanted if page.form._fields._form.field(key).isVisibleTo(page)}
    assert shown == page.form.work.wanted
    assert any(one.text().endswith("加附件") for one in page.form.findChildren(QPushButton))


def test_the_navigation_tells_how_many_wait_on_each_page(window: Stage, progress: PhasePage) -> None:
    entries = window.window.navigation._entries
    told = entries["rectification"].accessibleName()
    assert progress._queues is not None
    assert told == f"整改 {progress._queues.open}"
    assert entries["self_check"].accessibleName() == "自查"


def test_late_ones_lead_to_those_who_have_them(window: Stage) -> None:
    window.go("rectification", {"only": "late"})
    page = phase_page(window)
    late = set(page.list.queue.ids)
    rows = page._late.findChildren(PressRow)
    assert rows
    QTest.keyClick(rows[0], Qt.Key.Key_Return)
    window.settle()
    assert set(page.list.queue.ids) < late
    people = {one.person for one in worklists.work_lines(window.context.ledger, page.list.queue.ids)}
    assert len(people) == 1


def test_a_stage_without_work_says_what_is_next(window: Stage) -> None:
    window.go("self_check")
    page = phase_page(window)
    shown = page._stack.currentWidget()
    assert isinstance(shown, EmptyState)
    (button,) = [one for one in shown.findChildren(QPushButton) if one.isVisible()]
    button.click()
    window.settle()
    assert phase_page(window).stage == "rectification"


def test_in_a_narrow_window_the_queues_are_one_field(window: Stage, progress: PhasePage) -> None:
    window.resize(911, 512)
    (choice,) = [one for one in progress.findChildren(ChoiceField) if one.accessibleName() == "看哪些图斑"]
    assert choice.currentText().startswith("整改中")
    window.resize(1366, 768)


def test_without_the_right_to_write_nothing_can_be_saved(window: Stage, progress: PhasePage) -> None:
    assert isinstance(progress.form._fields and progress.form._fields._form.field("date"), DateField)
    window.context.facts = replace(window.context.facts, read_only=True)
    head = window.context.ledger.head().seq
    progress.save()
    window.settle()
    assert window.context.ledger.head().seq == head


def test_whose_file_is_not_whole_is_said_before_it_is_accepted_or_closed(window: Stage) -> None:
    ledger = window.context.ledger
    ids = [
        plot
        for stage in (worklists.Stage.ACCEPTANCE, worklists.Stage.SUMMARY)
        for plot in worklists.work_ids(ledger, worklists.WorkQuery(stage))
    ]
    rows, told = read_rows(ledger, ids, "李建国"), verdicts(ledger, ids)
    lacking = [plot for plot in ids if told[plot].verdict is not Verdict.COMPLETE and "证据" in rows[plot].note]
    assert lacking
    assert all(f"证据{told[plot].brief}" in rows[plot].note for plot in lacking)
    assert not any("证据" in rows[plot].note for plot in ids if told[plot].verdict is Verdict.COMPLETE)
