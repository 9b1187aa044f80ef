"""Commands on signatures: identity, trust, verify."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE
from gengdi_desktop.cli.targets import require_free
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.certificates import Certificate


def configure_identity(parser: Parser) -> None:
    """LEDGER [--create | --import F.p12 | --export F.cer] [--passphrase-file P]."""
    parser.takes_ledger(writes=True)
    job = parser.add_mutually_exclusive_group()
    job.add_argument("--create", action="store_true", help="在本机新建一个签名身份")
    job.add_argument("--import", dest="source", metavar="F.p12", type=Path, help="导入别处建的身份")
    job.add_argument("--export", dest="target", metavar="F.cer", type=Path, help="把证书写成文件，交给接收方")
    parser.add_argument("--role", metavar="职务", default="", help="新建时写明以什么身份签名，例如 经办人")
    parser.add_argument("--identity", metavar="指纹", help="导出哪一个；本人只有一个时写 --as 就行")
    parser.takes_overwrite()
    parser.add_argument("--passphrase-file", metavar="P", type=Path, help="签名口令在这个文件的第一行")


def configure_trust(parser: Parser) -> None:
    """LEDGER [CERT | PACKAGE | --remove FINGERPRINT]."""
    parser.takes_ledger(writes=True)
    told = "要相信的证书文件，或者对方签名的交换包（.gdpkg）；先和对方核对指纹"
    parser.add_argument("certificate", metavar="CERT", nargs="?", type=Path, help=told)
    parser.add_argument("--remove", metavar="指纹", help="不再相信这个指纹的证书")


def configure_verify(parser: Parser) -> None:
    """FILE [--trust CERT]… [--ledger LEDGER] [--take-out DIR]."""
    parser.add_argument("file", metavar="FILE", type=Path, help="带签名的 PDF，或者交换包（.gdpkg）")
    parser.add_argument(
        "--trust", metavar="CERT", type=Path, action="append", default=[], help="只信这些证书，可以写多次"
    )
    parser.add_argument("--ledger", metavar="LEDGER", type=Path, help="按这本台账的信任名单核对")
    parser.add_argument("--take-out", metavar="DIR", type=Path, help="把装在里面的文件取出到这个文件夹")


def run_identity(context: Context) -> int:
    """Shows, makes, imports or exports the signing identity of this user for the ledger's unit."""
    from gengdi_desktop.signing import identity
    from gengdi_desktop.signing.profile import identities_folder

    values = context.values
    if values.create or values.source:
        return _new_identity(context)
    kept = identity.identities(identities_folder())
    if values.target is None:
        return _tell_identities(context, kept)
    chosen = _chosen(kept, values.identity, values.by)
    require_free([values.target], overwrite=values.overwrite)
    identity.export_certificate(chosen, values.target)
    lines = [f"已写出证书：{values.target}", f"指纹（请念给接收方核对）：{chosen.fingerprint_groups}"]
    context.out.result(_identity(chosen) | {"file": str(values.target)}, lines)
    return DONE


def _new_identity(context: Context) -> int:
    from gengdi_desktop.ledger import trust
    from gengdi_desktop.signing import identity
    from gengdi_desktop.signing.profile import identities_folder

    values = context.values
    with context.writing() as (ledger, by):
        if values.source:
            made = identity.import_p12(identities_folder(), values.source, passphrase=context.passphrase())
        else:
            made = identity.create(
                identities_folder(),
                unit=ledger.info.organ,
                person=by.name,
                role=values.role,
                passphrase=context.passphrase(new=True),
                at=context.clock.now(),
                sample=ledger.info.sample,
            )
        trust.note_own(ledger, made.certificate, by=by)
    word = "已导入" if values.source else "已建立"
    lines = [f"{word}签名身份：{made.certificate.subject}", f"指纹：{made.certificate.fingerprint_groups}"]
    context.out.result(_identity(made.certificate), lines)
    return DONE


def _tell_identities(context: Context, kept: Sequence[Certificate]) -> int:
    newest = _identity(kept[0]) if kept else {"subject": None, "fingerprint": None, "source": None, "not_after": None}
    lines = [f"{one.subject}，{one.not_after.date()}到期\n    指纹 {one.fingerprint_groups}" for one in kept]
    context.out.result(
        newest | {"identities": [_identity(one) for one in kept]},
        lines or ["这台电脑上还没有签名身份。用 --create 新建，或用 --import 导入。"],
    )
    return DONE


