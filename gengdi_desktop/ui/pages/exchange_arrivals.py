"""What a package says and what two desks disagree about, in words; trusting, taking in and deciding, in lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ui import words
from gengdi_desktop.ui.pages.exchange_view import (
    UNKNOWN_SIGNER,
    ArrivalView,
    ComparedRow,
    ConflictView,
    SaidGroup,
    SaidRow,
)
from gengdi_desktop.ui.widgets.message import Sign

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.exchange.manifest import Heading
    from gengdi_desktop.handover.service import Arrival, Conflict, Proof
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.certificates import Certificate

Progress = Callable[[int, int], None]
_NOT_LOOKED: Final = "包里的图斑没有往下看，台账不会变。"
_MOST_ROWS: Final = 500
_MOST_REWRITTEN: Final = 8
_NOBODY: Final = "办理记录里查不到是谁写的"


@dataclass(frozen=True)
class ReceivedView:
    """What taking a package in did, in sentences; ``conflicts`` are to be decided."""

    changes: Changes
    what: str
    more: str
    conflicts: int


def read_arrival(ledger: Ledger, path: Path, today: date, progress: Progress) -> ArrivalView:
    """Look at a package; writes nothing.

    Raises:
        RuleError: It is not intact.
        SurroundingsError: It is no package, or the disk failed.
    """
    from gengdi_desktop.handover import service

    return arrival_view(service.arrival(ledger, path, progress=progress), path, today)


def arrival_view(found: Arrival, path: Path, today: date) -> ArrivalView:
    """What a package says, in words."""
    heading = found.heading
    fatal = [one for one in found.problems if one.code != UNKNOWN_SIGNER and not one.with_reason]
    stranger = not fatal and any(one.code == UNKNOWN_SIGNER for one in found.problems)
    again = found.freshness == "again"
    sign, more, why_not = _verdict(found, stranger=stranger, again=again)
    proof_sign, proof, rewritten = _proof(found.proof, today)
    groups = tuple(_groups(found)) if found.looked else ()
    return ArrivalView(
        path=path,
        sign=sign,
        what=f"{_sent(heading)}，{words.moment(heading.created, today)} 打的（对方电脑的时间）。",
        more=more,
        facts=_facts(found),
        proof_sign=proof_sign,
        proof=proof,
        rewritten=rewritten,
        certificate=found.certificate if stranger else None,
        groups=groups,
        nothing=_nothing(found, groups) if found.looked else _NOT_LOOKED,
        verb="照收" if found.needs_reason else "收下",
        may_take=not again and (found.welcome or found.needs_reason),
        why_not=why_not,
        asks_reason=found.needs_reason,
    )


def _sent(heading: Heading) -> str:
    return f"{heading.sender.organ or heading.sender.unit}的{heading.kind.numbered(heading.number)}"


def _verdict(found: Arrival, *, stranger: bool, again: bool) -> tuple[Sign, str, str]:
    """The sign, what follows, and why the button waits."""
    if again:
        return "info", "这个包已经收过，再收一次台账也不变。", "已经收过，不用再收。"
    if stranger:
        told = "包没有被动过，但是打包的人还不在信任名单里。先打电话核对指纹，一致了再收。"
        return "warn", told, "先核对指纹，信任打包的人，再收。"
    if found.problems:
        first = found.problems[0]
        why = "" if found.needs_reason else "这个包不能收。"
        return "warn" if found.needs_reason else "stop", f"{first.message}{first.hint}", why
    return "check", "没有被动过，打包的人认得。收下前先看下面；现在台账还没有变。", ""


def _facts(found: Arrival) -> tuple[tuple[str, str], ...]:
    heading = found.heading
    sender, to, campaign = heading.sender, heading.recipient, heading.campaign
    named = "，".join(filter(None, (campaign.name, campaign.document_number))) if campaign is not None else ""
    plots = found.new + found.changed + found.same
    return (
        ("来自", f"{sender.organ or sender.unit}（{sender.desk.label}的台账）"),
        ("打包人", _signer(found)),
        ("发给", to.organ or to.unit),
        ("专项", named or "没有写"),
        ("装着", _holds(found, plots)),
    )


def _holds(found: Arrival, plots: int) -> str:
    if found.stated_plots is not None:
        return f"写明 {words.count(found.stated_plots)} 个图斑，没有往下看"
    return f"{words.count(plots)} 个图斑" if found.looked else "没有往下看"


def _signer(found: Arrival) -> str:
    """Who signed, without the unit that is named above anyway, and how long the certificate holds."""
    certificate, sender = found.certificate, found.heading.sender
    if certificate is None:
        return found.signer or "看不出是谁"
    own = certificate.unit in {sender.organ, sender.unit} and not certificate.sample
    role = f"（{certificate.role}）" if certificate.role else ""
    who = f"{certificate.person}{role}" if own else certificate.subject
    return f"{who}，证书到 {words.day(certificate.not_after.astimezone().date())}"


def _proof(proof: Proof | None, today: date) -> tuple[Sign, str, tuple[str, ...]]:
    """How the sender's journal hangs together with what it reported before."""
    if proof is None:
        return "info", "这种包不带办理记录。", ()
    kind = proof.kind.value
    if kind == "first":
        told = f"对方第一次报来，办理记录到第 {words.count(proof.head_seq)} 条，前后连得上。"
        return "check", told, ()
    if kind == "contained":
        carried = words.count(proof.head_seq - proof.since_seq)
        whence = f"接着第 {words.count(proof.since_seq)} 条" if proof.since_seq else "从头"
        return "check", f"{whence}带来 {carried} 条办理记录，以前报过的都在，一条没有改写。", ()
    if proof.missing is not None:
        first, last = proof.missing
        return "warn", f"第 {words.count(first)} 到 {words.count(last)} 条办理记录没有报来，中间接不上。", ()
    lines = [
        f"第 {words.count(one.seq)} 条，{words.moment(datetime.fromisoformat(one.at), today)}，{one.actor}，"
        f"{_action(one.action)}"
        for one in proof.rewritten[:_MOST_REWRITTEN]
    ]
    if len(proof.rewritten) > _MOST_REWRITTEN:
        lines.append(f"还有 {words.count(len(proof.rewritten) - _MOST_REWRITTEN)} 条")
    return "stop", f"以前报来的记录里，有 {words.count(len(proof.rewritten))} 条被改写或删去了：", tuple(lines)


