"""The spot check in the window: three steps to a sample, results by keyboard alone, the second draw, the returns."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.phases.sampling.records import SampleInfo, SampleStatus, SeedSource
from gengdi_desktop.ui.dialogs.sampling_dialogs import EnterDialog, ReplaceDialog, SendBackDialog
from gengdi_desktop.ui.pages import sampling_view
from gengdi_desktop.ui.pages.sampling_make import COUNT, RATIO, count_wanted, read_wanted
from gengdi_desktop.ui.pages.sampling_page import SamplingPage
from gengdi_desktop.ui.pages.sampling_pane import RESULT, RULE, SHARE
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from tests.gui.county_desk import NAME, SEED, check_some, draw_some
from tests.gui.hands import Hands
from tests.gui.scenes_reports import reports_page
from tests.gui.scenes_sampling import sampling_page
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock
from tests.helpers.counties import LEADER, TEAM


@pytest.fixture
def county(county_once: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Stage]:
    """The window with a copy of the county's ledger open, and somebody in the chair."""
    folder = shutil.copytree(county_once, tmp_path / NAME)
    with stage(clock) as made:
        made.open(folder)
        made.window.member_chosen.emit(TEAM.name)
        yield made


def told(made: Stage) -> str:
    """All that the page in front says."""
    page = made.window.page
    assert page is not None
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def drawn(made: Stage, *, checked: int = 0, failed: int = 0, count: int = 30) -> SampleInfo:
    """A sample on the page, with results of its first plots."""
    ledger = made.context.ledger
    info = check_some(ledger, draw_some(ledger, count=count), checked=checked, failed=failed)
    made.go("sampling", {"sample": info.id})
    return info


def dialog_of(made: Stage, kind: type[DialogSheet]) -> DialogSheet:
    """The dialog that is open."""
    dialog = made.window.dialog
    assert isinstance(dialog, kind)
    return dialog


def now(page: SamplingPage) -> SampleInfo:
    """The sample in front."""
    assert page.info is not None
    return page.info


# -- a new sample


def test_a_sample_is_made_in_three_steps_and_is_the_one_that_anybody_draws(county: Stage) -> None:
    hands = Hands(county)
    county.go("sampling")
    page = sampling_page(county)
    assert "还没有抽查" in told(county)
    hands.click("新抽样")
    page.making.ticks["village"].setChecked(False)
    page.making.ticks["township"].setChecked(True)
    page.making.name.setText("第一次抽查")
    hands.click("封存抽样框")
    framed = now(page)
    assert framed.status is SampleStatus.FRAMED
    assert framed.seed == ""
    for group in sampling_view.grouped(framed.frame_hash):
        assert group in told(county)
    page.making.way.choose(COUNT)
    page.making.wanted.setText("30")
    county.settle()
    assert page.making.model.rowCount() == len(framed.strata)
    page.making.seed.setText(SEED)
    hands.click("抽出 30 个")
    info = now(page)
    assert info.status is SampleStatus.DRAWN
    assert (info.seed, info.seed_source) == (SEED, SeedSource.LOT)
    frame = sampling.frame_now(county.context.ledger, ("township",))
    shares = {name: len(plots) for name, plots in frame.strata.items()}
    assert {one.name: one.plots for one in info.strata} == shares
    first = next(iter(frame.strata))
    by_hand = sorted(hashlib.sha256(f"{SEED}\x1f{one.plot}".encode()).hexdigest() for one in frame.strata[first])
    mine = [one.order_key for one in info.plots if one.stratum == first]
    assert mine == by_hand[: len(mine)]
    assert county.window.focusWidget() is page.pane.fields.fields[0]  # type: ignore[union-attr]


def test_a_frame_is_frozen_and_drawn_from_once_however_often_one_presses(county: Stage) -> None:
    county.go("sampling", {"new": "1"})
    page = sampling_page(county)
    making = page.making
    making.name.setText("只抽一次")
    for _press in range(2):
        making.freeze_button.click()
    assert not making.freeze_button.isEnabled()
    county.settle()
    assert making.freeze_button.isEnabled()
    (frame,) = sampling.samples(county.context.ledger)
    assert frame.name == "只抽一次"
    for _press in range(2):
        making.draw_button.click()
    assert not making.draw_button.isEnabled()
    county.settle()
    assert now(page).status is SampleStatus.DRAWN
    assert making.draw_button.isEnabled()


