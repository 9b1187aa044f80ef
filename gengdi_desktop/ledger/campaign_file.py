"""A campaign as a TOML file: what ``new --campaign`` and ``campaign`` read; the grammar stands in docs/cli.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomli_w

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase, default_phases
from gengdi_desktop.domain.evidence import evidence_rules
from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.domain.triggers import trigger_limits
from gengdi_desktop.errors import RuleError

MAX_BYTES = 256 * 1024
_MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a report: the role as printed (经办人, 分管领导) and the member's name."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class PaperSetting:
    """What one kind of report is sent with; empty texts are left out on paper.

    Attributes:
        kind: Code of the report kind.
        recipient: 主送.
        copy_to: 抄送.
        number_prefix: 机关代字 such as 白府字; the year and the running number follow.
        issued_by: 签发人.
        contact: 联系人.
        contact_phone: The office telephone.
        signers: In the order of signing.
    """

    kind: str
    recipient: str = ""
    copy_to: str = ""
    number_prefix: str = ""
    issued_by: str = ""
    contact: str = ""
    contact_phone: str = ""
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnRules:
    """Rules of the county's own, as they are kept: TOML, with the version and the document that they follow."""

    text: str
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """A campaign with the settings of its papers.

    Attributes:
        campaign: The campaign.
        papers: What its reports are sent with; papers that are not named stay as they are.
        evidence: The county's own evidence rules; None leaves those that are in force.
        limits: From where on units are named; None leaves those that are in force.
    """

    campaign: Campaign
    papers: tuple[PaperSetting, ...] = ()
    evidence: OwnRules | None = None
    limits: OwnRules | None = None

    def paper(self, kind: str) -> PaperSetting:
        """The setting of a kind of report; an empty one where none was made."""
        return next((paper for paper in self.papers if paper.kind == kind), PaperSetting(kind))


def parse_campaign(data: bytes) -> CampaignSettings:
    """Read a campaign file.

    Raises:
        RuleError: ``bad_campaign``: the file is no TOML, or a field is missing, unknown or of the wrong kind; the
            sentence names it.
    """
    if len(data) > MAX_BYTES:
        raise _refused("文件太大，不像专项设置")
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refused("文件不是 TOML 格式，或者有一行写错了") from error
    evidence = _evidence(found.pop("evidence", None))
    limits = _limits(found.pop("limits", None))
    table = _Table(found, "")
    head = table.table("campaign")
    campaign = Campaign(
        name=head.text("name", needed=True),
        document_number=head.text("document_number"),
        issuer=head.text("issuer"),
        issued_on=head.day("issued_on"),
        hard_deadline=head.day("hard_deadline"),
        phases=tuple(_phase(phase) for phase in table.tables("phase")) or default_phases(),
        rules=_rules(table.table("rules")),
        first_responsible=head.text("first_responsible"),
        direct_responsible=head.text("direct_responsible"),
        as_of=head.day("as_of"),
    )
    papers = tuple(_paper(paper) for paper in table.tables("paper"))
    table.finish()
    head.finish()
    _refuse_twice("phase.code", (phase.code for phase in campaign.phases))
    _refuse_twice("paper.kind", (paper.kind for paper in papers))
    return CampaignSettings(campaign, papers, evidence, limits)


def _evidence(found: object) -> OwnRules | None:
    """The section, in the form of ``resources/rules/evidence.toml``, takes the place of the program's as a whole."""
    section = _section(found, "evidence")
    if section is None:
        return None
    try:
        rules = evidence_rules(section)
    except RuleError as error:
        raise _refused(error.message.rstrip("。")) from error
    return OwnRules(tomli_w.dumps(section), rules.version, rules.source)


def _limits(found: object) -> OwnRules | None:
    """The section takes the place of earlier limits as a whole; an empty one takes them away."""
    section = _section(found, "limits")
    if section is None:
        return None
    try:
        limits = trigger_limits(section)
    except RuleError as error:
        raise _refused(error.message.rstrip("。")) from error
    return OwnRules(tomli_w.dumps(section), "", limits.source)


