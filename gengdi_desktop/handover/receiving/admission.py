"""Whether a package may come in at all: for us, for this campaign, from somebody we believe, newer than the last."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.domain.divisions import UnitKind, organ_name
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import CampaignName, Heading, Party
from gengdi_desktop.handover.receiving.proof import Proof, ProofKind
from gengdi_desktop.handover.receiving.succession import in_force
from gengdi_desktop.handover.travelling import WAYS
from gengdi_desktop.storage.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.succession import Taken
    from gengdi_desktop.ledger.handle import LedgerInfo
    from gengdi_desktop.signing.certificates import Certificate

NOTHING_LOST: Final = "没有收下，台账没有变。"
_YEAR: Final = re.compile(r"20\d\d")
_MOST_TOLD: Final = 5


class Freshness(StrEnum):
    """How a package stands to those that the same desk sent before."""

    NEW = "new"
    AGAIN = "again"
    """The very same package was taken in already."""
    OLDER = "older"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"new": "新的", "again": "已经收过", "older": "比收过的旧"}[self.value]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a package cannot be taken in.

    Attributes:
        code: For programs.
        message: What is the matter, and that nothing was lost.
        hint: What to do.
        with_reason: Whether it can be taken in all the same by somebody who says why.
    """

    code: str
    message: str
    hint: str
    with_reason: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """What this ledger knows, as far as admission asks; ``units`` are the townships of its county."""

    info: LedgerInfo
    units: CountyUnits
    campaign: CampaignName | None
    other_ledger: bool


def freshness(one: Taken, taken: Collection[Taken], shown: Proof | None = None) -> Freshness:
    """How a package stands to all that its sender's ledger sent before.

    One whose journal tells another story than was reported is no older part of that story: it is told by its proof.
    """
    if any(other.id == one.id for other in taken):
        return Freshness.AGAIN
    if shown is not None and shown.kind is ProofKind.REWRITTEN:
        return Freshness.NEW
    return Freshness.OLDER if any(other.replaces(one) for other in in_force(taken)) else Freshness.NEW


def older_problem(heading: Heading, one: Taken, taken: Collection[Taken], *, proven: bool) -> Problem:
    """What speaks against an older package.

    Args:
        heading: What it says of itself.
        one: The same, as it is compared.
        taken: What its sender's ledger sent before.
        proven: Whether its last entry is one that was reported, so that it can be nothing but older. Else the sender
            may have been set back to a copy, and only a person can ask.
    """
    newest = max(other.number for other in in_force(taken) if other.replaces(one))
    what = heading.kind.label
    told = f"这是第 {one.number} 次的{what}，第 {newest} 次的已经收过，{NOTHING_LOST}"
    if one.number == newest:
        told = f"第 {newest} 次的{what}已经收过，这是另一个第 {one.number} 次的，看来更旧，{NOTHING_LOST}"
    if proven:
        return Problem("stale", told, "以最新的为准，这个旧包不用再收。对方恢复过旧备份的，请对方再打一个包。")
    hint = "以最新的为准，旧包不用收。对方恢复过旧备份、这才是最新的，请打电话问清，写明原因后可以收。"
    return Problem("stale", told, hint, with_reason=True)


def problems(heading: Heading, here: Here) -> Iterator[Problem]:
    """What speaks against a package, the weightiest first; who signed it is another question."""
    if heading.sender.ledger == here.info.id:
        yield _problem("own_package", "这个包是本台账自己打的", "请交给收件单位；要收的是对方打的包。")
        return
    yield from _whose(heading, here)
    yield from _which_campaign(heading, here)
    if heading.sample != here.info.sample:
        told = "这个包是样例，本台账是正式台账" if heading.sample else "这个包是正式数据，本台账是样例"
        yield _problem("sample", told, "样例和正式数据不能混在一起，请换对应的台账。")
    if heading.schema > SCHEMA_VERSION:
        yield _problem("schema_newer", "打这个包的程序比本机的新，里面有本机不认识的内容", "请先升级本机的程序再收。")
    if here.other_ledger:
        told = f"{heading.sender.unit}以前是从另一本台账报来的，这次换了台账"
        hint = "请打电话问清是哪一本。确实换了的，写明原因后可以收。"
        yield Problem("other_ledger", f"{told}，{NOTHING_LOST}", hint, with_reason=True)


def _whose(heading: Heading, here: Here) -> Iterator[Problem]:
    info, sender, recipient = here.info, heading.sender, heading.recipient
    senders, recipients = WAYS[heading.kind]
    if info.desk not in recipients or sender.desk not in senders:
        told = f"{heading.kind.label}由{_desks(senders)}发给{_desks(recipients)}，本台账是{Desk(info.desk).label}的"
        yield _problem("wrong_desk", told, "请交给该收的单位，或换一本台账。")
        return
    posing = here.units.asked(sender.unit) or here.units.asked(sender.organ)
    if sender.desk is not Desk.TOWNSHIP and posing is not None and posing.in_table:
        # Who signs for a township must not speak as the county by writing so on the package.
        told = f"包上写着是{sender.desk.label}打的，单位却是{posing.name}"
        yield _problem("desk_unclear", told, "请打电话问清是谁打的，再请对方重新打包。")
        return
    if not _same(sender.county_code, info.county_code, sender.county, info.county):
        yield _problem("other_county", f"这个包是{sender.county}的，本台账是{info.county}的", "请核对是不是拿错了U盘。")
        return
    for_us = recipient.desk == info.desk and _same(recipient.unit_code, info.unit_code, recipient.unit, info.unit)
    if not for_us or recipient.ledger not in {None, info.id}:
        whose = recipient.organ or recipient.unit
        told = f"这个包是发给{whose}的，不是发给{info.organ}的"
        if for_us:
            told = f"这个包是发给{whose}的另一本台账的"
        yield _problem("other_unit", told, "请转交收件单位，或请对方另打一个给本单位的包。")


