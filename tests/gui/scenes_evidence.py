"""Scenes of photos: on a plot's page, large, beside one another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from gengdi_desktop.demo.pictures import Scene, paper, photo
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids, plot_lines
from gengdi_desktop.ui.pages.evidence_page import EvidencePage
from gengdi_desktop.ui.pages.plot_page import PlotPage
from tests.gui.scenes_desk import show_plot
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]
_CLERK = Actor("吴小琴")
_FIRST = "开工前.jpg"


def made_photo(folder: Path, name: str, stage: str, on: date, ground: str, place: str = "116.3512") -> Path:
    """A drawn photo in a file of its own."""
    file = folder / name
    file.write_bytes(photo(Scene("白圩村 0125", stage, on, ground, place, "28.3733")))
    return file


def give_photos(stage: Stage, folder: Path) -> str:
    """Give a plot with measures photos of three stages and a paper; returns the plot."""
    ledger = stage.context.ledger
    plot = plot_ids(ledger, PlotQuery((Condition("state", "planned"),)))[0]
    if any(one.name == _FIRST for one in evidence.attachments(ledger, plot)):
        return plot
    files = folder / "照片"
    files.mkdir(exist_ok=True)
    given = (
        ("before", made_photo(files, _FIRST, "整改前", date(2023, 7, 27), "1104")),
        ("before", made_photo(files, "IMG_20230727_093012.jpg", "整改前", date(2023, 7, 27), "0301", "116.3514")),
        ("during", made_photo(files, "抽水.jpg", "整改中", date(2023, 8, 6), "1104")),
        ("after", made_photo(files, "种下去了.jpg", "整改后", date(2023, 8, 16), "crop")),
        ("after", made_photo(files, "IMG_20230816_170533.jpg", "整改后", date(2023, 8, 16), "crop", "116.3514")),
    )
    for at, one in given:
        evidence.attach(ledger, plot, [one], at, by=_CLERK)
    sheet = files / "验收单扫描.jpg"
    sheet.write_bytes(paper("镇级验收单", ("图斑 0125", "面积 11.80 亩"), date(2023, 8, 17)))
    evidence.attach(ledger, plot, [sheet], "paper", by=_CLERK)
    return plot


def evidence_page(stage: Stage) -> EvidencePage:
    """The page of photos of an open window."""
    page = stage.window.page
    assert isinstance(page, EvidencePage)
    return page


def evidence_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and bringer of each scene; *open_desk* opens the sample ledger."""

    def plot(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        own = give_photos(stage, desk.parent)
        stage.context.trail.follow((own,), "", "ledger")
        stage.go("plot", {"plot": own})

    def large(beside: str) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_desk(stage, desk)
            own = give_photos(stage, desk.parent)
            after = next(one for one in evidence.attachments(stage.context.ledger, own) if one.name == "种下去了.jpg")
            stage.go("photo", {"plot": own, "photo": str(after.id), "beside": beside})

        return bring

    def missing(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("evidence", {"section": "missing"})
        evidence_page(stage).sections["missing"].check()  # type: ignore[attr-defined]

    def taking(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        folder = desk.parent / "手机照片"
        folder.mkdir(exist_ok=True)
        found = plot_lines(stage.context.ledger, plot_ids(stage.context.ledger)[:2])
        for at, one in enumerate(found):
            made_photo(folder, f"{one.village}{one.plot_no}整改后{at}.jpg", "整改后", date(2023, 8, 16), "crop")
        made_photo(folder, "IMG_20230816_101500.jpg", "整改后", date(2023, 8, 16), "crop", "116.3600")
        (folder / "现场.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
        stage.go("evidence", {"take": str(folder)})

    def taking_for_plot(stage: Stage, desk: Path) -> None:
        taking(stage, desk)
        show_plot(stage, "working")
        page = stage.window.page
        assert isinstance(page, PlotPage)
        page._files.take([desk.parent / "手机照片" / "IMG_20230816_101500.jpg"])

    return (
        ("evidence-taking", taking),
        ("plot-taking", taking_for_plot),
        ("evidence-missing", missing),
        ("plot-photos", plot),
        ("photo", large("")),
        ("photo-beside", large("1")),
    )