def _section(found: object, name: str) -> dict[str, Any] | None:
    if found is not None and not isinstance(found, dict):
        raise _refused(f"“{name}”要写成一节")
    return found


def _phase(table: _Table) -> Phase:
    phase = Phase(
        code=table.text("code", needed=True),
        name=table.text("name", needed=True),
        window_start=table.day("window_start"),
        window_end=table.day("window_end"),
        hard_deadline=table.day("hard_deadline"),
        document_number=table.text("document_number"),
    )
    table.finish()
    if phase.window_start and phase.window_end and phase.window_end < phase.window_start:
        raise _refused(f"阶段“{phase.name}”的结束日期早于开始日期")
    return phase


def _rules(table: _Table) -> CampaignRules:
    usual = CampaignRules()
    rules = CampaignRules(
        done_rule=table.choice("done_rule", usual.done_rule),
        close_rule=table.choice("close_rule", usual.close_rule),
        warning_days=table.number("warning_days", usual.warning_days),
        zero_tolerance_after=table.day("zero_tolerance_after") or usual.zero_tolerance_after,
    )
    table.finish()
    return rules


def _paper(table: _Table) -> PaperSetting:
    paper = PaperSetting(
        kind=table.text("kind", needed=True),
        recipient=table.text("recipient"),
        copy_to=table.text("copy_to"),
        number_prefix=table.text("number_prefix"),
        issued_by=table.text("issued_by"),
        contact=table.text("contact"),
        contact_phone=table.text("contact_phone"),
        signers=tuple(_signer(signer) for signer in table.tables("signer")),
    )
    table.finish()
    return paper


def _signer(table: _Table) -> Signer:
    signer = Signer(table.text("role", needed=True), table.text("name", needed=True))
    table.finish()
    return signer


def _refuse_twice(name: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise _refused(f"“{name}”里“{code}”写了两次")
        seen.add(code)


class _Table:
    """One TOML table, read field by field, so that what nobody read can be named."""

    def __init__(self, values: Mapping[str, Any], path: str) -> None:
        self._values = dict(values)
        self._path = path

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self._values.pop(key, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            raise _refused(f"“{self._name(key)}”要写成文字")
        return value.strip()

    def day(self, key: str) -> date | None:
        value = self._values.pop(key, None)
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise _refused(f"“{self._name(key)}”不是日期，要写成 2023-08-20") from error

    def number(self, key: str, usual: int) -> int:
        value = self._values.pop(key, usual)
        if type(value) is not int or not 0 <= value <= _MOST_DAYS:
            raise _refused(f"“{self._name(key)}”要写成 0 到 {_MOST_DAYS} 的整数")
        return value

    def choice(self, key: str, usual: DoneRule) -> DoneRule:
        value = self._values.pop(key, usual.value)
        if value not in tuple(DoneRule):
            raise _refused(f"“{self._name(key)}”只能是 {'、'.join(DoneRule)}")
        return DoneRule(value)

    def table(self, key: str) -> _Table:
        value = self._values.pop(key, {})
        if not isinstance(value, dict):
            raise _refused(f"“{self._name(key)}”要写成一节")
        return _Table(value, self._name(key))

    def tables(self, key: str) -> list[_Table]:
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise _refused(f"“{self._name(key)}”要写成 [[{key}]] 的列表")
        return [_Table(one, self._name(key)) for one in value]

    def finish(self) -> None:
        """Refuse what is left: a misspelled field must not be lost silently."""
        if self._values:
            raise _refused(f"不认识“{self._name(next(iter(self._values)))}”这一项")

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _refused(what: str) -> RuleError:
    return RuleError("bad_campaign", f"专项设置文件没有读入：{what}。台账没有变。", "请对照样例改好后再试。")
