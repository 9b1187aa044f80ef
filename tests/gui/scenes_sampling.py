"""Scenes of the spot check at the county's desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.ui.pages.sampling_page import SamplingPage
from gengdi_desktop.ui.pages.sampling_pane import RULE, SHARE
from tests.gui.county_desk import NAME, check_some, draw_some, make_county
from tests.gui.window_stage import Stage
from tests.helpers.counties import TEAM

Bring = Callable[[Stage, Path], None]
FRAMED = "第二次抽查"


def sampling_page(stage: Stage) -> SamplingPage:
    """The page of the spot check of an open window."""
    page = stage.window.page
    assert isinstance(page, SamplingPage)
    return page


def county_desk(folder: Path) -> Path:
    """The county's ledger beside the township's."""
    made = folder / NAME
    return made if made.exists() else make_county(made)


def open_county(stage: Stage, desk: Path, open_desk: Bring) -> None:
    """Open the county's ledger, with one of its members in the chair."""
    open_desk(stage, county_desk(desk.parent))
    stage.window.member_chosen.emit(TEAM.name)


def drawn(stage: Stage) -> str:
    """The sample with results, drawn once; its id."""
    ledger = stage.context.ledger
    found = [one for one in sampling.samples(ledger) if one.drawn_on]
    if found:
        return found[-1].id
    return check_some(ledger, draw_some(ledger), checked=18, failed=2).id


def sampling_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and bringer of each scene; *open_desk* opens a ledger."""

    def empty(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("sampling")

    def framing(stage: Stage, desk: Path) -> None:
        open_county(stage, desk, open_desk)
        stage.go("sampling", {"new": "yes"})
        sampling_page(stage).making.name.setText("2023年8月抽查")

    def lot(stage: Stage, desk: Path) -> None:
        open_county(stage, desk, open_desk)
        ledger = stage.context.ledger
        known = [one.id for one in sampling.samples(ledger) if one.name == FRAMED]
        sample = known[0] if known else sampling.freeze_frame(ledger, name=FRAMED, strata=("village",), by=TEAM).id
        stage.go("sampling", {"sample": sample})
        sampling_page(stage).making.seed.setText("736104")

    def typing(stage: Stage, desk: Path) -> None:
        open_county(stage, desk, open_desk)
        stage.go("sampling", {"sample": drawn(stage)})
        page = sampling_page(stage)
        page.pane.show_side("result")
        fields = page.pane.fields
        assert fields is not None
        fields.put_back({**fields.typed(), "outcome": "failed", "measured_area": "1.20", "checker": TEAM.name})

    def share(stage: Stage, desk: Path) -> None:
        open_county(stage, desk, open_desk)
        stage.go("sampling", {"sample": drawn(stage)})
        sampling_page(stage).pane.show_side(SHARE)

    def rule(stage: Stage, desk: Path) -> None:
        open_county(stage, desk, open_desk)
        stage.go("sampling", {"sample": drawn(stage)})
        sampling_page(stage).pane.show_side(RULE)

    def replacing(stage: Stage, desk: Path) -> None:
        typing(stage, desk)
        sampling_page(stage)._ask_replace()

    def sending_back(stage: Stage, desk: Path) -> None:
        share(stage, desk)
        info = sampling_page(stage).info
        assert info is not None
        sampling_page(stage)._deeds.ask_enter(info)

    return (
        ("sampling-empty", empty),
        ("sampling-frame", framing),
        ("sampling-lot", lot),
        ("sampling", typing),
        ("sampling-share", share),
        ("sampling-rule", rule),
        ("sampling-replace", replacing),
        ("sampling-enter", sending_back),
    )
