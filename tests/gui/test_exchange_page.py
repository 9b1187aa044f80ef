"""The page of exchange: packing with a signature, looking before taking in, trust after a call, conflicts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.container import LARGEST
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service as handover
from gengdi_desktop.ledger import queries, trust
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.phases.editing import service as editing
from gengdi_desktop.phases.editing.service import CellEdit
from gengdi_desktop.signing.identity import Identity, create
from gengdi_desktop.ui.pages import exchange_packing
from gengdi_desktop.ui.pages.exchange_view import (
    WAYS,
    PackKindView,
    PackView,
    PackWish,
    ReceiverView,
    gigabytes,
    groups_of,
    limit_words,
    room_words,
)
from gengdi_desktop.ui.widgets.message import Message
from gengdi_desktop.ui.widgets.sheet import PressRow
from tests.gui.scenes_exchange import arrival, conflicts, exchange_page, other_desk, packing
from tests.gui.window_stage import Stage
from tests.helpers.clock import FixedClock

CLERK = "吴小琴"
SECRET = "一个长一点的口令"


def told(window: Stage) -> str:
    """What can be read on the page, once what was just shown stands there."""
    window.settle()
    page = exchange_page(window)
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page))


def press(window: Stage, words: str) -> None:
    """Press the one button that bears these words, by keyboard."""
    within = window.window.dialog or exchange_page(window)
    (found,) = [
        one
        for one in within.findChildren(QPushButton)
        if words in (one.text().strip("\u2005 "), one.accessibleName()) and one.isVisibleTo(within)
    ]
    assert found.isEnabled(), words
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Space)
    window.settle()


def sign(window: Stage) -> None:
    """Make an identity in the dialog that asks for one."""
    dialog = window.window.dialog
    assert dialog is not None
    for field in dialog.findChildren(QLineEdit):
        if field.accessibleName() in ("口令", "再输一遍"):
            field.setText(SECRET)
    press(window, f"由{CLERK}签名")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder to write to."""
    made = tmp_path / "U盘"
    made.mkdir()
    return made


# -- packing


def test_a_submission_is_packed_signed_and_listed(window: Stage, stick: Path) -> None:
    window.window.member_chosen.emit(CLERK)
    window.go("exchange")
    assert "还没有" in told(window)
    press(window, "打报送包")
    page = exchange_page(window)
    assert page.tabs.here == "pack"
    assert not page.pack.main.isEnabled()
    assert "还没有选放到哪里。" in told(window)
    window.prompts.answers = [stick]
    press(window, "选 U 盘或文件夹")
    assert "放得下：" in told(window)
    press(window, "签名打包")
    sign(window)
    (file,) = stick.iterdir()
    assert file.name == "白圩乡_报送包_进贤县_20230820.gdpkg"
    assert "读回来核对过了" in told(window)
    assert file.name in told(window)
    assert window.window.focusWidget() is page.pack.packed.again
    press(window, "往来")
    (line,) = page.overview.view.packages
    assert (line.out, line.title, line.receipt) == (True, "报送包 第 1 次", "未见回执"), "without leaving the page"
    press(window, "打报送包")
    press(window, "签名打包")
    dialog = window.window.dialog
    assert dialog is not None, "the identity is there; the passphrase is asked again"
    dialog.close_sheet()


def test_feedback_takes_the_photos_of_checks_along_without_asking(window: Stage, stick: Path) -> None:
    window.go("exchange", {"section": "pack"})
    pack = exchange_page(window).pack
    feedback = PackKindView(
        PackageKind.FEEDBACK, "打反馈包", "", "", receivers=(ReceiverView("a", "白圩乡"),), many=True
    )
    pack.show_pack(PackView((feedback, replace(feedback, kind=PackageKind.SUBMISSION, photos=(2, 4096)))))
    nowhere = pack.wish
    assert nowhere is None
    pack.use_folder(stick)
    window.settle()
    pack.photos.setChecked(False)
    pack.choose_kind(PackageKind.FEEDBACK)
    assert pack.wish == PackWish(PackageKind.FEEDBACK, ("a",), photos=True, folder=stick)
    pack.choose_kind(PackageKind.SUBMISSION)
    assert pack.wish == PackWish(PackageKind.SUBMISSION, ("a",), photos=False, folder=stick)


