"""Packages that went and came, in words, and packing: what can be packed, for whom, one file after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import Cancelled, GengdiError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.ui import words
from gengdi_desktop.ui.pages.exchange_view import (
    WAYS,
    OverviewView,
    PackageView,
    PackedAll,
    PackedView,
    PackKindView,
    PackView,
    PackWish,
    ReceiverView,
)

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.handover.packages import PackageLine, Packed, PackOptions
    from gengdi_desktop.handover.service import DueUnit
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.phases.sampling.records import SampleLine
    from gengdi_desktop.signing.identity import Identity

Progress = Callable[[int, int], None]
_TEAM: Final = "抽查组"
_MOST_NUMBERS: Final = 8
_PACKED_ROWS: Final = 2
"""Rows and journal of a ledger take less than this part of its file once they are packed."""
_CARRIES: Final = {
    PackageKind.TASK: "这个乡镇的清单、图斑、边界，专项的规则和时限，信任名单。",
    PackageKind.SUBMISSION: "全部图斑的情况、对方还没有的办理记录、定稿的报告和附件。",
    PackageKind.FEEDBACK: "这个乡镇图斑的办理情况、退回的、新的时限，还有报送包的回执。",
    PackageKind.CHECK_TASK: "抽中的图斑，带边界、办理情况和照片。",
    PackageKind.CHECK_RESULT: "每个抽中图斑的实测面积、结论和抽查照片。",
}
_ABOUT: Final = {
    PackageKind.TASK: "每个乡镇一个文件",
    PackageKind.SUBMISSION: "报给县里",
    PackageKind.FEEDBACK: "每个乡镇一个文件",
    PackageKind.CHECK_TASK: "交给抽查组",
    PackageKind.CHECK_RESULT: "交给县里",
}
_WITH_PHOTOS: Final = frozenset({PackageKind.SUBMISSION, PackageKind.CHECK_TASK, PackageKind.CHECK_RESULT})


# -- what went and came


def read_overview(ledger: Ledger, today: date) -> OverviewView:
    """All packages of a ledger."""
    from gengdi_desktop.handover import service

    return overview_of(service.packages(ledger), today)


def overview_of(lines: Sequence[PackageLine], today: date) -> OverviewView:
    """Packages in words, and what was done last by each way."""
    last: dict[tuple[PackageKind, bool], str] = {}
    for one in lines:
        if (one.kind, one.sent) not in last:
            receipt = "，对方已收" if one.sent and one.receipted else ""
            last[one.kind, one.sent] = f"上次 {_day(one, today)}，第 {one.number} 次{receipt}"
    return OverviewView(tuple(_view(one, lines, today) for one in lines), last)


def _view(one: PackageLine, lines: Sequence[PackageLine], today: date) -> PackageView:
    receipt, tone, told = _receipt(one, lines)
    proof, proof_tone, proof_told = _proof(one)
    created = words.moment(datetime.fromisoformat(one.created), today)
    photos = f"带了 {words.count(one.photos)} 张照片和材料。" if one.sent and one.photos else ""
    note = f"{one.note.rstrip('。')}。" if one.note else ""
    made = "" if one.sent else f"{created} 打的，按对方电脑的时间。"
    return PackageView(
        id=one.id,
        day=_day(one, today),
        out=one.sent,
        kind=one.kind,
        title=f"{one.kind.label} 第 {one.number} 次",
        peer=one.organ or one.unit,
        plots=words.count(one.plots),
        area=words.mu(one.area),
        receipt=receipt,
        receipt_tone=tone,  # type: ignore[arg-type]
        proof=proof,
        proof_tone=proof_tone,  # type: ignore[arg-type]
        file=one.file_name,
        told=f"{made}{proof_told}{note}{photos}{told}",
    )


def _day(one: PackageLine, today: date) -> str:
    return words.short_day(date.fromisoformat(one.day), today)


def _receipt(one: PackageLine, lines: Sequence[PackageLine]) -> tuple[str, str, str]:
    """A word, its tone, and what it means: every package tells the other desk what was taken in before."""
    if one.sent and one.receipted:
        return "对方已收", "land", "对方已经收下，回执来过了。"
    if one.sent:
        return "未见回执", "soil", "还没有见到对方的回执；对方下一个包会带来。"
    if any(other.sent and _same_desk(other, one) and other.settled >= one.settled for other in lines):
        return "回执已带", "ink", "收到的回执已经装在给对方的包里。"
    return "回执待带", "ink", "下一个给对方的包会带上收到的回执。"


def _proof(one: PackageLine) -> tuple[str, str, str]:
    """Of what was taken in: whether its journal held what was reported before; a word, its tone, a sentence."""
    numbers = "、".join(map(str, one.proof_entries[:_MOST_NUMBERS]))
    more = "等" if len(one.proof_entries) > _MOST_NUMBERS else ""
    return {
        "first": ("第一次报", "ink", ""),
        "contained": ("没有改写", "land", "以前报来的记录都在里面，一条没有改写。"),
        "gap": ("缺记录", "soil", f"办理记录从第 {numbers.replace('、', ' 到 ')} 条没有报来。"),
        "rewritten": ("改写过", "seal", f"以前报来的第 {numbers}{more} 条记录被改写或删去过，写明了原因收下的。"),
    }.get(one.proof, ("", "ink", ""))


def _same_desk(one: PackageLine, other: PackageLine) -> bool:
    return (one.desk, one.unit_code or one.unit) == (other.desk, other.unit_code or other.unit)


# -- what can be packed


def read_pack(ledger: Ledger) -> PackView:
    """The kinds that this desk packs, for whom, and how much they weigh."""
    from gengdi_desktop.handover import service

    lines = service.packages(ledger)
    desk = Desk(ledger.info.desk)
    kinds = tuple(
        _kind(ledger, way.kind, way.title, lines) for way in WAYS[desk] if way.out
    )  # fmt: skip
    return PackView(kinds, ledger.folder.database.stat().st_size // _PACKED_ROWS)


def _kind(ledger: Ledger, kind: PackageKind, title: str, lines: Sequence[PackageLine]) -> PackKindView:
    county = next((one.organ or one.unit for one in lines if one.desk == Desk.COUNTY), ledger.info.county)
    receivers: tuple[ReceiverView, ...] = ()
    why_not, many = "", kind in {PackageKind.TASK, PackageKind.FEEDBACK}
    if many:
        from gengdi_desktop.handover import service

        handed_in = {one.unit_code or one.unit for one in lines if one.kind == PackageKind.SUBMISSION and not one.sent}
        named = (_township(one, kind, handed_in) for one in service.units_due(ledger))
        receivers = tuple(sorted(named, key=lambda one: not one.likely))  # else in the order of the division table
        why_not = "" if receivers else "台账里还没有乡镇。先导进清单。"
    elif kind in {PackageKind.CHECK_TASK, PackageKind.CHECK_RESULT}:
        from gengdi_desktop.phases.sampling.service import samples

        drawn = [one for one in samples(ledger) if one.seed]
        receivers = tuple(ReceiverView(one.id, one.name, _sample_words(one)) for one in drawn)
        asked = "还没有抽样。先在“抽查”页抽样。" if kind is PackageKind.CHECK_TASK else "还没有收到抽查任务包。"
        why_not = "" if receivers else asked
    return PackKindView(
        kind=kind,
        title=title,
        meaning=_ABOUT[kind],
        carries=_CARRIES[kind],
        above=county if kind in {PackageKind.SUBMISSION, PackageKind.CHECK_RESULT} else "",
        receivers=receivers,
        many=many,
        asks="乡镇" if many else "抽样",
        photos=_photos(ledger, kind, receivers) if kind in _WITH_PHOTOS and not why_not else None,
        team=_TEAM if kind is PackageKind.CHECK_TASK else "",
        why_not=why_not,
    )


def _township(one: DueUnit, kind: PackageKind, handed_in: set[str]) -> ReceiverView:
    told = f"{words.count(one.plots)} 个，{words.mu(one.area)} 亩" if one.plots else "没有图斑"
    if kind is PackageKind.TASK:
        return ReceiverView(one.key, one.name, told, likely=one.plots > 0)
    reported = bool({one.key, one.code, one.name} & handed_in)
    return ReceiverView(one.key, one.name, told if reported else "还没有报来", likely=reported)


def _sample_words(one: SampleLine) -> str:
    return f"抽中 {words.count(one.drawn)} 个，已查 {words.count(one.checked)} 个"


def _photos(ledger: Ledger, kind: PackageKind, receivers: Sequence[ReceiverView]) -> tuple[int, int]:
    from gengdi_desktop.handover import service
    from gengdi_desktop.handover.packages import PackOptions

    return service.weigh(ledger, kind, PackOptions(sample=receivers[0].code if receivers else ""))


def free_room(folder: Path) -> int:
    """Bytes that a disk has left.

    Raises:
        SurroundingsError: It is away.
    """
    from gengdi_desktop.system.files import free_bytes

    return free_bytes(folder)


# -- packing


def pack(ledger: Ledger, wish: PackWish, by: Actor, identity: Identity, progress: Progress) -> PackedAll:
    """Write one package, or one for each receiver; what was written before something went wrong stays.

    Raises:
        RuleError: The first one cannot be packed.
        SurroundingsError: The disk is full or away, and nothing was written.
        Cancelled: The person thought better of it before the first one was written.
    """
    from gengdi_desktop.handover import service

    made: list[PackedView] = []
    changes = Changes()
    orders = _orders(ledger, wish)
    for done, (name, options) in enumerate(orders):
        target = _free_name(wish.folder / service.file_name(ledger, wish.kind, name))
        told = progress if len(orders) == 1 else _counting(progress, done, len(orders))
        try:
            packed = service.pack(ledger, wish.kind, target, by=by, identity=identity, options=options, progress=told)
        except Cancelled:
            if not made:
                raise
            return PackedAll(wish.folder, tuple(made), "停下了，后面的没有打。", changes)
        except GengdiError as error:
            if not made:
                raise
            return PackedAll(wish.folder, tuple(made), f"{name}：{error.message}{error.hint}", changes)
        made.append(packed_view(packed))
        changes = packed.changes
    return PackedAll(wish.folder, tuple(made), changes=changes)


def _counting(progress: Progress, done: int, total: int) -> Progress:
    """Of several packages each counts as one, however large."""

    def told(step: int, of: int) -> None:
        progress(*((done, total) if step or of else (0, 0)))

    return told


def _orders(ledger: Ledger, wish: PackWish) -> list[tuple[str, PackOptions]]:
    """For each file whom it is called after (empty for the desk above), and what it holds."""
    from gengdi_desktop.handover import service
    from gengdi_desktop.handover.packages import PackOptions

    if wish.kind in {PackageKind.TASK, PackageKind.FEEDBACK}:
        names = {one.key: one.name for one in service.units_due(ledger)}
        return [(names.get(code, code), PackOptions(unit_code=code, photos=wish.photos)) for code in wish.receivers]
    sample = wish.receivers[0] if wish.receivers else ""
    return [(wish.team, PackOptions(sample=sample, photos=wish.photos, team=wish.team))]


def _free_name(wanted: Path) -> Path:
    """The name, or the next that no file of its folder has: nothing is written over."""
    found, number = wanted, 1
    while found.exists():
        number += 1
        found = wanted.with_name(f"{wanted.stem}（{number}）{wanted.suffix}")
    return found


def packed_view(one: Packed) -> PackedView:
    """What was written, in words, with what the package is still without."""
    told = [one.unchecked_told.rstrip("。")] if one.unchecked else []
    if one.left_out:
        told.append(f"{words.count(len(one.left_out))} 张照片没有带，下一个包再带")
    if one.missing:
        told.append(f"{words.count(len(one.missing))} 个文件台账里找不到了：{words.some_of(one.missing, '个文件')}")
    return PackedView(one.file.name, one.receiver, one.size, one.sha256, "；".join(told))
