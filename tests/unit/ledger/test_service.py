"""Making and opening ledgers, their members and their campaign."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk, DoneRule
from gengdi_desktop.errors import GengdiError, RuleError, SurroundingsError
from gengdi_desktop.ledger import known_heads, schema_steps
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings, PaperSetting, Signer
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.folder import DATABASE_NAME, FolderPart, LedgerFolder
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.service import NewLedger
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.storage import database as databases
from gengdi_desktop.storage import rebase
from gengdi_desktop.storage.steps.sequence import Step
from gengdi_desktop.system import files, paths
from gengdi_desktop.system.ledger_lock import HOLDER_NAME, LOCK_NAME, LedgerLock, LedgerLockedError
from tests.helpers.clock import FixedClock
from tests.helpers.databases import asked, behind_the_back
from tests.helpers.ledgers import CLERK, LEADER

NEW = NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member=CLERK.name)


@pytest.fixture(autouse=True)
def another_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that has seen no ledger yet."""
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "computer"))


def code_of(refused: pytest.ExceptionInfo[GengdiError]) -> str:
    """The code; the words must be whole sentences."""
    assert refused.value.message.endswith("。")
    assert not refused.value.hint or refused.value.hint.endswith("。")
    return refused.value.code


# --------------------------------------------------------------------------------------------------------------- making


def test_a_new_ledger_is_a_folder_with_its_parts(tmp_path: Path, clock: FixedClock) -> None:
    with ledgers.create_ledger(tmp_path / "白圩乡台账", NEW, clock) as ledger:
        info = ledger.info
        assert (info.name, info.desk, info.unit, info.county, info.sample) == (
            *("白圩乡台账", "township", "白圩乡", "进贤县", False),
        )
        assert (len(info.id), info.unit_kind, info.created_at) == (32, "rural", "2023-08-20T02:00:00.000000Z")
        assert not ledger.read_only
        assert ledger.head().seq == 1
        assert check(ledger).ok
    names = {path.name for path in (tmp_path / "白圩乡台账").iterdir()}
    assert names - {LOCK_NAME} == {*FolderPart, DATABASE_NAME}


def test_two_ledgers_never_share_an_id(tmp_path: Path, clock: FixedClock) -> None:
    made = [ledgers.create_ledger(tmp_path / name, NEW, clock) for name in "ab"]
    assert made[0].info.id != made[1].info.id
    for ledger in made:
        ledger.close()


@pytest.mark.parametrize("missing", ["county", "unit", "member"])
def test_a_ledger_without_its_names_is_not_made(tmp_path: Path, clock: FixedClock, missing: str) -> None:
    given = {"county": "进贤县", "unit": "白圩乡", "member": "王秀英", missing: "  "}
    new = NewLedger(Desk.TOWNSHIP, given["county"], given["unit"], given["member"])
    with pytest.raises(RuleError) as refused:
        ledgers.create_ledger(tmp_path / "l", new, clock)
    assert code_of(refused) == "missing"
    assert not (tmp_path / "l").exists()


@pytest.mark.parametrize("what", ["a file", "a foreign file in it", "a ledger", "evidence in it", "a file for a part"])
def test_a_place_that_holds_something_is_refused(tmp_path: Path, clock: FixedClock, what: str) -> None:
    place = tmp_path / "l"
    match what:
        case "a file":
            place.write_text("x")
        case "a foreign file in it":
            place.mkdir()
            (place / "notes.txt").write_text("x")
        case "a ledger":
            ledgers.create_ledger(place, NEW, clock).close()
        case "evidence in it":
            (place / "evidence").mkdir(parents=True)
            (place / "evidence" / "a.jpg").write_text("x")
        case _:
            place.mkdir()
            (place / "evidence").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RuleError) as refused:
        ledgers.create_ledger(place, NEW, clock)
    assert code_of(refused) == "not_empty"
    assert sorted(tmp_path.rglob("*")) == before


def test_what_a_stopped_making_left_does_not_stand_in_the_way(tmp_path: Path, clock: FixedClock) -> None:
    folder = LedgerFolder(tmp_path / "l")
    folder.root.mkdir()
    folder.make()
    for name in (LOCK_NAME, HOLDER_NAME, folder.unfinished.name, folder.unfinished.name + "-wal"):
        (folder.root / name).write_bytes(b"half")
    with ledgers.create_ledger(folder.root, NEW, clock) as ledger:
        assert check(ledger).ok
    assert not list(folder.root.glob("*.part*"))


