"""Commands on a ledger as a whole: new, member, campaign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, table
from gengdi_desktop.domain.people import Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.system.files import opened

if TYPE_CHECKING:
    from gengdi_desktop.ledger.campaign_file import CampaignSettings
    from gengdi_desktop.ledger.handle import Ledger


_CAMPAIGN_FILE = """

设置文件的写法（只有 name 必须写）：
  [campaign]
  name = "进贤县2023年耕地保护领域突出问题专项整改"
  document_number = "进府办发〔2023〕43号"
  hard_deadline = 2023-08-25

  [[phase]]
  code = "rectification"
  name = "整改阶段"
  window_start = 2023-07-29
  window_end = 2023-08-20

  [[paper]]
  kind = "rectification_letter"
  recipient = "县耕地保护专班"

  [[paper.signer]]
  role = "经办人"
  name = "吴小琴"

  # 县里自己的证据规则写在 [evidence] 里，写法和程序自带的 rules/evidence.toml 一样，整份代替自带的；不写就不变。
"""


def configure_new(parser: Parser) -> None:
    """LEDGER --desk --county --unit --as [--campaign]."""
    parser.takes_ledger()
    parser.takes_choice("--desk", Desk, "这本台账是哪一级的", required=True)
    parser.add_argument("--county", required=True, metavar="县", help="例如 进贤县")
    parser.add_argument("--unit", required=True, metavar="单位", help="例如 白圩乡；县里的台账写县名")
    parser.add_argument("--as", dest="by", required=True, metavar="姓名", help="第一个成员，就是现在建台账的人")
    parser.add_argument("--campaign", metavar="FILE.toml", type=Path, help="专项行动的设置文件")


def run_new(context: Context) -> int:
    """Makes the folder of a new ledger."""
    from gengdi_desktop.ledger import service
    from gengdi_desktop.system.reference import divisions

    values = context.values
    placed = divisions().place(values.county, values.unit)
    new = service.NewLedger(
        desk=values.desk,
        county=placed.county,
        unit=placed.unit,
        member=values.by,
        county_code=placed.county_code,
        unit_code=placed.unit_code,
        unit_kind=placed.unit_kind,
        settings=_settings(values.campaign) if values.campaign else None,
    )
    with service.create_ledger(values.ledger, new, context.clock) as ledger:
        data = {
            "ledger": str(ledger.folder.root),
            "id": ledger.info.id,
            "unit": placed.unit,
            "unit_code": placed.unit_code,
        }
        lines = [
            f"已建立台账：{ledger.folder.root}",
            f"{placed.county}{placed.unit if placed.unit != placed.county else ''}，经办人{values.by}。",
        ]
        if not placed.unit_code:
            lines.append("区划表里没有这个单位，名称照您写的用，请核对有没有写错字。")
        context.out.result(data, lines)
    return DONE


def configure_member(parser: Parser) -> None:
    """LEDGER [--add NAME --role R] [--retire NAME]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("--add", metavar="姓名", help="增加一个成员")
    parser.takes_choice("--role", Role, "增加的成员是")
    parser.add_argument("--retire", metavar="姓名", help="停用一个成员，他办过的记录都在")


def run_member(context: Context) -> int:
    """Shows, adds or retires members."""
    from gengdi_desktop.ledger import service

    values = context.values
    if values.add and not values.role:
        raise UsageError(f"增加成员要写明角色：--role，可以是{_roles()}。", "member")
    if values.add or values.retire:
        with context.writing() as (ledger, by):
            if values.add:
                service.add_member(ledger, values.add, values.role, by=by)
            if values.retire:
                service.retire_member(ledger, values.retire, by=by)
            return _tell_members(context, ledger)
    with context.reading() as ledger:
        return _tell_members(context, ledger)


def _tell_members(context: Context, ledger: Ledger) -> int:
    from gengdi_desktop.ledger import service

    found = service.members(ledger)
    data = {
        "members": [
            {"name": one.name, "role": str(one.role), "title": one.title, "active": one.active} for one in found
        ]
    }
    rows = [(one.name, one.role.label, "在册" if one.active else "已停用") for one in found]
    context.out.result(data, table(("姓名", "角色", "状态"), rows))
    return DONE


