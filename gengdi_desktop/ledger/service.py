"""The verbs of a ledger as a whole: make it, open it, its members, its campaign."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.divisions import UnitKind, kind_of_unit_name
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError, RuleError, SurroundingsError
from gengdi_desktop.ledger import known_heads, schema_steps, store
from gengdi_desktop.ledger.folder import LedgerFolder
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.database import Database, user_version
from gengdi_desktop.storage.schema import SCHEMA_VERSION
from gengdi_desktop.storage.unit_of_work import Stamp, utc_text
from gengdi_desktop.system.files import remove_parts, sync_folder, telling
from gengdi_desktop.system.ledger_lock import LedgerLock, LedgerLockedError

if TYPE_CHECKING:
    from gengdi_desktop.domain.campaigns import Campaign
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.ledger.campaign_file import CampaignSettings
    from gengdi_desktop.system.clock import Clock


_STILL_READABLE = frozenset({"read_only", "not_allowed", "no_locks"})


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a ledger; ``office_phone`` may stand on paper."""

    name: str
    role: Role
    title: str
    office_phone: str
    active: bool


@dataclass(frozen=True, slots=True)
class NewLedger:
    """What a new ledger is to be; codes may be empty where the unit is not in the division table."""

    desk: Desk
    county: str
    unit: str
    member: str
    name: str = ""
    county_code: str = ""
    unit_code: str = ""
    unit_kind: str = ""
    member_role: Role = Role.CLERK
    sample: bool = False
    settings: CampaignSettings | None = None


# -------------------------------------------------------------------------------------------------------- make and open


def create_ledger(path: Path, new: NewLedger, clock: Clock) -> Ledger:
    """Make the folder of a new ledger and open it.

    Raises:
        RuleError: ``not_empty``, ``as_of``, or a name is missing.
        SurroundingsError: The place cannot be written.
    """
    for what, value in (("县", new.county), ("单位", new.unit), ("经办人姓名", new.member)):
        if not value.strip():
            raise RuleError("missing", f"还没有填{what}，台账没有建。", "请填好后再试。")
    if new.settings is not None:
        _refuse_fixed_day(new.settings, sample=new.sample)
    folder = LedgerFolder(path)
    with telling(path):
        if path.exists() and not (path.is_dir() and folder.is_unused()):
            raise RuleError("not_empty", f"“{path.name}”里已经有东西，没有在这里建台账。", "请换一个空的或新的文件夹。")
        path.mkdir(parents=True, exist_ok=True)
        folder.make()
    lock = LedgerLock(folder.root, clock)
    lock.acquire()
    try:
        folder.clear_leftovers()
        _build(folder, new, clock)
        return Ledger(folder, Database(folder.database, write=True), clock, lock=lock)
    except BaseException:
        lock.release()
        raise


def _build(folder: LedgerFolder, new: NewLedger, clock: Clock) -> None:
    """Make the file under another name, so that a ledger is never half made."""
    database = Database(folder.unfinished, write=True, create=True)
    try:
        _first_entry(database, new, folder.root.name, clock)
    finally:
        database.close()
    with telling(folder.database):
        folder.unfinished.replace(folder.database)
        sync_folder(folder.root)


def _first_entry(database: Database, new: NewLedger, folder_name: str, clock: Clock) -> None:
    kind = kind_of_unit_name(new.unit) if new.desk is Desk.TOWNSHIP else UnitKind.COUNTY
    columns: dict[str, str | int] = {
        "id": secrets.token_hex(16),
        "name": new.name.strip() or folder_name,
        "desk": new.desk.value,
        "county": new.county.strip(),
        "county_code": new.county_code,
        "unit": new.unit.strip(),
        "unit_code": new.unit_code,
        "unit_kind": new.unit_kind or str(kind),
        "created_at": utc_text(clock.now()),
        "is_sample": int(new.sample),
    }
    member = new.member.strip()
    stamp = Stamp(str(columns["id"]), clock.now(), member, "stated", new.desk.value, Operation.CREATE)
    with database.action(stamp) as work:
        store.add_ledger(work.session, columns)
        store.add_member(work.session, member, new.member_role)
        if new.settings is not None:
            store.write_campaign(work.session, new.settings)
        work.commit()


def open_ledger(path: Path, clock: Clock, *, write: bool = True) -> Ledger:
    """Open a ledger by its folder or its ``ledger.gengdi``.

    With ``write`` the ledger is brought to the newest schema first. Without it nothing on the disk changes.

    Raises:
        SurroundingsError: ``not_found``, ``not_a_ledger``, ``too_new``, ``damaged``, ``locked``, ``read_only``.
    """
    folder = LedgerFolder.of(path)
    with telling(folder.root):
        version = user_version(folder.database)
    lock = LedgerLock(folder.root, clock)
    if not write:
        if version < SCHEMA_VERSION:
            raise SurroundingsError(
                "too_old",
                "这本台账是旧版本建立的，要先升级才能看。文件没有改动。",
                "请用可以写入的方式打开一次，程序会先备份再升级。",
            )
        return _noticed(Ledger(folder, Database(folder.database, write=False), clock, lock=None, holder=lock.holder()))
    if not folder.writable:
        raise SurroundingsError("read_only", "台账所在的文件夹不能写入，只能查看。", "请把台账复制到本机硬盘再打开。")
    lock.acquire()
    try:
        remove_parts(folder.root)
        if version < SCHEMA_VERSION:
            schema_steps.bring_up(folder, clock)
        database = Database(folder.database, write=True)
        try:
            database.quick_check()
        except GengdiError:
            database.close()
            raise
        return _noticed(Ledger(folder, database, clock, lock=lock))
    except BaseException:
        lock.release()
        raise