def test_a_making_that_fails_leaves_no_ledger_and_no_lock(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise SurroundingsError("disk_full", "磁盘空间不足。")

    monkeypatch.setattr(ledgers, "_first_entry", full)
    with pytest.raises(SurroundingsError):
        ledgers.create_ledger(tmp_path / "l", NEW, clock)
    monkeypatch.undo()
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "computer"))
    assert not (tmp_path / "l" / DATABASE_NAME).exists()
    ledgers.create_ledger(tmp_path / "l", NEW, clock).close()


def test_a_fixed_day_is_for_samples_only(tmp_path: Path, clock: FixedClock) -> None:
    settings = CampaignSettings(Campaign("整改", as_of=date(2023, 8, 19)))
    with pytest.raises(RuleError) as refused:
        ledgers.create_ledger(tmp_path / "l", replace(NEW, settings=settings), clock)
    assert code_of(refused) == "as_of"
    with ledgers.create_ledger(tmp_path / "l", replace(NEW, settings=settings, sample=True), clock) as ledger:
        assert ledger.today() == date(2023, 8, 19)


# -------------------------------------------------------------------------------------------------------------- opening


def test_a_ledger_opens_by_its_folder_and_by_its_file(home: Path, clock: FixedClock) -> None:
    for path in (home, home / DATABASE_NAME):
        with ledgers.open_ledger(path, clock) as ledger:
            assert ledger.info.unit == "白圩乡"


@pytest.mark.parametrize(
    ("content", "code"), [(None, "not_found"), (b"", "not_a_ledger"), (b"PK\3\4" * 100, "not_a_ledger")]
)
@pytest.mark.parametrize("write", [True, False])
def test_what_is_no_ledger_is_not_opened(
    tmp_path: Path, clock: FixedClock, content: bytes | None, code: str, *, write: bool
) -> None:
    if content is not None:
        (tmp_path / DATABASE_NAME).write_bytes(content)
    with pytest.raises(SurroundingsError) as refused:
        ledgers.open_ledger(tmp_path, clock, write=write)
    assert code_of(refused) == code


def test_a_ledger_whose_own_row_is_away_was_never_made(home: Path, clock: FixedClock) -> None:
    with behind_the_back(home / DATABASE_NAME) as connection:
        connection.execute("DELETE FROM ledger")
    with pytest.raises(SurroundingsError) as refused:
        ledgers.open_ledger(home, clock)
    assert code_of(refused) == "not_a_ledger"
    LedgerLock(home, clock).acquire()


def test_reading_leaves_the_folder_as_it_is(home: Path, clock: FixedClock) -> None:
    (home / "left.part").write_bytes(b"half")
    with ledgers.open_ledger(home, clock, write=False) as ledger:
        assert ledger.read_only
        assert ledger.holder is None
        with pytest.raises(SurroundingsError) as refused:
            ledgers.add_member(ledger, "张三", Role.CLERK, by=CLERK)
    assert code_of(refused) == "read_only"
    assert (home / "left.part").exists()
    ledgers.open_ledger(home, clock).close()
    assert not (home / "left.part").exists()


def test_a_second_writer_is_refused_and_reads_with_the_name_of_the_first(home: Path, clock: FixedClock) -> None:
    with ledgers.open_ledger(home, clock):
        with pytest.raises(LedgerLockedError) as refused:
            ledgers.open_ledger(home, clock)
        assert code_of(refused) == "locked"
        with ledgers.open_as_possible(home, clock) as reader:
            assert reader.read_only
            assert reader.holder is not None
            assert reader.holder.process == os.getpid()
            assert len(reader.notices) == 1
            assert "本机的另一个窗口" in reader.notices[0]
    with ledgers.open_as_possible(home, clock) as writer:
        assert not writer.read_only


def test_a_place_that_cannot_be_written_is_read(home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LedgerFolder, "writable", False)
    with pytest.raises(SurroundingsError) as refused:
        ledgers.open_ledger(home, clock)
    assert code_of(refused) == "read_only"
    with ledgers.open_as_possible(home, clock) as ledger:
        assert ledger.read_only
        assert "只能查看" in ledger.notices[0]


def test_what_cannot_even_be_read_is_not_opened_as_possible(tmp_path: Path, clock: FixedClock) -> None:
    with pytest.raises(SurroundingsError):
        ledgers.open_as_possible(tmp_path, clock)


