"""A campaign as a TOML file: everything comes in, and every slip is told by name in one Chinese sentence."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest
import tomli_w

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase, default_phases
from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.campaign_file import MAX_BYTES, CampaignSettings, PaperSetting, Signer, parse_campaign
from gengdi_desktop.system.resources import resource

WHOLE = """
[campaign]
name = "2023年耕地保护领域突出问题专项整改"
document_number = "进自然资发〔2023〕7号"
issuer = "进贤县自然资源局"
issued_on = 2023-07-20
hard_deadline = "2023-09-30"
first_responsible = "书记"
direct_responsible = "副乡长"
as_of = 2023-08-20

[rules]
done_rule = "county_accepted"
close_rule = "accepted"
warning_days = 5
zero_tolerance_after = 2020-07-04

[[phase]]
code = "self_check"
name = "自查阶段"
window_start = 2023-07-20
window_end = 2023-07-20
hard_deadline = 2023-07-31
document_number = "一号"

[[phase]]
code = "own"
name = "自定阶段"

[[paper]]
kind = "self_check"
recipient = "进贤县自然资源局"
copy_to = "县府办"
number_prefix = "白府字"
issued_by = "书记"
contact = "王秀英"
contact_phone = "0791-85000000"
[[paper.signer]]
role = "经办人"
name = "王秀英"
[[paper.signer]]
role = "分管领导"
name = "李建国"
"""
SETTINGS = CampaignSettings(
    Campaign(
        name="2023年耕地保护领域突出问题专项整改",
        document_number="进自然资发〔2023〕7号",
        issuer="进贤县自然资源局",
        issued_on=date(2023, 7, 20),
        hard_deadline=date(2023, 9, 30),
        phases=(
            Phase("self_check", "自查阶段", date(2023, 7, 20), date(2023, 7, 20), date(2023, 7, 31), "一号"),
            Phase("own", "自定阶段"),
        ),
        rules=CampaignRules(DoneRule.COUNTY_ACCEPTED, DoneRule.ACCEPTED, 5, date(2020, 7, 4)),
        first_responsible="书记",
        direct_responsible="副乡长",
        as_of=date(2023, 8, 20),
    ),
    (
        PaperSetting(
            "self_check",
            "进贤县自然资源局",
            "县府办",
            "白府字",
            "书记",
            "王秀英",
            "0791-85000000",
            (Signer("经办人", "王秀英"), Signer("分管领导", "李建国")),
        ),
    ),
)


def test_a_whole_file_comes_in() -> None:
    assert parse_campaign(WHOLE.encode()) == SETTINGS


@pytest.mark.parametrize("beginning", [b"", b"\xef\xbb\xbf"])
def test_a_name_is_enough(beginning: bytes) -> None:
    found = parse_campaign(beginning + '[campaign]\nname = " 整改 "\n'.encode())
    assert found == CampaignSettings(Campaign(name="整改", phases=default_phases()))


HEAD = '[campaign]\nname = "整改"\n'
SLIPS: dict[str, tuple[str | bytes, str]] = {
    "no TOML": ("name: 整改", "不是 TOML 格式"),
    "no UTF-8": ("[campaign]\nname = '整改'".encode("gbk"), "不是 TOML 格式"),
    "too big": (b"#" * (MAX_BYTES + 1), "文件太大"),
    "no name": ("[campaign]\n", "“campaign.name”要写成文字"),
    "an empty name": ('[campaign]\nname = " "', "“campaign.name”要写成文字"),
    "a number for a name": ("[campaign]\nname = 7", "“campaign.name”要写成文字"),
    "nothing": ("", "“campaign.name”要写成文字"),
    "a list for a table": ("campaign = []", "“campaign”要写成一节"),
    "a misspelt field": (HEAD + 'issuerr = "x"', "不认识“campaign.issuerr”"),
    "a misspelt table": (HEAD + "[phases]", "不认识“phases”"),
    "a misspelt rule": (HEAD + "[rules]\ndone = 1", "不认识“rules.done”"),
    "a day in words": (HEAD + 'issued_on = "七月二十日"', "“campaign.issued_on”不是日期"),
    "a day that is none": (HEAD + 'issued_on = "2023-02-30"', "“campaign.issued_on”不是日期"),
    "a moment for a day": (HEAD + "issued_on = 2023-07-20T08:00:00", "“campaign.issued_on”不是日期"),
    "days in words": (HEAD + '[rules]\nwarning_days = "三"', "“rules.warning_days”要写成 0 到 365 的整数"),
    "yes for days": (HEAD + "[rules]\nwarning_days = true", "“rules.warning_days”要写成 0 到 365 的整数"),
    "too many days": (HEAD + "[rules]\nwarning_days = 366", "“rules.warning_days”要写成 0 到 365 的整数"),
    "days before": (HEAD + "[rules]\nwarning_days = -1", "“rules.warning_days”要写成 0 到 365 的整数"),
    "a list of rules": (
        HEAD + '[rules]\ndone_rule = ["accepted"]',
        "“rules.done_rule”只能是 accepted、county_accepted",
    ),
    "an unknown rule": (HEAD + '[rules]\ndone_rule = "closed"', "“rules.done_rule”只能是 accepted、county_accepted"),
    "one phase alone": (HEAD + '[phase]\ncode = "x"', "“phase”要写成 [[phase]] 的列表"),
    "texts for phases": (HEAD.replace("[campaign]", 'phase = ["x"]\n[campaign]'), "“phase”要写成 [[phase]] 的列表"),
    "a phase without code": (HEAD + '[[phase]]\nname = "x"', "“phase.code”要写成文字"),
    "a phase that ends before it begins": (
        HEAD + '[[phase]]\ncode = "a"\nname = "自查"\nwindow_start = 2023-08-02\nwindow_end = 2023-08-01',
        "阶段“自查”的结束日期早于开始日期",
    ),
    "a misspelt field of a phase": (HEAD + '[[phase]]\ncode = "a"\nname = "b"\nend = 1', "不认识“phase.end”"),
    "a paper without kind": (HEAD + '[[paper]]\nrecipient = "x"', "“paper.kind”要写成文字"),
    "a signer without name": (
        HEAD + '[[paper]]\nkind = "a"\n[[paper.signer]]\nrole = "经办人"',
        "“paper.signer.name”要写成文字",
    ),
    "a misspelt field of a signer": (
        HEAD + '[[paper]]\nkind = "a"\n[[paper.signer]]\nrole = "a"\nname = "b"\ntel = "1"',
        "不认识“paper.signer.tel”",
    ),
    "the same phase twice": (
        HEAD + '[[phase]]\ncode = "a"\nname = "b"\n[[phase]]\ncode = "a"\nname = "c"',
        "“phase.code”里“a”写了两次",
    ),
    "the same paper twice": (HEAD + '[[paper]]\nkind = "a"\n[[paper]]\nkind = "a"', "“paper.kind”里“a”写了两次"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_by_name(slip: str) -> None:
    content, said = SLIPS[slip]
    with pytest.raises(RuleError) as refused:
        parse_campaign(content if isinstance(content, bytes) else content.encode())
    assert refused.value.code == "bad_campaign"
    assert said in refused.value.message
    assert refused.value.message.startswith("专项设置文件没有读入：")
    assert refused.value.message.endswith("。台账没有变。")
    assert not re.search(r"[!！]", refused.value.message + refused.value.hint)


def test_the_countys_evidence_rules_travel_along() -> None:
    rules = resource("rules/evidence.toml").read_text(encoding="utf-8")
    head, found = '[campaign]\nname = "专项"\n', tomllib.loads(rules)
    found["version"] = "县-5"
    own = parse_campaign((head + tomli_w.dumps({"evidence": found})).encode()).evidence
    assert own is not None
    assert (own.version, own.source) == ("县-5", found["source"])
    assert tomllib.loads(own.text) == found
    assert parse_campaign(head.encode()).evidence is None


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ('evidence = 3\n[campaign]\nname = "专项"', "“evidence”要写成一节"),
        ('[campaign]\nname = "专项"\n[evidence]\nversion = "县-5"', "证据规则里有读不懂的一项"),
    ],
)
def test_evidence_rules_that_cannot_be_read_stop_the_whole_file(section: str, told: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_campaign(section.encode())
    assert refused.value.code == "bad_campaign"
    assert told in refused.value.message