def _which_campaign(heading: Heading, here: Here) -> Iterator[Problem]:
    theirs, ours = heading.campaign, here.campaign
    if ours is None or (theirs is not None and _same_campaign(theirs, ours)):
        return
    if theirs is None:
        yield _problem("other_campaign", "这个包没有说是哪个专项行动的", "请对方先设好专项行动，再重新打包。")
        return
    told = f"这个包是“{_called(theirs)}”的，本台账是“{_called(ours)}”的"
    if _year_of(theirs) != _year_of(ours):
        yield _problem("other_year", f"年度不对：{told}", "请换那一年的台账再收。")
    else:
        yield _problem("other_campaign", told, "请核对专项行动的名称和文号，或换一本台账。")


def signer_problems(
    heading: Heading,
    signer: Certificate | None,
    struck_off: Collection[str],
    *,
    trusted: bool,
    units: CountyUnits,
) -> Iterator[Problem]:
    """What speaks against whoever signed an intact package; ``units`` are the townships of the county."""
    if signer is None:
        yield _problem("signer_unknown", "看不出这个包是谁签的", "请对方重新打包。")
        return
    groups = signer.fingerprint_groups
    if signer.fingerprint in struck_off:
        told = f"签这个包的证书（{signer.subject}）已经从信任名单里去掉"
        yield _problem("signer_removed", told, "可能是丢失的密钥签的，请打电话问对方；换了新证书的，请对方重新打包。")
        return
    if not trusted:
        told = f"还不认识签这个包的证书（{signer.subject}），指纹 {groups}"
        hint = "请打电话和对方逐组核对指纹，一致的把对方的证书加入信任名单，再收一次。"
        yield _problem("signer_unknown", told, hint)
        return
    sender = heading.sender
    if not _speaks_for(signer.unit, sender, units):
        told = f"包上写的是{sender.organ}，签名的却是{signer.unit}的证书"
        hint = "请打电话向两家问清。确实代签的，写明原因后可以收。"
        yield Problem("signer_other_unit", f"{told}，{NOTHING_LOST}", hint, with_reason=True)


def _speaks_for(unit: str, sender: Party, units: CountyUnits) -> bool:
    """Whether a certificate of some unit is the sender's own; what the package calls its organ proves nothing."""
    if unit == "":
        return True
    if sender.desk is not Desk.TOWNSHIP:
        return unit in {sender.organ, sender.unit}
    meant, said = units.asked(unit), units.unit_of(sender.unit, sender.unit_code)
    if meant is not None:
        return meant == said and unit in {sender.organ, sender.unit}
    return unit in {sender.unit, *(organ_name(sender.unit, kind) for kind in (None, *UnitKind))}


def proof_problems(proof: Proof | None, sender: str) -> Iterator[Problem]:
    """What speaks against the journal of a package."""
    if proof is None:
        return
    if proof.kind is ProofKind.REWRITTEN:
        seqs = [str(one.seq) for one in proof.rewritten[:_MOST_TOLD]]
        more = f"等 {len(proof.rewritten)} 条" if len(proof.rewritten) > _MOST_TOLD else ""
        told = f"{sender}报过的第 {'、'.join(seqs)} 条{more}办理记录被改写或删去"
        hint = "请打电话问清原因。恢复过旧备份等确有理由的，写明原因后可以收。"
        yield Problem("journal_rewritten", f"{told}，{NOTHING_LOST}", hint, with_reason=True)
    elif proof.kind is ProofKind.GAP and proof.missing is not None:
        first, last = proof.missing
        told = f"{sender}第 {first} 到 {last} 条办理记录没有报来，接不上"
        hint = "请对方从头另打一个包，或找到中间的包先收。不能的，写明原因后可以收。"
        yield Problem("journal_gap", f"{told}，{NOTHING_LOST}", hint, with_reason=True)


def _problem(code: str, told: str, hint: str) -> Problem:
    return Problem(code, f"{told}，{NOTHING_LOST}", hint)


def _same(code: str, own_code: str, name: str, own_name: str) -> bool:
    """By code where both have one, else by name."""
    return code == own_code if code and own_code else name == own_name


def _same_campaign(theirs: CampaignName, ours: CampaignName) -> bool:
    return _same(theirs.document_number, ours.document_number, theirs.name, ours.name)


def _called(campaign: CampaignName) -> str:
    return campaign.name or campaign.document_number


def _year_of(campaign: CampaignName) -> str:
    found = _YEAR.search(campaign.name) or _YEAR.search(campaign.document_number)
    return found.group() if found else ""


def _desks(desks: Collection[Desk]) -> str:
    return "或".join(desk.label for desk in Desk if desk in desks)
