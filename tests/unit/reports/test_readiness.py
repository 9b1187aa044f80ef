"""One rule says what stops a freeze: the freezing refuses exactly where the list is not empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from gengdi_desktop.domain.campaigns import Campaign, Phase, default_phases
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.reports import readiness, rendering, service
from gengdi_desktop.reports.catalog import kind_of
from gengdi_desktop.reports.made_files import FileRole, MadeFile, Rendered
from tests.helpers.ledgers import new_ledger
from tests.unit.reports.ledgers import CLERK, STORY, make

LETTER, REPORT, REGISTER = "rectification_letter", "rectification_report", "register"
DAY = date(2023, 8, 20)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with make(tmp_path / "台账", STORY[:4]) as made:
        yield made


@pytest.fixture
def _quick_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are another matter: here only the rule before them counts."""

    def facts_only(_paper: object, facts: bytes, *_: object) -> Rendered:
        return Rendered((MadeFile(FileRole.SNAPSHOT, "facts.json", facts, 0),), (), ())

    monkeypatch.setattr(rendering, "render", facts_only)
    monkeypatch.setattr("gengdi_desktop.reports.fonts.load_fonts", lambda *_, **__: None)


def frozen(ledger: Ledger, kind: str, settings: service.PaperSettings) -> GengdiError | None:
    """Freeze; the refusal, or None where it was done."""
    try:
        service.freeze(ledger, kind, settings, by=CLERK)
    except GengdiError as error:
        return error
    return None


@pytest.mark.usefixtures("_quick_pages")
@pytest.mark.parametrize("plots", [4, 0])
def test_the_list_is_empty_exactly_when_the_report_may_be_frozen(tmp_path: Path, ledger: Ledger, plots: int) -> None:
    book = ledger if plots else new_ledger(tmp_path / "空台账", CLERK)
    base = service.settings_of(book, LETTER)
    if plots:
        assert frozen(book, REPORT, replace(base, recipient="县专班", number="白府函〔2023〕7号")) is None
    seen = set()
    states = product(
        (LETTER, REGISTER), ("县专班", "  "), (DAY, None),
        ("", "白府函〔2023〕1号", "白府函(2023)1号", "白府函〔2023〕7号"),
    )  # fmt: skip
    for kind, recipient, day, number in states:
        settings = replace(base, recipient=recipient, day=day, number=number)
        before = book.head().seq
        found = readiness.gaps(readiness.facts_of(book, kind_of(kind), settings))
        refusal = frozen(book, kind, settings)
        assert bool(found) == (refusal is not None), (kind, settings)
        assert (book.head().seq > before) == (not found)
        if refusal is not None:
            assert (refusal.code, refusal.message) == (found[0].code, found[0].message)
        seen |= {one.code for one in found} or {"ready"}
    wanted = {"recipient_missing", "date_missing", "number_missing", "number_form"}
    assert seen == wanted | ({"ready", "number_taken"} if plots else {"nothing_to_report"})
    if not plots:
        book.close()


def test_the_least_work_stands_first(ledger: Ledger) -> None:
    bare = service.PaperSettings(day=None)
    found = readiness.gaps(readiness.facts_of(ledger, kind_of(LETTER), bare))
    assert [one.code for one in found] == ["date_missing", "recipient_missing", "number_missing"]


def test_figures_that_do_not_agree_and_a_ledger_that_is_only_looked_at_stop_it_too(ledger: Ledger) -> None:
    settings = service.PaperSettings(recipient="县专班", number="白府函〔2023〕1号", day=DAY)
    facts = readiness.facts_of(ledger, kind_of(LETTER), settings)
    assert readiness.gaps(facts) == ()
    assert [one.code for one in readiness.gaps(replace(facts, read_only=True))] == ["read_only"]
    off = replace(facts, figures=replace(facts.figures, by_label={}))
    assert [one.code for one in readiness.gaps(off)] == ["no_tie_out"]


def test_the_report_that_is_due_follows_the_phases() -> None:
    check, rectify, *rest = default_phases()
    campaign = Campaign(
        "整改", phases=(replace(check, window_end=date(2023, 7, 28)), replace(rectify, window_end=DAY), *rest)
    )
    assert readiness.due_kind(campaign, date(2023, 7, 28)) == "self_check_report"
    assert readiness.due_kind(campaign, date(2023, 7, 29)) == "rectification_report"
    assert readiness.due_kind(Campaign("整改", phases=(Phase("self_check", "自查"),)), DAY) == "rectification_report"


def test_it_is_asked_with_what_the_campaign_says_and_the_next_number(ledger: Ledger) -> None:
    told = readiness.readiness(ledger, LETTER)
    assert (told.kind, told.label) == (LETTER, kind_of(LETTER).label)
    assert told.settings.number == "白府函〔2023〕1号"
    assert told.gaps == ()
