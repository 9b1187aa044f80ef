"""The page of verification: verdicts in the manual's words, trust only after the fingerprint was compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton

from gengdi_desktop.ledger import trust
from gengdi_desktop.signing.examine import examine
from gengdi_desktop.ui.dialogs.trust_dialog import TrustDialog
from gengdi_desktop.ui.pages import verify_work
from gengdi_desktop.ui.pages.verify_page import VerifyPage
from tests.gui.scenes_verify import verify_page
from tests.gui.window_stage import Stage
from tests.helpers import packages
from tests.helpers import signed_pdfs as made


def told(page: VerifyPage) -> list[str]:
    """What can be read on the page."""
    return [one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page)]


def press(stage: Stage, words: str) -> None:
    """Press the first button of the window that bears these words."""
    within = stage.window.dialog or stage.window
    found = next(one for one in within.findChildren(QPushButton) if words in one.text() and one.isVisibleTo(within))
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    stage.settle()


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A report that two people signed whom nobody here knows."""
    path = tmp_path / "报告.pdf"
    path.write_bytes(made.good()[2])
    return path


def test_a_stranger_is_trusted_only_after_the_groups_were_compared(window: Stage, signed: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("reports")
    press(window, "核验")
    page = verify_page(window)
    assert window.window.navigation._entries["reports"].isChecked()
    window.prompts.answers = [signed]
    press(window, "选文件")
    assert "内容没有改过，签名人还不在信任名单里。" in told(page)
    assert "整改台账.xlsx" in told(page)
    assert trust.trusted(window.context.ledger) == ()
    press(window, "核对指纹，再信任")
    dialog = window.window.dialog
    assert isinstance(dialog, TrustDialog)
    shown = [one.text() for one in dialog.findChildren(QLabel)]
    assert set(made.person("王玥").certificate.fingerprint_groups.split(" ")) <= set(shown)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window.settle()
    assert window.window.dialog is dialog, "nobody has said yet that the groups are the same"
    dialog.findChildren(QCheckBox)[0].setChecked(True)
    press(window, "信任王玥")
    assert [one.person for one in trust.trusted(window.context.ledger)] == ["王玥"]
    page._trust(made.person("赵堃", "分管领导").certificate)
    window.settle()
    assert "签名成立，可以收下。" in told(page)
    page._distrust(made.person("王玥").certificate)
    window.settle()
    assert "内容没有改过，签名人还不在信任名单里。" in told(page)
    press(window, "放回名单")
    assert "签名成立，可以收下。" in told(page)


def test_a_file_may_be_dropped_and_what_is_no_pdf_is_told(window: Stage, tmp_path: Path) -> None:
    scan = tmp_path / "扫描件.pdf"
    scan.write_bytes(b"\xff\xd8\xff")
    window.go("verify")
    page = verify_page(window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(scan))])
    page.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    )
    window.settle()
    assert any("不是 PDF 文件" in one for one in told(page))
    assert "还没有选文件" in told(page)


def test_a_certificate_goes_out_with_its_fingerprint_to_read_aloud(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("verify")
    page, certificate = verify_page(window), made.person("王玥").certificate
    page._trust(certificate)
    window.settle()
    target = tmp_path / "王玥.cer"
    window.prompts.answers = [target]
    press(window, "导出证书")
    assert verify_work.read_certificate(target) == certificate
    assert any(certificate.fingerprint_groups[:39] in one for one in told(page))


@pytest.mark.parametrize(
    ("pdf", "trusted", "sign", "what"),
    [
        (made.good()[2], True, "check", "签名成立，可以收下。"),
        (made.good()[2], False, "warn", "内容没有改过，签名人还不在信任名单里。"),
        (made.good()[1], True, "warn", "还有人没有签名。"),
        (made.good()[1], False, "warn", "内容没有改过，签名人还不在信任名单里。"),
        (made.good()[2] + b"\n% more", True, "stop", "签名以后被改动过，不能采信。"),
        (made.pages(), True, "stop", "没有电子签名。"),
        (b"%PDF-1.7\n1 0 obj\n<< /Type", True, "stop", "无法验证，不予采信。"),
    ],
    ids=["good", "unknown", "missing", "missing-unknown", "changed", "unsigned", "broken"],
)
def test_the_gravest_thing_is_said_first(pdf: bytes, sign: str, what: str, *, trusted: bool) -> None:
    found = examine(pdf, made.good_trust() if trusted else [], now=made.SIGNED_AT)
    verdict = verify_work.verdict_of(found)
    assert (verdict.sign, verdict.what) == (sign, what)
    assert (verdict.sign == "check") is found.sound
    assert not [one for one in found.signatures if verify_work.may_be_trusted(one) and (trusted or sign == "stop")]


def test_files_inside_come_out_into_a_folder(window: Stage, signed: Path, tmp_path: Path) -> None:
    window.go("verify", {"file": str(signed)})
    window.prompts.answers = [tmp_path / "取出"]
    press(window, "取出来存到文件夹")
    assert [one.name for one in (tmp_path / "取出").iterdir()] == ["整改台账.xlsx"]
    assert any("取出了 1 个文件" in one for one in told(verify_page(window)))


def test_a_package_is_judged_like_a_report(window: Stage, tmp_path: Path) -> None:
    package = packages.written(tmp_path).file
    window.go("verify", {"file": str(package)})
    page = verify_page(window)
    assert "内容没有改过，签名人还不在信任名单里。" in told(page)
    assert package.name in told(page)
    assert "报送包（第 2 次）：白圩乡人民政府 → 进贤县自然资源局" in "\n".join(told(page))
    assert not page._inside.isVisibleTo(page), "what is in a package goes into a ledger"
    changed = bytearray(package.read_bytes())
    changed[len(changed) // 2] ^= 1
    package.write_bytes(changed)
    window.go("verify", {"file": str(package)})
    assert "内容没有改过，签名人还不在信任名单里。" not in told(page)
    assert "这个包不能采信。" in told(page)
    package.write_bytes(package.read_bytes()[:-300])
    window.go("verify", {"file": str(package)})
    assert "这个包不能采信。" in told(page)
    assert any("重新拷贝" in words for words in told(page))