def _action(code: str) -> str:
    return next((one.label for one in Operation if one.value == code), "别的动作")


# -- what taking in would do


def _groups(found: Arrival) -> Iterator[SaidGroup]:
    """The counts that are not zero, in the order of what happens to plots, then what is wrong."""
    gone = (
        *(SaidRow(one.name, "", "", "对方已经没有这个图斑，跟着删去。", one.plot) for one in found.deleted_plots),
        *(SaidRow(one.name, "", "", one.message, one.plot or "") for one in found.kept),
    )
    every = (
        SaidGroup(
            "new", "新增", found.new, "个图斑", "本台还没有的图斑，收下后就有了。",
            tuple(SaidRow(one.name) for one in found.new_plots[:_MOST_ROWS]),
        ),
        SaidGroup(
            "changed", "改动", len(found.fields) + found.more_fields, "处",
            (f"{words.count(found.changed)} 个图斑有改动。" if found.changed else "图斑没有改动，改的是别的内容。")
            + "这些只有对方改过，收下后照对方的。",
            tuple(SaidRow(one.name, one.label, one.mine_told, one.theirs_told, one.plot or "")
                  for one in found.fields[:_MOST_ROWS]),
        ),
        SaidGroup(
            "conflicts", "冲突", len(found.conflicts), "处",
            "两边都改过，又不一样。本台的先留着，收下后到“冲突”里定用哪个。",
            tuple(SaidRow(one.name, one.label, one.mine_told, one.theirs_told, one.plot or "")
                  for one in found.conflicts[:_MOST_ROWS]),
            "soil",
        ),
        SaidGroup(
            "deleted", "不再有", len(gone), "个",
            "对方已经删掉的。本台没有动过的跟着删，办理过的留着。", gone[:_MOST_ROWS],
        ),
        SaidGroup(
            "photos", "缺照片", len(found.missing_photos), "张", "图斑上写着、但是包里和本台都没有的照片。",
            tuple(SaidRow(one.name, one.file_name, plot=one.plot) for one in found.missing_photos[:_MOST_ROWS]), "soil",
        ),
        SaidGroup(
            "refused", "不收", len(found.refused), "处", "这种包不该带来的，按名列出，别的照收。",
            tuple(SaidRow(one.name, "", "", one.message, one.plot or "") for one in found.refused[:_MOST_ROWS]), "seal",
        ),
    )  # fmt: skip
    for one in every:
        if one.count:
            yield one if one.count <= len(one.rows) else _short(one)


def _short(one: SaidGroup) -> SaidGroup:
    return SaidGroup(one.code, one.word, one.count, one.unit, one.told, one.rows, one.tone, one.count - len(one.rows))


