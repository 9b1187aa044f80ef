"""What waits, what was taken off, what a person said: each one entry, each to be taken back, bytes always kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import sayings, service
from gengdi_desktop.evidence.bin import service as evidence_bin
from gengdi_desktop.evidence.records import BY_HAND, KnownPhoto, Saying
from gengdi_desktop.evidence.taking_in import preview, run
from gengdi_desktop.evidence.tray import service as tray
from gengdi_desktop.ledger import undo
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from tests.helpers import photos as made
from tests.helpers.ledgers import CLERK, add_plots, new_ledger


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Two plots; three photos wait in the tray."""
    monkeypatch.setenv("GENGDI_HOME", str(tmp_path / "home"))
    files = {f"来的/IMG_{number}.jpg": made.photo(number, place=None) for number in range(3)}
    with new_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["a", "b"])
        run(opened, preview(opened, [made.written(tmp_path / "照片", files)]), by=CLERK)
        yield opened


def refused(call: Callable[[], object]) -> str:
    """The code of a refusal; nothing may have been written."""
    with pytest.raises(RuleError) as found:
        call()
    return found.value.code


def known(ledger: Ledger, sha256: str) -> KnownPhoto:
    """A photo as the ledger knows it."""
    return service.photos(ledger, [sha256])[sha256]


def seq(changes: Changes) -> int:
    """The number of an entry that must be there."""
    assert changes.seq is not None
    return changes.seq


def test_waiting_files_tell_where_they_came_from_and_why_they_wait(ledger: Ledger) -> None:
    first, *others = tray.waiting(ledger)
    assert (first.name, first.source, first.stage, first.media_type) == ("IMG_0.jpg", "照片/来的", None, "image/jpeg")
    assert first.why == "名称里没有图斑号，拍摄时没有打开定位"
    assert (first.arrived_on, len(others)) == (ledger.today(), 2)
    assert service.photos(ledger, [first.sha256])[first.sha256].facts.device == "HUAWEI P40"


def test_placing_attaches_and_can_be_taken_back(ledger: Ledger) -> None:
    first, second, third = tray.waiting(ledger)
    tray.place(ledger, [first.id, second.id], "b", "整改后", by=CLERK)
    assert [(one.name, one.stage, one.source) for one in service.attachments(ledger, "b")] == [
        ("IMG_0.jpg", Stage.AFTER, "照片/来的"),
        ("IMG_1.jpg", Stage.AFTER, "照片/来的"),
    ]
    assert [one.id for one in tray.waiting(ledger)] == [third.id]
    assert refused(lambda: tray.place(ledger, [first.id], "a", "整改后", by=CLERK)) == "not_waiting"
    undo.undo(ledger, by=CLERK)
    assert service.attachments(ledger, "b") == ()
    assert len(tray.waiting(ledger)) == 3
    assert refused(lambda: tray.place(ledger, [first.id], "x", "整改后", by=CLERK)) == "unknown_plot"
    assert refused(lambda: tray.place(ledger, [first.id, 999], "a", "整改后", by=CLERK)) == "not_waiting"
    assert refused(lambda: tray.place(ledger, [], "a", "整改后", by=CLERK)) == "not_waiting"
    assert check(ledger).ok


def test_discarding_asks_a_reason_and_keeps_the_bytes(ledger: Ledger) -> None:
    first, *_ = tray.waiting(ledger)
    assert refused(lambda: tray.discard(ledger, [first.id], by=CLERK, reason=" ")) == "reason_missing"
    tray.discard(ledger, [first.id], by=CLERK, reason="不是本专项的照片")
    assert len(tray.waiting(ledger)) == 2
    assert service.read(ledger, first.sha256)
    undo.undo(ledger, by=CLERK)
    assert len(tray.waiting(ledger)) == 3


def test_what_is_removed_lies_in_the_bin_with_day_and_reason(ledger: Ledger) -> None:
    first, second, _ = tray.waiting(ledger)
    tray.place(ledger, [first.id, second.id], "a", "整改后", by=CLERK)
    one, other = service.attachments(ledger, "a")
    assert refused(lambda: evidence_bin.remove(ledger, [one.id], by=CLERK, reason="")) == "reason_missing"
    entry = seq(evidence_bin.remove(ledger, [one.id], by=CLERK, reason="附错了图斑"))
    assert service.attachments(ledger, "a") == (other,)
    (lying,) = evidence_bin.removed(ledger)
    assert (lying.attachment, lying.on, lying.reason) == (one, ledger.today(), "附错了图斑")
    assert service.read(ledger, one.sha256)
    assert refused(lambda: evidence_bin.remove(ledger, [one.id], by=CLERK, reason="x")) == "unknown_attachment"
    evidence_bin.put_back(ledger, [one.id], by=CLERK)
    assert service.attachments(ledger, "a") == (one, other)
    assert evidence_bin.removed(ledger) == ()
    undo.undo(ledger, by=CLERK)
    undo.undo(ledger, entry, by=CLERK)
    assert service.attachments(ledger, "a") == (one, other)
    assert check(ledger).ok