def test_a_damaged_ledger_is_never_opened_for_writing(
    home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_: databases.Database) -> None:
        raise SurroundingsError("damaged", "台账文件已损坏。")

    monkeypatch.setattr(databases.Database, "quick_check", damaged)
    before = (home / DATABASE_NAME).read_bytes()
    with pytest.raises(SurroundingsError) as refused:
        ledgers.open_ledger(home, clock)
    assert code_of(refused) == "damaged"
    assert (home / DATABASE_NAME).read_bytes() == before
    LedgerLock(home, clock).acquire()


def test_the_day_is_the_clocks_unless_the_ledger_is_a_sample(township: Ledger, clock: FixedClock) -> None:
    assert township.today() == clock.today()
    clock.advance(timedelta(days=2))
    assert township.today() == date(2023, 8, 22)


# ------------------------------------------------------------------------------------------ what opening makes doubtful


def test_an_older_copy_is_told(home: Path, clock: FixedClock, tmp_path: Path) -> None:
    older = shutil.copytree(home, tmp_path / "older")
    with ledgers.open_ledger(home, clock) as ledger:
        assert ledger.notices == ()
        ledgers.add_member(ledger, "张三", Role.CLERK, by=CLERK)
    for write in (True, False):
        with ledgers.open_ledger(older, clock, write=write) as ledger:
            [notice] = ledger.notices
            assert "较旧的副本" in notice
            assert "第 4 条" in notice
    with ledgers.open_ledger(home, clock) as ledger:
        assert ledger.notices == ()


def test_a_copied_folder_is_the_same_ledger(home: Path, clock: FixedClock, tmp_path: Path) -> None:
    ledgers.open_ledger(home, clock).close()
    copy = shutil.copytree(home, tmp_path / "stick" / "copy")
    with ledgers.open_ledger(copy, clock) as ledger:
        assert ledger.notices == ()
        assert check(ledger).ok


def test_a_rewritten_journal_is_told(home: Path, clock: FixedClock) -> None:
    with ledgers.open_ledger(home, clock) as ledger:
        known_heads.remember(ledger.info.id, 3, "f" * 64)
    with ledgers.open_ledger(home, clock) as ledger:
        assert ledger.notices == ()
        ledgers.add_member(ledger, "张三", Role.CLERK, by=CLERK)
        identity = ledger.info.id
    known_heads.remember(identity, 9, "f" * 64)
    with behind_the_back(home / DATABASE_NAME) as connection:
        connection.execute("DROP TRIGGER journal_entry_no_update")
        connection.execute("UPDATE journal_entry SET seq = 9 WHERE seq = 4")
    with ledgers.open_ledger(home, clock) as ledger:
        assert any("账本可能被换过" in notice for notice in ledger.notices)


def test_a_clock_that_runs_behind_is_told(home: Path, clock: FixedClock) -> None:
    clock.advance(timedelta(days=-400))
    with ledgers.open_ledger(home, clock) as ledger:
        [notice] = ledger.notices
        assert "电脑时间早于上一条记录" in notice


def test_the_newest_head_is_kept_and_damage_to_the_memory_does_not_matter(tmp_path: Path) -> None:
    assert known_heads.known("a") is None
    known_heads.remember("a", 5, "five")
    known_heads.remember("a", 3, "three")
    known_heads.remember("b", 1, "one")
    assert (known_heads.known("a"), known_heads.known("b")) == ((5, "five"), (1, "one"))
    known_heads.remember("a", 5, "another five")
    assert known_heads.known("a") == (5, "another five")
    [file] = (tmp_path / "computer").rglob("known_heads.json")
    for content in (b"{", b"[]", b'{"a": 1}', b'{"a": ["5", 5]}', b"\xff"):
        file.write_bytes(content)
        assert known_heads.known("a") is None
    known_heads.remember("a", 1, "one")
    assert known_heads.known("a") == (1, "one")


