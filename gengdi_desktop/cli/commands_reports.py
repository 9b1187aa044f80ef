"""Commands on documents: report, handin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError, whole_number
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.identities import signing_identity
from gengdi_desktop.cli.output import DONE, table
from gengdi_desktop.cli.targets import report_targets, require_free
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.reports.service import Draft, PaperSettings, PaperSigner, ReportInfo, WrittenFile

_USUAL_ROLES = ("经办人", "分管领导", "审核人")


def configure_report(parser: Parser) -> None:
    """LEDGER (KIND | ID) --out FILE [--freeze] [--sign] [--again|--rebuild] [--number] [--signer]… [--to] [--date]."""
    parser.takes_ledger(writes=True)
    parser.add_argument(
        "what", metavar="KIND|ID", nargs="?", help="报告种类（见 --kinds），或已定稿报告的编号；不写就列出已定稿的"
    )
    parser.add_argument("--kinds", action="store_true", help="列出可以编写的报告")
    parser.add_argument("--out", metavar="FILE", type=Path, help="写到哪个文件；附件写在它旁边")
    parser.takes_overwrite()
    parser.add_argument("--freeze", action="store_true", help="定稿：编号，数字从此不变")
    parser.add_argument("--sign", action="store_true", help="签名；还没定稿的先定稿")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--again", action="store_true", help="取出已定稿的原文件")
    again.add_argument("--rebuild", action="store_true", help="重新生成未签名的文件，核对是否一字不差")
    again.add_argument("--void", action="store_true", help="作废已定稿、没有报送的报告，要写 --reason；文号不再用")
    again.add_argument(
        "--differences",
        metavar="ID",
        nargs="?",
        type=whole_number,
        const=0,
        help="和另一版比，不写就和现在的台账比：哪些数、哪些图斑、哪些文字不一样",
    )
    parser.add_argument("--reason", metavar="原因", default="", help="作废的原因")
    parser.add_argument("--number", metavar="文号", help="发文字号")
    parser.add_argument(
        "--signer",
        dest="signers",
        metavar="姓名",
        action="append",
        default=[],
        help="谁来签名，按顺序；可以写 角色:姓名",
    )
    parser.add_argument("--to", metavar="主送", help="主送机关")
    parser.add_argument("--organ", metavar="机关", help="署名的机关；不写就是本单位，县里的报告按惯例")
    parser.add_argument("--sample", metavar="抽样号", default="", help="写哪一次抽查；不写就是最近一次有结果的")
    parser.takes_date("成文日期，不写就是今天")
    parser.add_argument("--identity", metavar="指纹", help="用哪个签名身份；本人只有一个时不用写")
    parser.add_argument("--passphrase-file", metavar="P", type=Path, help="签名口令在这个文件的第一行")


def configure_handin(parser: Parser) -> None:
    """LEDGER ID --to --medium [--at] [--receipt FILE] [--note]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("id", metavar="ID", type=whole_number, help="已定稿报告的编号")
    parser.add_argument("--to", required=True, metavar="单位", help="送给谁")
    parser.add_argument("--medium", required=True, metavar="方式", help="怎样送的，例如 U盘、纸质、政务内网")
    parser.add_argument("--at", metavar="时间", help="什么时候送的，例如 2023-08-20T17:30；不写就是现在")
    parser.add_argument("--receipt", metavar="FILE", type=Path, help="回执，或盖章页的扫描件")
    parser.add_argument("--note", metavar="说明", default="", help="说明")


def run_report(context: Context) -> int:
    """Lists, composes, freezes, signs and hands out reports."""
    values = context.values
    if values.kinds:
        return _tell_kinds(context)
    if values.what is None:
        return _tell_reports(context)
    if values.what.isdecimal():
        return _frozen(context, int(values.what))
    if values.again or values.rebuild or values.void or values.differences is not None:
        told = "--again、--rebuild、--void 和 --differences 用在已定稿的报告上，要写报告的编号。"
        raise UsageError(told, "report")
    if values.freeze or values.sign:
        return _freeze(context)
    return _draft(context)


def run_handin(context: Context) -> int:
    """Records that a frozen report went up."""
    from gengdi_desktop.reports.service import hand_in

    values = context.values
    moment = _moment(values.at) if values.at else None
    with context.writing() as (ledger, by):
        key = hand_in(
            ledger,
            values.id,
            to=values.to,
            medium=values.medium,
            by=by,
            at=moment,
            receipt=values.receipt,
            note=values.note,
        )
    context.out.result({"id": key, "report": values.id}, [f"已记下报送：{values.to}，{values.medium}。"])
    return DONE


