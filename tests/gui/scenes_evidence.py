"""Scenes of photos: on a plot's page, large, beside one another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PIL import Image

from gengdi_desktop.demo.pictures import Scene, paper, photo
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.evidence.bin import service as bin_
from gengdi_desktop.evidence.records import Attachment
from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids, plot_lines
from gengdi_desktop.ui.pages.evidence_page import EvidencePage
from gengdi_desktop.ui.pages.plot_page import PlotPage
from gengdi_desktop.ui.pages.plot_photos_page import PlotPhotosPage
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


def use_twice(stage: Stage, folder: Path) -> Attachment:
    """Attach a photo of that plot to another plot too; returns it as it stands at the first."""
    ledger = stage.context.ledger
    own = give_photos(stage, folder)
    other = plot_ids(ledger, PlotQuery((Condition("state", "working"),)))[0]
    line = next(one for one in evidence.attachments(ledger, own) if one.name == "种下去了.jpg")
    again = folder / "邻村种下去了.jpg"
    again.write_bytes(evidence.read(ledger, line.sha256))
    evidence.attach(ledger, other, [again], "after", by=_CLERK)
    return line


def fill_tray(stage: Stage, folder: Path) -> None:
    """Put a few photos into the tray: with a place and without."""
    from gengdi_desktop.evidence import taking_in
    from gengdi_desktop.evidence.tray import service as tray

    ledger = stage.context.ledger
    if tray.waiting(ledger):
        return
    files = folder / "村里交来"
    files.mkdir(exist_ok=True)
    for at, ground in enumerate(("crop", "1104", "0301", "0702", "crop")):
        made_photo(files, f"IMG_2023081{at}_0915{at}0.jpg", "整改后", date(2023, 8, 10 + at), ground, f"116.35{at}4")
    Image.new("RGB", (900, 1200), (120, 150, 100)).save(files / "mmexport1692087345123.jpg")
    taking_in.run(ledger, taking_in.preview(ledger, [files]), by=_CLERK)


def evidence_page(stage: Stage) -> EvidencePage:
    """The page of photos of an open window."""
    page = stage.window.page
    assert isinstance(page, EvidencePage)
    return page


def evidence_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and bringer of each scene; *open_desk* opens the sample ledger."""
    return (*_photo_scenes(open_desk), *_page_scenes(open_desk))


def _photo_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """The photos of one plot."""

    def plot(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        own = give_photos(stage, desk.parent)
        stage.context.trail.follow((own,), "", "ledger")
        stage.go("plot", {"plot": own})

    def large(name: str, **wish: str) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_desk(stage, desk)
            own = give_photos(stage, desk.parent)
            one = next(one for one in evidence.attachments(stage.context.ledger, own) if one.name == name)
            stage.go("photo", {"plot": own, "photo": str(one.id), **wish})

        return bring

    def twice(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        line = use_twice(stage, desk.parent)
        stage.go("photo", {"plot": line.plot, "photo": str(line.id)})
        page = stage.window.page
        assert isinstance(page, PlotPhotosPage)
        assert page.line is not None
        page.compare(page.line.twins[0])

    def taking(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        photo_ = made_photo(desk.parent, "IMG_20230816_101500.jpg", "整改后", date(2023, 8, 16), "crop", "116.3600")
        show_plot(stage, "working")
        page = stage.window.page
        assert isinstance(page, PlotPage)
        page._files.take([photo_])

    return (
        ("plot-photos", plot),
        ("plot-taking", taking),
        ("photo", large("种下去了.jpg")),
        ("photo-beside", large("种下去了.jpg", beside="1")),
        ("photo-said", large("抽水.jpg", say="1")),
        ("photo-twice", twice),
    )


def _page_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """The page of photos."""

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
            made_photo(folder, f"{one.village}{one.plot_no}整改后{at}.jpg", "整改后", date(2023, 8, 16 + at), "crop")
        made_photo(folder, "IMG_20230816_101500.jpg", "整改后", date(2023, 8, 18), "crop", "116.3600")
        (folder / "现场.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
        stage.go("evidence", {"take": str(folder)})

    def tray(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        fill_tray(stage, desk.parent)
        stage.go("evidence", {"section": "tray"})
        evidence_page(stage).taking.put_away()

    def section(code: str) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_desk(stage, desk)
            own = give_photos(stage, desk.parent)
            ledger = stage.context.ledger
            if code == "bin" and not bin_.removed(ledger):
                bin_.remove(ledger, [evidence.attachments(ledger, own)[0].id], by=_CLERK, reason="在图斑页拿下")
            stage.go("evidence", {"section": code})

        return bring

    return (
        ("evidence-tray", tray),
        ("evidence-questions", section("questions")),
        ("evidence-taking", taking),
        ("evidence-missing", missing),
        ("evidence-bin", section("bin")),
        ("evidence-export", section("export")),
    )