def run_trust(context: Context) -> int:
    """Shows or changes whom the ledger trusts."""
    from gengdi_desktop.ledger import trust

    values = context.values
    if values.certificate and values.remove:
        raise UsageError("一次只能增加或去掉一个证书。", "trust")
    if values.certificate or values.remove:
        with context.writing() as (ledger, by):
            if values.remove:
                trust.distrust(ledger, values.remove, by=by)
            else:
                certificate = _certificate_in(context, values.certificate)
                if not context.confirm(
                    f"{certificate.subject}\n指纹 {certificate.fingerprint_groups}\n和对方念的一样吗？"
                ):
                    raise RuleError("not_confirmed", "没有确认指纹，信任名单没有变。", "请打电话和对方核对后再试。")
                trust.trust(ledger, certificate, by=by)
            return _tell_trusted(context, ledger)
    with context.reading() as ledger:
        return _tell_trusted(context, ledger)


def _certificate_in(context: Context, path: Path) -> Certificate:
    """The certificate of a file, or the one with which a package was signed."""
    from gengdi_desktop.exchange.verify import is_package, signer_of
    from gengdi_desktop.signing.trust import read_certificate

    return signer_of(path, now=context.clock.now()) if is_package(path) else read_certificate(path)


def _tell_trusted(context: Context, ledger: Ledger) -> int:
    from gengdi_desktop.ledger import trust

    found = trust.known(ledger)
    data = {"trusted": [_certificate(one.certificate) | {"relation": str(one.relation)} for one in found]}
    lines = [
        f"{one.relation.label}　{one.certificate.subject}\n    指纹 {one.certificate.fingerprint_groups}"
        for one in found
    ]
    context.out.result(data, lines or ["这本台账还没有相信谁的签名。"])
    return DONE


def run_verify(context: Context) -> int:
    """Judges a signed PDF or a package."""
    from gengdi_desktop.exchange.verify import PackageVerdict, verify_file
    from gengdi_desktop.ledger import service, trust
    from gengdi_desktop.signing.taking_out import take_out

    values = context.values
    if values.ledger is not None and not values.trust:
        with service.open_ledger(values.ledger, context.clock, write=False) as ledger:
            believed = trust.trusted_for((), ledger)
    else:
        believed = trust.trusted_for(values.trust)
    judged = verify_file(values.file, believed, now=context.clock.now())
    verdict = judged.verification if isinstance(judged, PackageVerdict) else judged
    if isinstance(judged, PackageVerdict) and values.take_out is not None:
        raise RuleError(
            "take_out_package", "包里的内容要由台账接收，不能取出成文件，没有取出。", "报告的 PDF 才能取出附件。"
        )
    lines = ["签名完好，可以采信。" if verdict.sound else "这份文件不能采信。"]
    for one in verdict.signatures:
        at = one.at.astimezone().strftime("%Y-%m-%d %H:%M") if one.at else "没有写时间"
        state = "内容未改" if one.intact else "内容被改动"
        lines.append(f"{one.label}　{one.signer}　{at}　{state}，{'已信任' if one.trusted else '不在信任名单'}")
    lines += [f"还没有签名：{one.label}" for one in verdict.missing]
    lines += [finding.message for finding in (*verdict.problems, *verdict.notes)]
    told = judged.as_json()
    if isinstance(judged, PackageVerdict) and judged.told is not None:
        lines.insert(1, judged.sentence)
    if values.take_out is not None and verdict.intact:
        taken = take_out(values.file, verdict, values.take_out)
        told["taken_out"] = [str(one) for one in taken]
        lines.append(f"取出了 {len(taken)} 个文件，放在 {values.take_out}")
    elif values.take_out is not None:
        lines.append("签名不成立，里面的文件没有取出。")
    context.out.result(told, lines)
    return verdict.exit_code


def _chosen(kept: Sequence[Certificate], fingerprint: str | None, person: str | None) -> Certificate:
    """The one identity that a fingerprint names, else the one of the person who acts, else the only one."""
    from gengdi_desktop.signing.certificates import normal_fingerprint

    whose = f"{person}的" if person and not fingerprint else ""
    if fingerprint:
        kept = [one for one in kept if one.fingerprint == normal_fingerprint(fingerprint)]
    elif person:
        kept = [one for one in kept if one.person == person]
    if len(kept) == 1:
        return kept[0]
    if not kept:
        hint = "已有的用 gengdi identity 台账 列出；没有就加 --create 新建。"
        raise RuleError("which_identity", f"这台电脑上没有{whose or '这个'}签名身份，没有写出。", hint)
    listed = "；".join(f"{one.person} {one.fingerprint_groups}" for one in kept)
    hint = f"请用 --as 写明是谁的，或用 --identity 写明指纹。有：{listed}。"
    raise RuleError("which_identity", f"这台电脑上有{whose}几个签名身份，不知道写出哪一个，没有写出。", hint)


def _identity(certificate: Certificate) -> dict[str, Any]:
    return _certificate(certificate) | {"source": "file"}


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "subject": certificate.subject,
        "fingerprint": certificate.fingerprint,
        "not_after": certificate.not_after.isoformat(),
        "sample": certificate.sample,
    }
