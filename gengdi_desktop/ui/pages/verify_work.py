"""What the page of verification asks in lanes, and its verdict in the words of the manual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.ui.widgets.message import Sign

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.trust import KnownCertificate
    from gengdi_desktop.signing.certificates import Certificate
    from gengdi_desktop.signing.verdict import Attached, SignatureVerdict, Verification

GROUPS_A_LINE: Final = 8


@dataclass(frozen=True)
class Verdict:
    """The verdict block: a sign, what was found, what to do."""

    sign: Sign
    what: str
    more: str


_BY_CODE: Final[tuple[tuple[frozenset[str], Verdict], ...]] = (
    (
        frozenset({"verifier_error", "too_large"}),
        Verdict("stop", "无法验证，不予采信。", "文件可能已经损坏，也可能是有意做坏的。请对方重新发来。"),
    ),
    (
        frozenset({"content_changed", "changed_after_signing", "signature_altered", "field_added"}),
        Verdict("stop", "签名以后被改动过，不能采信。", "您手里的文件没有被程序动过。请对方发原件，或打电话核对。"),
    ),
    (
        frozenset({"unsigned"}),
        Verdict("stop", "没有电子签名。", "可能是打印扫描件，也可能签名被去掉了。请对方发签名的原件。"),
    ),
    (
        frozenset({"certificate_out_of_time", "time_missing"}),
        Verdict("stop", "证书当时不在有效期内。", "请先看两边电脑的日期，再问签名人。"),
    ),
    (
        frozenset({"signer_unknown"}),
        Verdict("warn", "内容没有改过，签名人还不在信任名单里。", "请当面或打电话核对下面的指纹，全部一样再信任。"),
    ),
    (
        frozenset({"incomplete"}),
        Verdict("warn", "还有人没有签名。", "也可能是后面的签名被截掉了。请对方补签，重新发来。"),
    ),
)
_OF_ALL: Final = frozenset().union(*(codes for codes, _verdict in _BY_CODE)) - {"unsigned"}
"""What is said of packages in the words for reports; of all else a package's own sentence knows more."""
_SOUND: Final = Verdict("check", "签名成立，可以收下。", "内容没有改过，该签的人都签了，证书都在信任名单里。")
_ODD: Final = Verdict("stop", "这份文件不能采信。", "请对方重新发来。")


def verdict_of(found: Verification) -> Verdict:
    """The gravest thing that was found, and what to do about it."""
    if found.sound:
        return _SOUND
    codes = {problem.code for problem in found.problems}
    if _is_package(found) and not codes & _OF_ALL:
        return Verdict("stop", "这个包不能采信。", found.problems[0].message)
    return next((verdict for wanted, verdict in _BY_CODE if wanted & codes), _ODD)


def files_of(found: Verification) -> Sequence[Attached]:
    """The files inside that can be taken out; what a package holds goes into a ledger, and may be ten thousands."""
    return () if _is_package(found) else found.attachments


def _is_package(found: Verification) -> bool:
    from gengdi_desktop.signing.verdict import PACKAGE

    return found.kind == PACKAGE


def may_be_trusted(one: SignatureVerdict) -> bool:
    """Whether it is the fingerprint alone that is missing: nobody is to confirm whoever signed an altered file."""
    return one.intact and not one.trusted and one.certificate is not None


def group_lines(fingerprint_groups: str, a_line: int = GROUPS_A_LINE) -> tuple[str, ...]:
    """The sixteen groups in lines, to be read aloud."""
    groups = fingerprint_groups.split(" ")
    return tuple(" ".join(groups[at : at + a_line]) for at in range(0, len(groups), a_line))


def verify(ledger: Ledger, path: Path) -> tuple[Verification, str]:
    """Judge a file by the list of the ledger; beside the verdict what a package says of itself, in one line.

    Raises:
        SurroundingsError: It is not there, or neither a PDF nor a package.
    """
    from gengdi_desktop.exchange.verify import PackageVerdict, verify_file
    from gengdi_desktop.ledger import trust

    found = verify_file(path, trust.trusted_for((), ledger), now=ledger.clock.now())
    return (found.verification, found.sentence) if isinstance(found, PackageVerdict) else (found, "")


def take_out(path: Path, found: Verification, out: Path) -> tuple[Path, ...]:
    """Write the files inside a verified PDF into a folder.

    Raises:
        RuleError: Its content cannot be believed, or it is another by now.
        SurroundingsError: It cannot be read, or the folder not be written.
    """
    from gengdi_desktop.signing import taking_out

    return taking_out.take_out(path, found, out)


def known(ledger: Ledger) -> tuple[KnownCertificate, ...]:
    """Whom the ledger trusts."""
    from gengdi_desktop.ledger import trust

    return trust.known(ledger)


def read_certificate(path: Path) -> Certificate:
    """One certificate file.

    Raises:
        SurroundingsError: It is none.
    """
    from gengdi_desktop.signing import trust

    return trust.read_certificate(path)


def export(certificate: Certificate, target: Path) -> None:
    """Write a certificate, without any key, into a file.

    Raises:
        SurroundingsError: The place cannot be written.
    """
    from gengdi_desktop.signing import identity

    identity.export_certificate(certificate, target)


def trust(ledger: Ledger, certificate: Certificate, by: Actor) -> Changes:
    """Trust a certificate whose fingerprint a person has compared.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.ledger import trust as trusting

    return trusting.trust(ledger, certificate, by=by)


def distrust(ledger: Ledger, fingerprint: str, by: Actor) -> Changes:
    """Trust a certificate no longer.

    Raises:
        RuleError: Nobody trusts it.
    """
    from gengdi_desktop.ledger import trust as trusting

    return trusting.distrust(ledger, fingerprint, by=by)


def untold(found: Verification) -> Sequence[str]:
    """The sentences that the verdict and the signatures do not say already."""
    said = {"signer_unknown", "incomplete", "unsigned"}
    if _is_package(found):
        said |= {problem.code for problem in found.problems if problem.code not in _OF_ALL}
    problems = [problem.message for problem in found.problems if problem.code not in said]
    return [*dict.fromkeys(problems), *dict.fromkeys(note.message for note in found.notes)]