def test_what_was_attached_anew_is_not_put_back_beside_itself(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "照片" / "来的" / "IMG_0.jpg"
    service.attach(ledger, "a", [path], "整改后", by=CLERK)
    (one,) = service.attachments(ledger, "a")
    evidence_bin.remove(ledger, [one.id], by=CLERK, reason="看错了")
    service.attach(ledger, "a", [path], "整改后", by=CLERK)
    assert refused(lambda: evidence_bin.put_back(ledger, [one.id], by=CLERK)) == "already_attached"
    assert len(service.attachments(ledger, "a")) == 1


def test_a_saying_wins_and_both_are_kept(ledger: Ledger) -> None:
    photo = tray.waiting(ledger)[0]
    before = known(ledger, photo.sha256)
    assert (before.place, before.place_word) == (None, "拍摄时没有打开定位")
    said = Saying(datetime(2023, 8, 3, 10, 0), 116_200_000_000, 28_300_000_000, 90_000)
    sayings.say(ledger, photo.sha256, said, reason="按现场记录补", by=CLERK)
    after = known(ledger, photo.sha256)
    assert (after.at, after.place, after.direction) == (said.at, (116_200_000_000, 28_300_000_000), 90_000)
    assert after.by_hand == {"at", "place", "direction"}
    assert (after.place_word, after.time_word, after.reason) == (BY_HAND, BY_HAND, "按现场记录补")
    assert after.facts.taken_at == datetime(2023, 8, 2, 9, 30, 15)
    sayings.say(ledger, photo.sha256, Saying(direction=1_000), reason="只补方向", by=CLERK)
    only = known(ledger, photo.sha256)
    assert (only.at, only.place, only.direction) == (datetime(2023, 8, 2, 9, 30, 15), None, 1_000)
    sayings.say(ledger, photo.sha256, Saying(), reason="收回", by=CLERK)
    assert known(ledger, photo.sha256) == before
    undo.undo(ledger, by=CLERK)
    assert known(ledger, photo.sha256) == only
    assert check(ledger).ok


def test_a_saying_stands_in_the_history_of_every_plot_with_the_photo(ledger: Ledger) -> None:
    photo = tray.waiting(ledger)[0]
    tray.place(ledger, [photo.id], "a", "before", by=CLERK)
    said = Saying(datetime(2023, 8, 3, 10, 0), 116_200_000_000, 28_300_000_000, 90_000)
    entry = sayings.say(ledger, photo.sha256, said, reason="按现场记录补", by=CLERK)
    assert entry.plots == {"a"}
    told = history(ledger, "a")[0]
    assert told.seq == entry.seq
    assert told.sentence == (
        f"给照片“{photo.name}”人工录入拍摄时间2023年8月3日 10:00，位置东经116.200000°、北纬28.300000°，朝向90°"
    )
    assert told.reason == "按现场记录补"
    assert history(ledger)[0].sentence.endswith(told.sentence)
    assert history(ledger, "b")[0].seq < entry.seq
    sayings.say(ledger, photo.sha256, Saying(direction=90_000), reason="只留方向", by=CLERK)
    assert history(ledger, "a")[0].sentence == f"照片“{photo.name}”人工录入的拍摄时间、位置取消了"
    undo.undo(ledger, by=CLERK)
    assert "拍摄时间2023年8月3日 10:00" in history(ledger, "a")[0].sentence


@pytest.mark.parametrize(
    ("saying", "code"),
    [
        (Saying(longitude=116_000_000_000), "half_a_place"),
        (Saying(longitude=190 * 10**9, latitude=0), "no_such_place"),
        (Saying(longitude=0, latitude=0), "no_such_place"),
        (Saying(direction=360_000), "no_such_direction"),
        (Saying(at=datetime(2999, 1, 1)), "future"),
    ],
)
def test_sayings_that_cannot_be_are_refused(ledger: Ledger, saying: Saying, code: str) -> None:
    photo = tray.waiting(ledger)[0]
    assert refused(lambda: sayings.say(ledger, photo.sha256, saying, reason="x", by=CLERK)) == code
    assert (
        refused(lambda: sayings.say(ledger, photo.sha256, Saying(direction=1), reason="", by=CLERK)) == "reason_missing"
    )
    assert refused(lambda: sayings.say(ledger, "0" * 64, Saying(direction=1), reason="x", by=CLERK)) == "unknown_file"


def test_days_are_the_ledgers(ledger: Ledger) -> None:
    first, *_ = tray.waiting(ledger)
    tray.place(ledger, [first.id], "a", "整改后", by=CLERK)
    (one,) = service.attachments(ledger, "a")
    evidence_bin.remove(ledger, [one.id], by=CLERK, reason="x")
    assert isinstance(evidence_bin.removed(ledger)[0].on, date)