def test_a_wrong_passphrase_writes_nothing(window: Stage, stick: Path) -> None:
    window.window.member_chosen.emit(CLERK)
    window.go("exchange", {"section": "pack"})
    page = exchange_page(window)
    page.pack.use_folder(stick)
    window.settle()
    press(window, "签名打包")
    sign(window)
    before = sorted(stick.iterdir())
    press(window, "再打一个包")
    press(window, "签名打包")
    dialog = window.window.dialog
    assert dialog is not None
    next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == "口令").setText("别的口令啊啊啊")
    press(window, f"由{CLERK}签名")
    assert window.window.dialog is dialog
    assert dialog.findChildren(Message)
    assert sorted(stick.iterdir()) == before


def test_a_stick_pulled_before_it_is_signed_is_asked_for_anew(window: Stage, stick: Path) -> None:
    window.window.member_chosen.emit(CLERK)
    window.go("exchange", {"section": "pack"})
    pack = exchange_page(window).pack
    pack.use_folder(stick)
    window.settle()
    press(window, "签名打包")
    stick.rmdir()
    sign(window)
    assert "找不到" in told(window)
    assert pack.wish is None
    assert not pack.main.isEnabled()
    assert window.window.focusWidget() is pack._pick
    stick.mkdir()
    pack.use_folder(stick)
    window.settle()
    assert pack.main.isEnabled()


def test_a_county_packs_one_file_for_each_township_that_is_ticked(window: Stage, tmp_path: Path) -> None:
    window.open(other_desk(tmp_path, Desk.COUNTY))
    window.window.member_chosen.emit("李建国")
    window.go("exchange", {"section": "pack", "kind": "task"})
    page = exchange_page(window)
    pack = page.pack
    assert [one.kind for one in pack.view.kinds] == [one.kind for one in WAYS[Desk.COUNTY] if one.out]
    assert pack.many.count() == 23
    assert pack.many.ticked() == []
    assert not pack.main.isEnabled(), "a township without plots is not ticked by itself"
    press(window, "给谁，全选")
    assert len(pack.many.ticked()) == 23
    pack.show_pack(packing(Desk.COUNTY))
    pack.kind.choose("check-task")
    pack._show_kind()
    assert "一个包最大 4 GB" in told(window)
    pack.photos.setChecked(False)
    assert "一个包最大 4 GB" not in told(window)