_ABSENT: Final = (("conflicts", "冲突"), ("photos", "缺的照片"), ("refused", "不收的"))


def _nothing(found: Arrival, groups: Sequence[SaidGroup]) -> str:
    there = {one.code for one in groups}
    absent = "、".join(word for code, word in _ABSENT if code not in there)
    same = f"{words.count(found.same)} 个图斑没有变化。" if found.same else ""
    return f"{same}没有{absent}。" if absent else same


# -- doing


def trust(ledger: Ledger, certificate: Certificate, by: Actor) -> Changes:
    """Trust a certificate whose fingerprint a person has compared.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.ledger import trust as trusting

    return trusting.trust(ledger, certificate, by=by)


def receive(ledger: Ledger, path: Path, by: Actor, reason: str, progress: Progress) -> ReceivedView:
    """Take a package in: one entry after a safety copy.

    Raises:
        RuleError: Something speaks against it.
        SurroundingsError: The disk failed; nothing was written.
    """
    from gengdi_desktop.handover import service

    taken = service.receive(ledger, path, by=by, reason=reason or None, progress=progress)
    found = taken.arrival
    sent = _sent(found.heading)
    if taken.changes.nothing:
        return ReceivedView(taken.changes, f"{sent}以前就收过，台账没有变。", "", 0)
    told = (
        (found.new, "新增 {} 个图斑"),
        (found.changed, "改了 {} 个图斑"),
        (found.deleted, "删去 {} 个图斑"),
        (len(found.missing_photos), "缺 {} 张照片"),
        (len(found.refused), "{} 处没有收"),
        (len(found.conflicts), "{} 处两边不一样，等您定"),
    )
    more = "，".join(words_.format(words.count(many)) for many, words_ in told if many) or "图斑没有变化"
    return ReceivedView(taken.changes, f"收下了{sent}。", f"{more}。", len(found.conflicts))


# -- conflicts


def read_conflicts(ledger: Ledger, today: date) -> tuple[ConflictView, ...]:
    """All conflicts that ever were, oldest first."""
    from gengdi_desktop.handover import service

    return tuple(conflict_view(one, today) for one in service.conflicts(ledger, open_only=False))


def conflict_view(one: Conflict, today: date) -> ConflictView:
    """A conflict in words: the values side by side, and below each who wrote it and when."""
    hand, packed = one.hand, datetime.fromisoformat(one.packed) if one.packed else None
    wrote = datetime.fromisoformat(hand.at) if hand is not None else None
    mine, theirs = (hand.actor if hand is not None else _NOBODY), one.sender
    return ConflictView(
        id=one.id,
        plot=one.plot or "",
        name=one.name,
        what=one.label,
        mine_hand=_hand(mine, wrote, today) if hand is not None else "查不到",
        theirs_hand=_hand(theirs, packed, today),
        source=f"{one.sender}的{one.package_told}" if one.package_told else one.sender,
        rows=(ComparedRow(one.label, one.base, one.mine, one.theirs),),
        mine_by=_wrote(mine, wrote, f"{hand.action}（办理记录第 {words.count(hand.entry)} 条）" if hand else "", today),
        theirs_by=_wrote(theirs, packed, f"打的{one.package_told}" if one.package_told else "", today),
        decided=_decided(one, today),
        reason=one.reason,
    )


def _hand(who: str, at: datetime | None, today: date) -> str:
    """Whom to ask, short enough for a list."""
    return f"{who} {words.short_day(at.astimezone().date(), today)}" if at is not None else who


def _wrote(who: str, at: datetime | None, deed: str, today: date) -> str:
    return f"{who}，{words.moment(at, today)} {deed}".rstrip() if at is not None else who


def _decided(one: Conflict, today: date) -> str:
    status = one.status.value
    if status == "open":
        return ""
    if status == "decided":
        on = words.short_day(date.fromisoformat(one.decided_on), today) if one.decided_on else ""
        return "，".join(filter(None, (f"用{'对方' if one.decision == 'theirs' else '本台'}的", one.decided_by, on)))
    return "两边后来一样了" if status == "settled" else "对方又改过，另有一处"


def decide(ledger: Ledger, conflicts: Sequence[int], choice: str, reason: str, by: Actor) -> Changes:
    """Say whose value holds in all of them.

    Raises:
        RuleError: One is decided already, or its row is gone.
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.handover import service

    return service.decide(ledger, conflicts, choice, by=by, reason=reason)