def test_enter_pressed_again_finds_the_next_step_and_what_is_typed_there_stays(
    county: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(county)
    county.go("sampling")
    hands.click("新抽样")
    page = sampling_page(county)
    making = page.making
    making.name.setText("只抽一次")
    with monkeypatch.context() as slow:  # a large county: what was frozen is not read again yet
        slow.setattr(page, "_ask", lambda: None)
        making.freeze_button.setFocus()
        for _press in range(2):
            hands.key(Qt.Key.Key_Return)
        assert county.window.focusWidget() is making.seed
        hands.type(SEED)
    (frame,) = sampling.samples(county.context.ledger)
    page.shown()
    county.settle()
    assert making.seed.text() == SEED
    with monkeypatch.context() as slow:
        slow.setattr(page, "_ask", lambda: None)
        making.draw_button.setFocus()
        for _press in range(2):
            hands.key(Qt.Key.Key_Return)
        assert making.draw_button.isVisible() is False
    assert "为什么再抽一次" not in told(county)
    (drawn_one,) = sampling.samples(county.context.ledger)
    assert (drawn_one.id, drawn_one.seed) == (frame.id, SEED)


def test_without_a_seed_the_program_makes_one_and_says_so(county: Stage) -> None:
    ledger = county.context.ledger
    framed = sampling.freeze_frame(ledger, name="框", strata=("township",), by=TEAM)
    county.go("sampling", {"sample": framed.id})
    Hands(county).click("抽出 22 个")
    info = now(sampling_page(county))
    assert info.seed_source is SeedSource.GENERATED
    assert info.seed.isdigit()


def test_the_same_frame_with_another_seed_is_refused_until_a_reason_is_given(county: Stage) -> None:
    ledger = county.context.ledger
    draw_some(ledger)
    framed = sampling.freeze_frame(ledger, name="再抽", strata=("township",), by=TEAM)
    county.go("sampling", {"sample": framed.id})
    page, hands = sampling_page(county), Hands(county)
    page.making.seed.setText("111111")
    hands.click("抽出 22 个")
    assert now(page).status is SampleStatus.FRAMED
    assert page.making.reason.isVisible()
    page.making.reason.setText("第一次摇号时有人离场")
    hands.click("抽出 22 个")
    assert now(page).status is SampleStatus.DRAWN
    assert now(page).reason == "第一次摇号时有人离场"


def test_what_is_no_number_is_told_under_the_field_and_nothing_can_be_drawn(county: Stage) -> None:
    framed = sampling.freeze_frame(county.context.ledger, name="框", by=TEAM)
    county.go("sampling", {"sample": framed.id})
    making = sampling_page(county).making
    making.wanted.setText("一成")
    county.settle()
    assert "“一成”不是比例。" in told(county)
    assert not making.draw_button.isEnabled()
    making.wanted.setText("10")
    county.settle()
    assert making.draw_button.isEnabled()


def test_how_many_are_wanted_is_read_as_people_write_it() -> None:
    assert read_wanted(RATIO, " 5% ") == (Fraction(1, 20), None)
    assert read_wanted(RATIO, "2.5％") == (Fraction(1, 40), None)
    assert read_wanted(COUNT, "30") == (None, 30)
    for way, text in ((RATIO, "0"), (RATIO, "101"), (RATIO, "NaN"), (RATIO, ""), (COUNT, "2.5"), (COUNT, "0")):
        with pytest.raises(RuleError):
            read_wanted(way, text)
    assert count_wanted(101, Fraction(1, 20), None) == 6
    assert count_wanted(101, None, 7) == 7


def test_the_frame_is_written_as_it_was_hashed(county: Stage, tmp_path: Path) -> None:
    info = drawn(county)
    target = tmp_path / "框.tsv"
    county.prompts.answers.append(target)
    sampling_page(county)._deeds.save_frame(info)
    county.settle()
    assert hashlib.sha256(target.read_bytes()).hexdigest() == info.frame_hash


def test_the_sample_is_drawn_again_and_what_stands_otherwise_is_named(
    county: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = drawn(county)
    sampling_page(county).pane.show_side(RULE)
    hands = Hands(county)
    hands.click("现在重抽一遍")
    assert "30 个图斑、先后次序和记录的一样" in told(county)
    monkeypatch.setattr(sampling, "not_as_drawn", lambda _ledger, _key: (info.plots[3].plot,))
    hands.click("现在重抽一遍")
    assert f"有 1 处和记录的不一样：{info.plots[3].name}" in told(county)


def test_the_check_sheet_is_written_and_printed(county: Stage, tmp_path: Path) -> None:
    info = drawn(county, count=22)
    page = sampling_page(county)
    county.prompts.answers += [tmp_path / "表.pdf", tmp_path / "印.pdf"]
    page._deeds.save_sheet(info)
    county.settle()
    assert "抽查表写好了：表.pdf" in told(county)
    page._deeds.print_sheet(info)
    county.settle()
    assert "页已送到打印机" in told(county)
    for name in ("表.pdf", "印.pdf"):
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")


def test_the_report_is_of_the_sample_in_front(county: Stage) -> None:
    ledger = county.context.ledger
    first = check_some(ledger, draw_some(ledger), checked=5)
    framed = sampling.freeze_frame(ledger, name="第二次", strata=("kind",), by=TEAM)
    second = sampling.draw(ledger, framed.id, seed=SEED, count=10, by=TEAM)
    check_some(ledger, second, checked=3)
    for sample in (first, second):
        county.go("sampling", {"sample": sample.id})
        Hands(county).click("抽查情况报告")
        reports = reports_page(county)
        assert reports._draft is not None
        assert reports._draft.settings.sample == sample.id


# -- results


def test_results_are_typed_without_the_mouse_and_people_are_carried_on(county: Stage) -> None:
    info = drawn(county)
    page, hands = sampling_page(county), Hands(county)
    page.pane.focus_first()
    order = [one.plot for one in info.plots]
    hands.type("1")
    hands.type("2.5")
    for _field in ("实测面积", "看到的", "抽查日期", "抽查人"):
        hands.key(Qt.Key.Key_Return)
    hands.type(LEADER.name)
    hands.key(Qt.Key.Key_Return)
    result = now(page).plots[0].result
    assert result is not None
    assert (result.outcome.value, result.measured_area) == ("passed", Area.parse("2.5"))
    assert (result.checker, result.second_checker) == (TEAM.name, LEADER.name)
    assert hands.clicks == 0
    assert page.pane.plot is not None
    assert page.pane.plot.plot == order[1]
    hands.type("2")
    QTest.keyClick(county.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    county.settle()
    assert "还没有填看到的" in told(county)
    assert now(page).plots[1].result is None
    hands.type("树根没有清")
    QTest.keyClick(county.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    county.settle()
    second = now(page).plots[1].result
    assert second is not None
    assert second.failed
    assert second.second_checker == LEADER.name


def test_what_is_half_typed_waits_while_one_looks_at_another(county: Stage) -> None:
    drawn(county)
    page = sampling_page(county)
    fields = page.pane.fields
    assert fields is not None
    fields.put_back({**fields.typed(), "finding": "田埂塌了"})
    page._step(1)
    county.settle()
    assert page.pane.fields is not None
    assert "finding" not in page.pane.fields.typed()
    page._step(-1)
    county.settle()
    assert page.pane.fields is not None
    assert page.pane.fields.typed()["finding"] == "田埂塌了"


def test_a_refusal_of_the_ledger_leaves_what_was_typed(county: Stage) -> None:
    drawn(county)
    page = sampling_page(county)
    fields = page.pane.fields
    assert fields is not None
    fields.put_back({**fields.typed(), "outcome": "passed", "second_checker": TEAM.name})
    page.save()
    county.settle()
    assert "抽查要两个人一起看" in told(county)
    assert page.pane.fields is fields
    assert fields.typed()["outcome"] == "passed"
    assert now(page).checked == ()


def test_one_that_cannot_be_visited_is_replaced_by_the_next_of_its_stratum(county: Stage) -> None:
    info = drawn(county)
    page, hands = sampling_page(county), Hands(county)
    gone = page.pane.plot
    assert gone is not None
    hands.click("换一个")
    dialog_of(county, ReplaceDialog)
    hands.click("换下一个")
    assert county.window.dialog is not None  # without a reason it stays
    hands.type("塌方封路")
    hands.click("换下一个")
    new = next(one for one in now(page).plots if one.replaces == gone.plot)
    assert new.stratum == gone.stratum
    assert len(now(page).to_check) == len(info.to_check)
    assert page.pane.plot == new
    assert "换下的和原因都留在抽查表上" in told(county)


def test_enter_pressed_twice_replaces_one_plot_and_asks_for_no_other(county: Stage) -> None:
    info = drawn(county)
    page, hands = sampling_page(county), Hands(county)
    hands.click("换一个")
    hands.type("塌方封路")
    for _press in range(2):  # the second one while the first is at work
        focus = county.window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Return)
    county.settle()
    assert county.window.dialog is None
    assert len(now(page).plots) == len(info.plots) + 1
    assert page.pane.fields is not None
    assert county.window.focusWidget() is page.pane.fields.fields[0]


def test_nothing_takes_the_focus_from_a_dialog(county: Stage) -> None:
    drawn(county)
    page = sampling_page(county)
    page._ask_replace()
    field = county.window.focusWidget()
    page.skip()
    county.settle()
    assert county.window.focusWidget() is field


def test_the_last_result_brings_the_pass_share_to_front(county: Stage) -> None:
    info = drawn(county, checked=29)
    page = sampling_page(county)
    assert page.pane.plot == info.plots[29]
    fields = page.pane.fields
    assert fields is not None
    fields.put_back({**fields.typed(), "outcome": "passed", "second_checker": LEADER.name})
    page.save()
    county.settle()
    assert page.pane.tabs[SHARE].isChecked()
    assert "抽中的都查完了" in told(county)
    assert "合格率 100.0%" in told(county)


# -- what follows


def test_failures_above_the_limit_lead_to_a_larger_sample_that_keeps_the_first(county: Stage) -> None:
    info = drawn(county, checked=12, failed=2)
    page = sampling_page(county)
    due = info.enlargement
    assert due is not None
    page.pane.show_side(SHARE)
    assert due.sentence in told(county)
    press = next(one for one in page.pane.findChildren(QPushButton) if f"扩大到 {due.count} 个" in one.text())
    for _press in range(2):
        press.click()
    county.settle()
    larger = now(page)
    assert len(sampling.samples(county.context.ledger)) == 2, "pressed twice, drawn once"
    assert larger.enlarges == info.id
    assert {one.plot for one in info.to_check} <= {one.plot for one in larger.to_check}
    assert len(larger.checked) == 12
    assert page.pane.tabs[RESULT].isChecked()


def test_results_are_entered_and_the_failed_sent_back_at_the_county(county: Stage) -> None:
    drawn(county, checked=12, failed=1)
    page, hands = sampling_page(county), Hands(county)
    page.pane.show_side(SHARE)
    hands.click("12 个结果还没有入账，结果入账")
    dialog_of(county, EnterDialog)
    hands.click("入账")
    assert now(page).not_entered == ()
    assert "12 个图斑的结果入了账。" in told(county)
    hands.click("1 个不合格的还没有退回，退回")
    dialog_of(county, SendBackDialog)
    hands.click("退回")
    assert county.window.dialog is not None  # without a day it stays
    hands.type("8-25")
    hands.click("退回")
    assert now(page).to_send_back == ()
    (back,) = now(page).failed
    assert back.result is not None
    assert back.result.sent_back
    assert "1 个图斑退回了。" in told(county)


# -- words


def test_the_share_and_its_interval_are_told_in_words(county: Stage) -> None:
    info = drawn(county)
    assert sampling_view.share_words(info) == "还没有查到图斑，合格率等有了结果再算。"
    assert sampling_view.interval_of(info) is None
    info = check_some(county.context.ledger, info, checked=20, failed=1)
    # Clopper-Pearson for 19 of 20, as tables give it.
    assert sampling_view.interval_of(info) == ("75.1", "99.9")
    assert "查了 20 个，合格 19 个，合格率 95.0%。" in sampling_view.share_words(info)
    assert sampling_view.next_open(info.plots, info.plots[0].plot) == info.plots[20].plot
    assert sampling_view.next_open(info.plots[:20], "") == ""


def test_a_read_only_ledger_shows_samples_and_offers_no_step(county_once: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(county_once, tmp_path / NAME)
    clock = FixedClock()
    with open_ledger(folder, clock) as ledger:
        info = check_some(ledger, draw_some(ledger), checked=3)
        with stage(clock) as made:
            made.open(folder)
            made.go("sampling", {"sample": info.id})
            page = sampling_page(made)
            assert now(page).drawn_on == date(2023, 8, 20)
            assert not page._new.isEnabled()
            assert page.pane.fields is not None
            assert not any(one.isEnabled() for one in page.pane.fields.fields)