def _tell_kinds(context: Context) -> int:
    from gengdi_desktop.reports.service import kinds

    with context.reading() as ledger:
        found = kinds(ledger)
    data = {
        "kinds": [
            {"kind": one.code, "label": one.label, "form": one.form, "needs_number": one.needs_number} for one in found
        ]
    }
    rows = [(one.code, one.label, one.form, "要文号" if one.needs_number else "") for one in found]
    context.out.result(data, table(("种类", "名称", "样式", ""), rows))
    return DONE


def _tell_reports(context: Context) -> int:
    from gengdi_desktop.reports.service import reports

    with context.reading() as ledger:
        found = reports(ledger)
    rows = [(str(one.id), one.title, one.number, _state_told(one), one.day.isoformat()) for one in found]
    lines = table(("编号", "标题", "文号", "状态", "成文日期"), rows) if rows else ["还没有定稿的报告。"]
    context.out.result({"reports": [one.as_json() for one in found]}, lines)
    return DONE


def _state_told(info: ReportInfo) -> str:
    """How far it has come; of a voided one also why it was voided."""
    return f"{info.state_words}（{info.voiding.reason}）" if info.voiding else info.state_words


def _draft(context: Context) -> int:
    from gengdi_desktop.reports.service import compose, render_draft, write_beside

    out = _out(context)
    with context.reading() as ledger:
        draft = compose(ledger, context.values.what, _settings(context, ledger))
        _require_free(context, draft.file_stem, table=not draft.kind.form)
        made = render_draft(draft, context.out.progress("生成"))
    written = write_beside([(file.role, file.name, file.data) for file in made.files], out)
    data = _draft_object(draft, written) | {"pages": made.files[0].pages, "font_sentences": list(made.font_sentences)}
    lines = ["草稿，没有编号，不能报送。", *_files(written), *_fonts(made.font_sentences)]
    context.out.result(data, lines)
    return DONE


def _freeze(context: Context) -> int:
    from gengdi_desktop.reports.service import compose, freeze, proposed_number, sign

    values = context.values
    with context.writing() as (ledger, by):
        settings = _settings(context, ledger)
        if not settings.number:
            settings = replace(settings, number=proposed_number(ledger, settings))
        # Whatever keeps the signature from being made is found before anything is frozen.
        identity = None
        if values.sign:
            _require_signer(by, settings.signers)
            identity = signing_identity(context, ledger, by)
        if values.out is not None:
            planned = compose(ledger, values.what, settings, draft=False)
            _require_free(context, planned.file_stem, table=not planned.kind.form)
        info = freeze(ledger, values.what, settings, by=by, progress=context.out.progress("生成"))
        if identity is not None:
            info = sign(ledger, info.id, identity=identity, by=by)
        return _tell_frozen(context, ledger, info)


def _frozen(context: Context, report_id: int) -> int:
    from gengdi_desktop.reports import service

    values = context.values
    if values.void:
        return _void(context, report_id)
    if values.differences is not None:
        return _differences(context, report_id)
    if values.sign:
        with context.writing() as (ledger, by):
            info = service.report(ledger, report_id)
            _require_free_or_kept(context, info)
            service.field_for(info, by.name)
            identity = signing_identity(context, ledger, by)
            return _tell_frozen(context, ledger, service.sign(ledger, report_id, identity=identity, by=by))
    with context.reading() as ledger:
        info = service.report(ledger, report_id)
        _require_free_or_kept(context, info)
        if not values.rebuild:
            return _tell_frozen(context, ledger, info)
        same = service.rebuild(ledger, report_id)
        out = values.out
        made = [(one.role, one.name, service.kept_bytes(ledger, one)) for one in same]
        written = service.write_beside(made, out) if out else ()
        lines = [f"重新生成了{len(same)}个文件，和定稿时一字不差。", *_files(written)]
        context.out.result(info.as_json(written) | {"rebuilt": [one.name for one in same]}, lines)
        return DONE


def _void(context: Context, report_id: int) -> int:
    from gengdi_desktop.reports import service

    with context.writing() as (ledger, by):
        service.void(ledger, report_id, reason=context.values.reason, by=by)
        info = service.report(ledger, report_id)
    told = f"已作废：{info.title}　{info.number}　第{info.version}版。原文件都留着，文号不再用在别的报告上。"
    context.out.result(info.as_json(), [told])
    return DONE