def test_what_went_wrong_after_some_were_written_is_told_beside_those(
    window: Stage, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.window.member_chosen.emit(CLERK)
    window.go("exchange", {"section": "pack"})
    made = stick / "包.gdpkg"
    assert exchange_packing._free_name(made) == made
    made.write_bytes(b"")
    assert exchange_packing._free_name(made).name == "包（2）.gdpkg"
    monkeypatch.setattr(exchange_packing, "free_room", lambda _folder: 1024**2)
    pack = exchange_page(window).pack
    pack.use_folder(stick)
    window.settle()
    assert not pack.main.isEnabled()
    assert "放不下：" in told(window)


def test_room_and_the_limit_of_a_stick_are_told_in_words() -> None:
    fits = room_words(3 * 1024**3, 812 * 1024**2, photos=True)
    assert fits == ("check", "放得下：还剩 3.0 GB，大约要 812 MB。")
    sign, told = room_words(1000, 1024**2, photos=False)
    assert (sign, told) == ("stop", "放不下：剩下不到 1 MB，大约要 1 MB，差 1 MB。请换一个盘，或者先腾出地方。")
    assert "不带照片" in room_words(0, 1024**2, photos=True)[1]
    assert limit_words(LARGEST, photos=True) == ""
    assert "先不带" in limit_words(LARGEST + 1, photos=True)
    assert groups_of("0123456789abcdef") == "01234567 89abcdef"
    assert [gigabytes(one) for one in (18_242, 1024**2, 3 * 1024**3)] == ["18 KB", "1 MB", "3.0 GB"]


# -- taking in


def test_nothing_can_be_taken_in_before_the_groups_were_compared(window: Stage) -> None:
    window.window.member_chosen.emit(CLERK)
    window.go("exchange", {"section": "take"})
    take = exchange_page(window).take
    view = arrival(trusted=False)
    take.show_arrival(view)
    assert view.certificate is not None
    assert set(view.certificate.fingerprint_groups.split(" ")) <= set(told(window).split("\n"))
    assert not take.main.isEnabled()
    assert not take.trust.press.isEnabled()
    QTest.keyClick(take.trust.tick, Qt.Key.Key_Space)
    assert take.trust.press.isEnabled()
    take.show_arrival(arrival())
    assert not take.trust.isVisibleTo(take)
    assert take.main.isEnabled()


def test_who_is_led_to_a_section_begins_where_its_first_step_is(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit(CLERK)
    for section, kind in (("take", "task"), ("pack", "submission")):
        window.go("exchange", {"section": section, "kind": kind})
        page = exchange_page(window)
        assert window.window.focusWidget() is page.tabs.sections[section].first
    page.pack.use_folder(tmp_path / "拔掉的盘")
    window.settle()
    assert page.pack.wish is None, "a disk that is away is no place to write to"
    assert not page.pack.main.isEnabled()
    page.pack.use_folder(tmp_path)
    window.settle()
    assert window.window.focusWidget() is page.pack.main


def test_counts_lead_to_their_rows_and_rows_to_their_plots(window: Stage) -> None:
    window.go("exchange", {"section": "take"})
    take = exchange_page(window).take
    take.show_arrival(arrival())
    said = take.said
    assert said.group is not None
    assert said.group.code == "conflicts", "what a person has to know is open first"
    for code, rows in (("new", 2), ("changed", 4), ("deleted", 1), ("photos", 2), ("refused", 1)):
        said.choose(code)
        assert said.table is not None
        assert said.table.right.model().rowCount() == rows
    said.choose("changed")
    said._open(0)
    window.settle()
    assert window.context.trail.title == "收包：改动"
    assert window.context.trail.ids[0] == "00000000000000000000000000000001"


def test_a_package_let_go_on_the_window_is_looked_at(window: Stage, tmp_path: Path) -> None:
    broken = tmp_path / "报送.gdpkg"
    broken.write_bytes(b"PK\x03\x04 half a package")
    window.go("ledger")
    drops = window.opening._drops
    assert drops is not None
    assert drops._words((broken,), QPoint()) == "松开，看这个交换包里有什么"
    drops.take((broken,), QPoint(400, 300))
    window.settle()
    page = exchange_page(window)
    assert page.tabs.here == "take"
    assert page.take.view is None
    assert page.messages.findChildren(Message), "why it is no package"


@pytest.fixture
def signer(tmp_path: Path, clock: FixedClock) -> Identity:
    """The clerk's identity, which the county does not know yet."""
    return create(
        tmp_path / "密钥", unit="白圩乡人民政府", person=CLERK, role="经办人", passphrase=SECRET, at=clock.now(),
        sample=True,
    )  # fmt: skip


def submission(ledger: Ledger, stick: Path, signer: Identity) -> Path:
    """A package of the township."""
    file = stick / f"报送{len(list(stick.iterdir()))}.gdpkg"
    handover.pack(ledger, PackageKind.SUBMISSION, file, by=Actor(CLERK), identity=signer)
    return file


def remark(ledger: Ledger, plot: str, text: str, by: str) -> None:
    """Type a remark into the table."""
    found = editing.apply(ledger, [CellEdit(plot, "remark", text)], by=Actor(by), reason="试")
    assert found.changed


def test_a_package_is_looked_at_trusted_taken_in_and_taken_back(
    window: Stage, desk_folder: Path, stick: Path, tmp_path: Path, clock: FixedClock, signer: Identity
) -> None:
    window.opening.leave()
    window.settle()
    with open_ledger(desk_folder, clock) as township:
        file = submission(township, stick, signer)
    window.open(other_desk(tmp_path, Desk.COUNTY, sample=True))
    window.window.member_chosen.emit("李建国")
    window.go("exchange", {"section": "take"})
    take = exchange_page(window).take
    window.prompts.answers = [file]
    press(window, "选包文件")
    assert take.view is not None
    assert not take.main.isEnabled()
    assert "第一次报来" in told(window)
    new = next(one for one in take.view.groups if one.code == "new")
    assert new.count == len(new.rows) == 106
    QTest.keyClick(take.trust.tick, Qt.Key.Key_Space)
    press(window, "已核对一致，信任")
    assert "打包的人认得" in told(window)
    assert window.window.focusWidget() is take.main
    QTest.keyClick(take.main, Qt.Key.Key_Return)
    window.settle()
    assert "收下了白圩乡人民政府的报送包（第 1 次）。" in told(window)
    following = window.window.focusWidget()
    assert isinstance(following, QPushButton)
    assert following.text() == "去县级汇总", "Enter once more must not take it back"
    page = exchange_page(window)
    (line,) = page.overview.view.packages
    assert (line.out, line.plots, line.receipt) == (False, "106", "回执待带")
    page.take.open_file(file)
    assert "这个包已经收过" in told(window)
    assert not take.main.isEnabled()
    window.window.undo_asked.emit()
    window.settle()
    assert page.overview.view.packages == ()


def test_two_hands_on_one_field_wait_for_a_person(
    window: Stage, desk_folder: Path, stick: Path, tmp_path: Path, clock: FixedClock, signer: Identity
) -> None:
    window.opening.leave()
    window.settle()
    county = other_desk(tmp_path, Desk.COUNTY, sample=True)
    with open_ledger(desk_folder, clock) as township:
        plot, another = f"{7:032x}", f"{8:032x}"
        with open_ledger(county, clock) as above:
            trust.trust(above, signer.certificate, by=Actor("李建国"))
            handover.receive(above, submission(township, stick, signer), by=Actor("李建国"))
            for one in (plot, another):
                remark(above, one, "县里看过", "李建国")
        for one in (plot, another):
            remark(township, one, "村里来过", CLERK)
        second = submission(township, stick, signer)
    window.open(county)
    window.window.member_chosen.emit("李建国")
    window.go("exchange", {"file": str(second)})
    page = exchange_page(window)
    assert page.take.said.group is not None
    assert (page.take.said.group.code, page.take.said.group.count) == ("conflicts", 2)
    said, _ = page.take.said.group.rows
    assert (said.field, said.mine, said.theirs) == ("备注", "县里看过", "村里来过")
    press(window, "收下")
    press(window, "看冲突 2 处")
    assert window.window.navigation._entries["exchange"].accessibleName() == "交换 2"
    window.go("home")
    home = window.window.page
    assert home is not None
    for more in [one for one in home.findChildren(QPushButton) if "还有" in one.text()]:
        more.click()
    row = next(one for one in home.findChildren(PressRow) if "两边都改过" in one.accessibleName())
    row._pressed()
    window.settle()
    assert page.tabs.here == "conflicts"
    section = page.conflicts
    section.choice.choose("theirs")
    section.reason.setText("电话问过吴小琴")
    press(window, "就这样定")
    assert window.window.navigation._entries["exchange"].accessibleName() == "交换 1"
    assert sorted(one.open for one in section.conflicts) == [False, True]
    card = queries.plot_card(window.context.ledger, plot)
    assert "村里来过" in str(card)
    press(window, "撤销")
    assert [one.open for one in section.conflicts] == [True, True]
    QTest.keyClick(section.table.right, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert "选了 2 处，一起定，记成一步。" in told(window)
    section.choice.choose("theirs")
    section.reason.setText("两处都在现场看过")
    press(window, "2 处都这样定")
    assert "2 处冲突已定：用对方的。" in told(window)
    assert window.window.navigation._entries["exchange"].accessibleName() == "交换"
    assert [one.open for one in section.conflicts] == [False, False]
    press(window, "撤销")
    assert [one.open for one in section.conflicts] == [True, True]


# -- conflicts


def test_a_conflict_is_decided_with_a_reason_only(window: Stage) -> None:
    window.window.member_chosen.emit(CLERK)
    window.go("exchange", {"section": "conflicts"})
    section = exchange_page(window).conflicts
    assert "没有要定的冲突" in told(window)
    section.show_conflicts(conflicts())
    assert exchange_page(window).tabs.tabs["conflicts"].text() == "冲突 2"
    assert window.window.navigation._entries["exchange"].accessibleName() == "交换 2"
    assert section.current is not None
    assert section.current.id == 1
    press(window, "就这样定")
    assert "还没有选用哪个。" in told(window)
    QTest.keyClick(section.choice, Qt.Key.Key_2)
    assert section.choice.code() == "theirs"
    QTest.keyClick(section.reason, Qt.Key.Key_Return)
    assert any("还没有写理由" in one for one in told(window).split("\n"))
    section.reason.setText("电话问过")
    section.show_conflicts(conflicts())
    assert section.reason.text() == "电话问过", "what is half typed stays when the list is read anew"
    section.choose(3)
    assert "用对方的，李建国，8月18日。理由：电话问过吴小琴，以乡里的为准。" in told(window)
    assert not section.main.isVisibleTo(section)


def test_each_desk_sees_its_own_ways(window: Stage, tmp_path: Path) -> None:
    for desk, first in ((Desk.COUNTY, "打任务包"), (Desk.TEAM, "收抽查任务包")):
        window.open(other_desk(tmp_path, desk))
        window.go("exchange")
        overview = exchange_page(window).overview
        words = [one.text() for one in overview.findChildren(QPushButton) if one.isVisibleTo(overview)]
        assert words == [one.title for one in WAYS[desk]]
        assert words[0] == first
    kinds = {one.kind for ways in WAYS.values() for one in ways}
    assert kinds == set(PackageKind)
