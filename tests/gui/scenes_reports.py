"""The page of reports in each of its states, from a draft that lacks things to a report that was handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QTextCursor

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger import queries
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases import service as phases
from gengdi_desktop.reports import service
from gengdi_desktop.ui.pages.reports_page import ReportsPage
from gengdi_desktop.ui.widgets.paper_view import Fit
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]
NUMBER = "白府发〔2023〕15号"


def reports_page(stage: Stage) -> ReportsPage:
    """The page of reports of an open window."""
    page = stage.window.page
    assert isinstance(page, ReportsPage)
    return page


def show_draft(stage: Stage, **changes: object) -> ReportsPage:
    """The draft with some settings changed."""
    page = reports_page(stage)
    stage.settle()
    page._version.choose("")
    page._show_paper_side()
    page._show_chosen()
    stage.settle()
    assert page._draft is not None
    changed = replace(page._draft.settings, wording={})
    page._set_settings(replace(changed, **changes))  # type: ignore[arg-type]
    stage.settle()
    return page


def report_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Names and ways; *open_desk* opens the sample ledger."""
    ways: tuple[tuple[str, Callable[[Stage, Path], object]], ...] = (
        ("reports-draft", _draft),
        ("reports-fields", lambda stage, desk: _draft(stage, desk)._stations.focus_field("copy_to")),
        ("reports-gaps", lambda stage, desk: _draft(stage, desk, recipient="", number="白府15号")),
        ("reports-width", _width),
        ("reports-words", _words),
        ("reports-words-wrong", _typed),
        ("reports-figure", lambda stage, desk: _typed(stage, desk)._prose._ask_figure(1)),
        ("reports-frozen", _frozen),
        ("reports-signing", lambda stage, desk: _frozen(stage, desk)._ask_sign()),
        ("reports-hand-in", lambda stage, desk: _frozen(stage, desk)._ask_hand_in()),
        ("reports-void", lambda stage, desk: _frozen(stage, desk)._ask_void()),
        ("reports-differences", _differences),
        ("reports-saved", _saved),
        ("reports-over", _over),
        ("reports-voided", _voided),
    )

    def opened(way: Callable[[Stage, Path], object]) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_desk(stage, desk)
            stage.go("reports")
            way(stage, desk)

        return bring

    return tuple((name, opened(way)) for name, way in ways)


def _draft(stage: Stage, desk: Path, **changes: object) -> ReportsPage:
    del desk
    page = show_draft(stage, **{"number": NUMBER, "recipient": "县耕地保护专项整改工作专班办公室", **changes})
    page._stations._fields._rest.hide()
    page._paper.fit(Fit.READ)
    return page


def _width(stage: Stage, desk: Path) -> None:
    page = _draft(stage, desk)
    page._paper.fit(Fit.WIDTH)
    page._paper.turn(1)


def _words(stage: Stage, desk: Path) -> ReportsPage:
    page = _draft(stage, desk)
    page._show_words()
    return page


def _typed(stage: Stage, desk: Path) -> ReportsPage:
    page = _words(stage, desk)
    first = page._prose._paragraphs[1]
    first.field.moveCursor(QTextCursor.MoveOperation.Start)
    first.field.insertPlainText("其中50亩已经整改。")
    page._prose._paragraphs[0].field.insertPlainText("根据县里的部署，")
    stage.settle()
    return page


def _frozen(stage: Stage, desk: Path) -> ReportsPage:
    page = reports_page(stage)
    if page._shelf is not None and page._shelf.of(page._kind.code()):
        page._kind_changed()
        stage.settle()
    if page._frozen is None or page._frozen.info.is_void:
        _draft(stage, desk)
        page._freeze()
        stage.settle()
    return page


def _differences(stage: Stage, desk: Path) -> ReportsPage:
    """Two plots were worked on and some words were changed since the report was frozen."""
    page = _frozen(stage, desk)
    context = stage.opening.context
    assert context is not None
    assert page._frozen is not None
    work_on(context.ledger)
    kind = page._frozen.info.kind
    settings = service.kept_draft(context.ledger, kind, service.settings_of(context.ledger, kind))
    text = next(one.text for one in service.compose(context.ledger, kind).wordings if one.key == "next")
    wording = {"next": text.replace("逐图斑盯办", "逐图斑销账")}
    service.keep_draft(context.ledger, kind, replace(settings, wording=wording, recipient="进贤县人民政府"))
    page._differ(None)
    stage.settle()
    return page


def work_on(ledger: Ledger) -> tuple[str, ...]:
    """The first two plots in work are reported a little further; which ones."""
    ids = queries.plot_ids(ledger, queries.PlotQuery((queries.Condition("state", "working"),)))
    open_ = [one for one in queries.plot_lines(ledger, ids) if one.remaining > Area(10_000)][:2]
    for line in open_:
        done = Area(line.settled.micro_mu + 10_000)
        values = {"date": ledger.today().isoformat(), "restored": done.exact()}
        outcome = phases.act(ledger, "progress", [line.id], values, by=Actor("吴小琴"))
        assert outcome.changed
    return tuple(one.id for one in open_)


def _voided(stage: Stage, desk: Path) -> None:
    page = _frozen(stage, desk)
    assert page._frozen is not None
    page._void(page._frozen.info.id, "签发前发现主送写错，另出一版")
    stage.settle()


def _saved(stage: Stage, desk: Path) -> None:
    page = _frozen(stage, desk)
    out = desk.parent / "U盘"
    out.mkdir(exist_ok=True)
    for one in out.iterdir():
        one.unlink()
    stage.prompts.answers = [out]
    page._save()


def _over(stage: Stage, desk: Path) -> None:
    _saved(stage, desk)
    stage.settle()
    stage.prompts.answers = [desk.parent / "U盘"]
    reports_page(stage)._save()
