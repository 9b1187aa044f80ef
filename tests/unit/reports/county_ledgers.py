"""A county's ledger in the middle of its campaign: plots of six townships, a sample with results, plots sent back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.campaigns import Campaign, Phase
from gengdi_desktop.ledger.campaign_file import CampaignSettings, PaperSetting, Signer
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.reports import service
from tests.helpers.counties import LEADER, TEAM, CountyPlot, make

KINDS = ("spot_check_report", "county_summary")
SEED = "20230821"
_TOWNSHIPS = ("民和镇", "李渡镇", "文港镇", "白圩乡", "七里乡", "五里垦殖场")
_STATES = (*["closed"] * 5, "accepted", "county_accepted", "claimed", "accepted", "working", "planned", "cancelled")
_FAILED = (1, 4)
PLOTS = tuple(
    CountyPlot(
        f"{n:032x}",
        _TOWNSHIPS[n * n % 6],
        ("云桥村", "前坊村", "下艾村")[n % 3],
        _STATES[n % 12],
        f"{(n * 137 % 890 + 30) / 100:.2f}",
        2021 + n % 2,
        ("non_grain", "non_farm", "abandoned", "non_grain")[n % 4],
        "2023-08-20" if _STATES[n % 12] in {"working", "planned"} else None,
    )
    for n in range(48)
)


def campaign() -> CampaignSettings:
    """The campaign of the county's notice, and who signs its papers."""
    papers = tuple(
        PaperSetting(
            kind,
            number_prefix="进自然资字",
            issued_by="张立新",
            contact="周正",
            contact_phone="0791-85650000",
            signers=(Signer("经办人", TEAM.name), Signer("分管领导", LEADER.name)),
        )
        for kind in (*KINDS, "return_list", "register")
    )
    phases = (
        Phase("self_check", "自查阶段", date(2023, 7, 25), date(2023, 7, 28)),
        Phase("rectification", "整改阶段", date(2023, 7, 29), date(2023, 8, 20)),
        Phase("spot_check", "抽查阶段", date(2023, 8, 21), date(2023, 8, 25)),
        Phase("summary", "总结阶段", date(2023, 8, 26), date(2023, 9, 1)),
    )
    told = Campaign(
        name="进贤县2023年耕地保护领域突出问题专项整改",
        document_number="进府办发〔2023〕43号",
        issuer="进贤县人民政府办公室",
        hard_deadline=date(2023, 8, 25),
        phases=phases,
        as_of=date(2023, 8, 24),
    )
    return CampaignSettings(told, papers)


def county(folder: Path, *, results: bool = True, open_lines: tuple[str, ...] = ("0.73",)) -> Ledger:
    """The ledger, open for writing; of its sample of twelve one is replaced, one was not seen, two failed."""
    ledger = make(folder, PLOTS, campaign=campaign(), open_lines=open_lines)
    info = sampling.freeze_frame(ledger, name="第一次抽查", strata=["kind"], by=TEAM, on_date=date(2023, 8, 21))
    info = sampling.draw(ledger, info.id, seed=SEED, count=12, by=TEAM, on_date=date(2023, 8, 21))
    if not results:
        return ledger
    info = sampling.replace(ledger, info.id, info.plots[0].plot, reason="道路积水，车辆不能到达", by=TEAM)
    for at, one in enumerate(info.to_check[:-1]):
        failed = at in _FAILED
        sampling.record_result(
            ledger,
            info.id,
            one.plot,
            outcome="不合格" if failed else "合格",
            measured_area=Area(one.area.micro_mu // 2) if failed else one.area if at % 2 else None,
            finding="田头仍有树根，约一半没有复种" if failed else "",
            checker=TEAM.name,
            second_checker=LEADER.name,
            on_date=date(2023, 8, 23),
            by=TEAM,
        )
    sampling.enter_results(ledger, info.id, by=TEAM, document="抽〔2023〕1号")
    sampling.send_back(ledger, info.id, deadline=date(2023, 8, 31), document="退〔2023〕1号", by=TEAM)
    return ledger


def settings(ledger: Ledger, kind: str, **changes: object) -> service.PaperSettings:
    """What a paper is sent with, drawn with the program's own fonts."""
    return replace(service.settings_of(ledger, kind), own_fonts=False, **changes)  # type: ignore[arg-type]