def _differences(context: Context, report_id: int) -> int:
    """The figures with their plots, the plots with what differs, the words with old and new."""
    from gengdi_desktop.reports import service

    with context.reading() as ledger:
        found = service.differences(
            ledger, report_id, context.values.differences or None, progress=context.out.progress("比对")
        )
    names = {one.id: one.name for one in found.plots}
    lines = [f"{found.old} 和 {found.new}："]
    for figure in found.figures:
        behind = f"（{'、'.join(names[one] for one in figure.plots)}）" if figure.plots else ""
        lines.append(f"  {figure.name}　{figure.old} → {figure.new}{behind}")
    lines += [f"  {one.name}　{one.sentence}" for one in found.plots]
    for words in found.words:
        lines += [f"  {words.place}", f"    原来：{words.old or '（没有）'}", f"    现在：{words.new or '（没有）'}"]
    context.out.result(found.as_json(), lines if not found.nothing else [*lines, "  没有差别。"])
    return DONE


def _require_free(context: Context, own_stem: str, *, table: bool, kept: Collection[str] = ()) -> None:
    values = context.values
    if values.out is not None:
        require_free(report_targets(values.out, own_stem, table=table), overwrite=values.overwrite, kept=kept)


def _require_free_or_kept(context: Context, info: ReportInfo) -> None:
    """The next signer may write over what the first one handed out: the ledger keeps both."""
    kept = frozenset(one.sha256 for one in info.files)
    _require_free(context, Path(info.main.name).stem, table=not info.form, kept=kept)


def _tell_frozen(context: Context, ledger: Ledger, info: ReportInfo) -> int:
    from gengdi_desktop.reports.service import files

    written = files(ledger, info.id, context.values.out) if context.values.out else ()
    lines = [f"{info.title}　{info.number}　第{info.version}版，编号{info.id}，{_state_told(info)}。"]
    if info.signed_by:
        lines.append(f"已签名：{'、'.join(info.signed_by)}。")
    if info.unsigned:
        lines.append(f"还差签名：{'、'.join(one.label for one in info.unsigned)}。")
    told = [one.sentence for one in info.fonts]
    data = info.as_json(written) | {"font_sentences": told}
    context.out.result(data, [*lines, *_files(written), *(_fonts(told) if written else ())])
    return DONE


def _settings(context: Context, ledger: Ledger) -> PaperSettings:
    """What the campaign says of the paper, with what the command line says otherwise."""
    from gengdi_desktop.reports.service import settings_of

    values = context.values
    settings = settings_of(ledger, values.what)
    return replace(
        settings,
        recipient=values.to or settings.recipient,
        organ=values.organ or settings.organ,
        sample=values.sample,
        number=values.number or "",
        day=values.date or settings.day,
        signers=tuple(_signer(one, place, settings) for place, one in enumerate(values.signers)) or settings.signers,
    )


def _signer(said: str, place: int, settings: PaperSettings) -> PaperSigner:
    """``角色:姓名``, or a name whose role the campaign knows, else the usual role of that place."""
    from gengdi_desktop.reports.service import PaperSigner

    role, mark, name = said.replace("：", ":").partition(":")
    if mark:
        return PaperSigner(role.strip(), name.strip())
    known = next((one.role for one in settings.signers if one.name == said), None)
    return PaperSigner(known or _USUAL_ROLES[min(place, len(_USUAL_ROLES) - 1)], said.strip())


def _require_signer(by: Actor, signers: Sequence[PaperSigner]) -> None:
    """Refuse to freeze for a signature that the paper will have no field for."""
    if not signers:
        raise RuleError("no_fields", "这份报告还没有设签名人，没有定稿，也没有签名。", "请先写明谁来签名。")
    if not any(one.name in {by.name, ""} for one in signers):
        listed = "、".join(f"{one.role}{one.name}" for one in signers)
        told = f"这份报告的签名人里没有{by.name}，没有定稿，也没有签名。"
        raise RuleError("not_a_signer", told, f"签名人是：{listed}。")


def _draft_object(draft: Draft, written: Sequence[WrittenFile]) -> dict[str, Any]:
    return {
        "id": None,
        "number": draft.settings.number,
        "version": None,
        "state": "draft",
        "kind": draft.kind.code,
        "title": draft.paper.title_text,
        "files": [one.as_json() for one in written],
        "signed_by": [],
        "unsigned_fields": [f"{one.role}（{one.name}）" if one.name else one.role for one in draft.settings.signers],
        "journal_head": {"seq": draft.snapshot.head_seq, "hash": draft.snapshot.head_hash},
    }


def _files(written: Sequence[WrittenFile]) -> list[str]:
    return [f"{one.role.label}：{one.path}" for one in written]


def _fonts(sentences: Iterable[str]) -> list[str]:
    """Which fonts drew the paper: a county may ask for its own."""
    return [f"字体　{one}" for one in sentences]


def _out(context: Context) -> Path:
    out: Path | None = context.values.out
    if out is None:
        raise UsageError("还没有写报告放在哪里：--out 文件名.pdf。", "report")
    return out


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise UsageError(f"“{text}”不是时间，请写成 2023-08-20T17:30 这样。", "handin") from error