def open_as_possible(path: Path, clock: Clock) -> Ledger:
    """Open for writing where that is possible, else read-only with a notice that says why.

    Raises:
        SurroundingsError: It cannot even be read.
    """
    try:
        return open_ledger(path, clock)
    except LedgerLockedError as locked:
        ledger = open_ledger(path, clock, write=False)
        ledger.holder, ledger.notices = locked.holder, (locked.message, *ledger.notices)
    except SurroundingsError as error:
        if error.code not in _STILL_READABLE:
            raise
        ledger = open_ledger(path, clock, write=False)
        ledger.notices = (error.message, *ledger.notices)
    return ledger


def _noticed(ledger: Ledger) -> Ledger:
    """Say what the opening makes doubtful: an older copy, a rewritten journal, a clock that runs behind."""
    try:
        with ledger.reading() as session:
            head_seq, _ = store.head(session)
            last = store.entry(session, head_seq)
            seen = known_heads.known(ledger.info.id)
            there = store.entry(session, seen[0]) if seen else None
    except GengdiError:
        ledger.close()
        raise
    notices = []
    if seen and seen[0] > head_seq:
        notices.append(f"这是较旧的副本：本机见过第 {seen[0]} 条记录，这里只到第 {head_seq} 条。请先确认要用哪一本。")
    elif seen and (there is None or there.hash != seen[1]):
        notices.append(f"第 {seen[0]} 条记录与本机上次见到的不同，账本可能被换过。请先做一次检查。")
    if last is not None and utc_text(ledger.clock.now()) < last.at:
        notices.append("电脑时间早于上一条记录，可能不准。内容照常保存，请核对时间。")
    ledger.notices = tuple(notices)
    return ledger


# -------------------------------------------------------------------------------------------------------------- members


def members(ledger: Ledger) -> tuple[Member, ...]:
    """All members, retired ones too."""
    with ledger.reading() as session:
        return tuple(
            Member(row.name, Role(row.role), row.title, row.office_phone, bool(row.active))
            for row in store.members(session)
        )


def actor(ledger: Ledger, name: str | None) -> Actor:
    """Who acts: the named member, or the only active one.

    Raises:
        RuleError: ``who`` (several could be meant), ``unknown_member``.
    """
    active = [member for member in members(ledger) if member.active]
    if name is None:
        if len(active) == 1:
            return Actor(active[0].name)
        names = "、".join(member.name for member in active)
        raise RuleError(
            "who", f"这本台账有 {len(active)} 个成员，不知道是谁在做。台账没有变。", f"请写明是谁：{names}。"
        )
    if name not in {member.name for member in active}:
        raise RuleError("unknown_member", f"成员里没有“{name}”。台账没有变。", "请核对姓名，或先添加这个成员。")
    return Actor(name)


def add_member(ledger: Ledger, name: str, role: Role, *, by: Actor, title: str = "", office_phone: str = "") -> Changes:
    """Add a member, or bring a retired one back.

    Raises:
        RuleError: ``member_exists``, or the name is empty.
    """
    name = name.strip()
    if not name:
        raise RuleError("missing", "还没有填成员姓名。台账没有变。", "请填好后再试。")
    with ledger.begin(Operation.MEMBER, by) as work:
        row = store.member_row(work.session, name)
        if row is None:
            store.add_member(work.session, name, role, title=title, office_phone=office_phone)
        elif row.active:
            raise RuleError("member_exists", f"成员里已经有“{name}”。台账没有变。", "同名的请在姓名后加字区分。")
        else:
            row.active, row.role = 1, role.value
            row.title, row.office_phone = title or row.title, office_phone or row.office_phone
        return work.commit()


def retire_member(ledger: Ledger, name: str, *, by: Actor) -> Changes:
    """Let a member act no longer; what was done under the name stays.

    Raises:
        RuleError: ``unknown_member`` or ``last_member``.
    """
    with ledger.begin(Operation.MEMBER, by) as work:
        row = store.member_row(work.session, name.strip())
        if row is None or not row.active:
            raise RuleError("unknown_member", f"成员里没有“{name}”。台账没有变。", "请核对姓名。")
        row.active = 0
        if not store.active_members(work.session):
            raise RuleError("last_member", "这是最后一个能办理的成员，不能停用。台账没有变。", "请先添加接手的人。")
        return work.commit()


# ------------------------------------------------------------------------------------------------------------- campaign


def campaign(ledger: Ledger) -> Campaign:
    """The campaign with its phases and rules; its name is empty where none was set."""
    with ledger.reading() as session:
        return store.campaign(session)


def campaign_settings(ledger: Ledger) -> CampaignSettings:
    """The campaign with the settings of its papers."""
    with ledger.reading() as session:
        return store.campaign_settings(session)


def set_campaign(ledger: Ledger, settings: CampaignSettings, *, by: Actor, reason: str | None = None) -> Changes:
    """Set the campaign, its phases and the settings of its papers; one entry, which can be undone.

    Raises:
        RuleError: ``as_of`` is set in a ledger that is no sample.
    """
    _refuse_fixed_day(settings, sample=ledger.info.sample)
    with ledger.begin(Operation.CAMPAIGN, by, reason=reason) as work:
        store.write_campaign(work.session, settings)
        return work.commit()


def _refuse_fixed_day(settings: CampaignSettings, *, sample: bool) -> None:
    if settings.campaign.as_of is not None and not sample:
        raise RuleError("as_of", "固定日期只能用在样例台账里。台账没有变。", "请删掉 as_of 一行再试。")