def configure_campaign(parser: Parser) -> None:
    """LEDGER [FILE.toml]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("file", metavar="FILE.toml", nargs="?", type=Path, help="要设置的专项行动；不写就只是查看")
    parser.footnote = _CAMPAIGN_FILE


def run_campaign(context: Context) -> int:
    """Shows or sets the campaign."""
    from gengdi_desktop.ledger import service

    if context.values.file is not None:
        settings = _settings(context.values.file)
        with context.writing() as (ledger, by):
            service.set_campaign(ledger, settings, by=by)
            return _tell_campaign(context, ledger)
    with context.reading() as ledger:
        return _tell_campaign(context, ledger)


def _tell_campaign(context: Context, ledger: Ledger) -> int:
    from gengdi_desktop.evidence.rules.service import rules_in_force
    from gengdi_desktop.ledger import service

    settings, evidence = service.campaign_settings(ledger), rules_in_force(ledger)
    campaign = settings.campaign
    if not campaign.name:
        context.out.result({"campaign": None}, ["还没有设置专项行动。"])
        return DONE
    lines = [f"{campaign.name}　{campaign.document_number}"]
    if campaign.as_of:
        lines.append(f"样例台账，固定的今天是 {campaign.as_of.isoformat()}。")
    phases = [
        (phase.name, _day(phase.window_start), _day(phase.window_end), _day(phase.hard_deadline))
        for phase in campaign.phases
    ]
    lines += ["", *table(("阶段", "开始", "结束", "硬期限"), phases), ""]
    rules = campaign.rules
    lines.append(
        f"到“{rules.done_rule.label}”算整改到位，到“{rules.close_rule.label}”可以销号，提前{rules.warning_days}天提醒。"
    )
    lines.append(f"证据规则 {evidence.version} 版，出处：{evidence.source}。")
    for paper in settings.papers:
        signers = "、".join(f"{signer.role}{signer.name}" for signer in paper.signers)
        lines.append(f"{paper.kind}：主送{paper.recipient or '—'}；签名{signers or '—'}。")
    told = campaign_object(settings) | {"evidence": {"version": evidence.version, "source": evidence.source}}
    context.out.result({"campaign": told}, lines)
    return DONE


def campaign_object(settings: CampaignSettings) -> dict[str, Any]:
    """A campaign as JSON: the keys of the campaign file."""
    campaign = settings.campaign
    rules = campaign.rules
    return {
        "name": campaign.name,
        "document_number": campaign.document_number,
        "issuer": campaign.issuer,
        "issued_on": _iso(campaign.issued_on),
        "hard_deadline": _iso(campaign.hard_deadline),
        "as_of": _iso(campaign.as_of),
        "first_responsible": campaign.first_responsible,
        "direct_responsible": campaign.direct_responsible,
        "rules": {
            "done_rule": str(rules.done_rule),
            "close_rule": str(rules.close_rule),
            "warning_days": rules.warning_days,
            "zero_tolerance_after": _iso(rules.zero_tolerance_after),
        },
        "phases": [
            {
                "code": phase.code,
                "name": phase.name,
                "window_start": _iso(phase.window_start),
                "window_end": _iso(phase.window_end),
                "hard_deadline": _iso(phase.hard_deadline),
                "document_number": phase.document_number,
            }
            for phase in campaign.phases
        ],
        "papers": [
            {
                "kind": paper.kind,
                "recipient": paper.recipient,
                "copy_to": paper.copy_to,
                "number_prefix": paper.number_prefix,
                "issued_by": paper.issued_by,
                "contact": paper.contact,
                "contact_phone": paper.contact_phone,
                "signers": [{"role": signer.role, "name": signer.name} for signer in paper.signers],
            }
            for paper in settings.papers
        ],
    }


def _settings(path: Path) -> CampaignSettings:
    from gengdi_desktop.ledger.campaign_file import MAX_BYTES, parse_campaign

    with opened(path) as stream:
        return parse_campaign(stream.read(MAX_BYTES + 1))


def _roles() -> str:
    return "、".join(f"{role}（{role.label}）" for role in Role)


def _iso(day: object) -> str | None:
    return str(day) if day is not None else None


def _day(day: object) -> str:
    return str(day) if day is not None else "—"
