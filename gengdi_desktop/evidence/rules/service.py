"""The verbs of the evidence rules: which are in force, and the county's own in their place."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING

from gengdi_desktop.domain.evidence import EvidenceRules, evidence_rules
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.campaign_file import OwnRules
from gengdi_desktop.system.resources import resource

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

MAX_BYTES = 256 * 1024


def rules_in_force(ledger: Ledger) -> EvidenceRules:
    """The county's rules where the ledger has some, else those of the program."""
    with ledger.reading() as session:
        own = store.own_rules(session, store.EVIDENCE_RULES)
    return _rules_of_program() if own is None else _read(own)


def set_rules(ledger: Ledger, data: bytes, *, by: Actor) -> Changes:
    """Put the county's own rules in force, as one entry that can be undone.

    Raises:
        RuleError: ``evidence_rules`` (they cannot be read, or ask for what is not known), ``no_campaign``.
    """
    if len(data) > MAX_BYTES:
        raise RuleError("evidence_rules", "文件太大，不像证据规则，没有读入。台账没有变。", "请核对是不是选错了。")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as found:
        raise _unreadable() from found
    rules = _read(text)
    with ledger.begin(Operation.CAMPAIGN, by) as work:
        if not store.set_own_rules(work.session, store.EVIDENCE_RULES, OwnRules(text, rules.version, rules.source)):
            raise RuleError("no_campaign", "还没有设置专项行动，证据规则没有读入。", "请先设置专项行动，再读入规则。")
        return work.commit()


@cache
def _rules_of_program() -> EvidenceRules:
    return evidence_rules(tomllib.loads(resource("rules/evidence.toml").read_text(encoding="utf-8")))


@cache
def _read(text: str) -> EvidenceRules:
    try:
        return evidence_rules(tomllib.loads(text))
    except tomllib.TOMLDecodeError as found:
        raise _unreadable() from found


def _unreadable() -> RuleError:
    return RuleError(
        "evidence_rules",
        "证据规则读不懂：不是 TOML 格式，或者有一行写错了。台账没有变。",
        "请对照程序自带的规则改好后再试。",
    )