def test_closing_goes_through_though_the_disk_is_away(
    home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise SurroundingsError("not_found", "找不到台账所在的盘。")

    ledger = ledgers.open_ledger(home, clock)
    monkeypatch.setattr(known_heads, "remember", away)
    monkeypatch.setattr(databases.Database, "fold", away)
    ledger.close()
    monkeypatch.undo()
    with ledgers.open_ledger(home, clock):
        pass


# -------------------------------------------------------------------------------------------------------- older ledgers


NEXT = Step(2, lambda connection: connection.execute("CREATE INDEX ix ON plot (cause)"))


def bring_to_next_schema(monkeypatch: pytest.MonkeyPatch, step: Step) -> None:
    """Let the program know a schema after this one."""
    monkeypatch.setattr(schema_steps, "STEPS", (step,))
    monkeypatch.setattr(ledgers, "SCHEMA_VERSION", 2)


def test_an_older_ledger_is_backed_up_and_brought_up(
    home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_to_next_schema(monkeypatch, NEXT)
    with pytest.raises(SurroundingsError) as refused:
        ledgers.open_ledger(home, clock, write=False)
    assert code_of(refused) == "too_old"
    ledgers.open_ledger(home, clock).close()
    [backup] = (home / "backups").iterdir()
    assert backup.name.startswith("台账_升级前_")
    last = "SELECT action, actor FROM journal_entry ORDER BY seq DESC LIMIT 1"
    assert asked(home / DATABASE_NAME, last) == [("rebase", rebase.SYSTEM_ACTOR)]
    assert asked(home / DATABASE_NAME, "PRAGMA user_version") == [(2,)]


def test_a_damaged_older_ledger_is_not_brought_up(
    home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind_the_back(home / DATABASE_NAME) as connection:
        connection.execute("UPDATE plot SET remark = 'behind the back' WHERE id = 'a'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bring_to_next_schema(monkeypatch, NEXT)
    with pytest.raises(SurroundingsError) as refused:
        ledgers.open_ledger(home, clock)
    assert code_of(refused) == "damaged"
    assert "remark" in refused.value.message
    assert asked(home / DATABASE_NAME, "PRAGMA user_version") == [(1,)]
    assert list((home / "backups").iterdir()) == []


# -------------------------------------------------------------------------------------------------------------- members


def test_members_join_retire_and_come_back(township: Ledger) -> None:
    ledgers.add_member(township, " 张三 ", Role.CHECKER, by=CLERK, title="抽查员", office_phone="0791-1")
    ledgers.retire_member(township, "张三", by=CLERK)
    told = {one.name: (one.role, one.title, one.active) for one in ledgers.members(township)}
    assert told["张三"] == (Role.CHECKER, "抽查员", False)
    ledgers.add_member(township, "张三", Role.CLERK, by=CLERK)
    [back] = [one for one in ledgers.members(township) if one.name == "张三"]
    assert (back.role, back.title, back.office_phone, back.active) == (Role.CLERK, "抽查员", "0791-1", True)


def test_who_acts_must_be_known_and_plain(township: Ledger) -> None:
    assert ledgers.actor(township, "李建国") == LEADER
    for name, code in ((None, "who"), ("无此人", "unknown_member")):
        with pytest.raises(RuleError) as refused:
            ledgers.actor(township, name)
        assert code_of(refused) == code
    ledgers.retire_member(township, LEADER.name, by=CLERK)
    assert ledgers.actor(township, None) == CLERK
    with pytest.raises(RuleError):
        ledgers.actor(township, LEADER.name)


@pytest.mark.parametrize(("name", "code"), [("  ", "missing"), ("王秀英", "member_exists")])
def test_members_that_cannot_join(township: Ledger, name: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        ledgers.add_member(township, name, Role.CLERK, by=CLERK)
    assert code_of(refused) == code


def test_somebody_who_may_act_stays(township: Ledger) -> None:
    ledgers.add_member(township, "访客", Role.VIEWER, by=CLERK)
    ledgers.retire_member(township, LEADER.name, by=CLERK)
    with pytest.raises(RuleError) as refused:
        ledgers.retire_member(township, CLERK.name, by=CLERK)
    assert code_of(refused) == "last_member"
    for name in ("无此人", LEADER.name):
        with pytest.raises(RuleError) as refused:
            ledgers.retire_member(township, name, by=CLERK)
        assert code_of(refused) == "unknown_member"
    assert [one.active for one in ledgers.members(township)] == [True, False, True]


# ------------------------------------------------------------------------------------------------------------- campaign


CAMPAIGN = Campaign(
    name="2023年专项整改",
    document_number="进自然资发〔2023〕7号",
    issuer="进贤县自然资源局",
    issued_on=date(2023, 7, 20),
    hard_deadline=date(2023, 9, 30),
    phases=(
        Phase("self_check", "自查", date(2023, 7, 20), date(2023, 7, 31), date(2023, 8, 1), "一号"),
        Phase("rectification", "整改", date(2023, 8, 1)),
    ),
    rules=CampaignRules(DoneRule.COUNTY_ACCEPTED, DoneRule.ACCEPTED, 5, date(2020, 7, 3)),
    first_responsible="书记",
    direct_responsible="副乡长",
)
PAPERS = (
    PaperSetting("self_check", "县局", "县府办", "白府字", "书记", "王秀英", "0791-1", (Signer("经办人", "王秀英"),)),
    PaperSetting("rectification", "县局", signers=(Signer("经办人", "王秀英"), Signer("分管领导", "李建国"))),
)


def test_a_campaign_comes_back_as_it_was_set(township: Ledger) -> None:
    assert ledgers.campaign(township).name == ""
    settings = CampaignSettings(CAMPAIGN, PAPERS)
    ledgers.set_campaign(township, settings, by=CLERK, reason="县里来文")
    assert ledgers.campaign(township) == CAMPAIGN
    assert ledgers.campaign_settings(township) == settings
    assert settings.paper("self_check") == PAPERS[0]
    assert settings.paper("other") == PaperSetting("other")
    assert check(township).ok


def test_setting_the_same_campaign_again_changes_nothing(township: Ledger) -> None:
    settings = CampaignSettings(CAMPAIGN, PAPERS)
    ledgers.set_campaign(township, settings, by=CLERK)
    assert ledgers.set_campaign(township, settings, by=CLERK).nothing


def test_a_changed_campaign_keeps_what_stays_and_can_be_undone(township: Ledger) -> None:
    ledgers.set_campaign(township, CampaignSettings(CAMPAIGN, PAPERS), by=CLERK)
    fewer = Campaign(name="改名", phases=(Phase("rectification", "整改", date(2023, 8, 2)), Phase("own", "自定")))
    paper = PaperSetting("rectification", "市局", signers=(Signer("分管领导", "李建国"),))
    ledgers.set_campaign(township, CampaignSettings(fewer, (paper,)), by=CLERK)
    found = ledgers.campaign_settings(township)
    assert found.campaign == fewer
    assert (found.paper("self_check"), found.paper("rectification")) == (PAPERS[0], paper)
    undo(township, by=CLERK)
    assert ledgers.campaign_settings(township) == CampaignSettings(CAMPAIGN, PAPERS)
    assert check(township).ok


def test_a_fixed_day_cannot_be_set_in_a_real_ledger(township: Ledger) -> None:
    with pytest.raises(RuleError) as refused:
        ledgers.set_campaign(township, CampaignSettings(Campaign("x", as_of=date(2023, 1, 1))), by=CLERK)
    assert code_of(refused) == "as_of"


def test_entries_name_the_campaign_the_person_and_the_moment(township: Ledger) -> None:
    ledgers.set_campaign(township, CampaignSettings(CAMPAIGN), by=CLERK, reason="县里来文")
    ledgers.add_member(township, "张三", Role.CLERK, by=Actor("李建国"))
    rows = asked(
        township.folder.database,
        "SELECT at, actor, auth, desk, action, reason, campaign FROM journal_entry WHERE seq > 3",
    )
    assert rows == [
        ("2023-08-20T02:00:00.000000Z", "王秀英", "stated", "township", "campaign", "县里来文", None),
        ("2023-08-20T02:00:00.000000Z", "李建国", "stated", "township", "member", None, "2023年专项整改"),
    ]


def test_the_ledgers_own_row_is_read_again_when_told_so(township: Ledger) -> None:
    assert township.info.name == "台账"
    with sqlite3.connect(township.folder.database) as connection:
        connection.execute("UPDATE ledger SET name = '改名'")
    connection.close()
    assert township.info.name == "台账"
    township.forget_info()
    assert township.info.name == "改名"


def test_leftovers_are_swept_only_where_the_lock_is_held(home: Path, clock: FixedClock) -> None:
    with ledgers.open_ledger(home, clock):
        (home / "evidence" / "photo.jpg.part").write_bytes(b"being written")
        ledgers.open_as_possible(home, clock).close()
        assert (home / "evidence" / "photo.jpg.part").exists()
    assert files.remove_parts(home) == 1
