"""Forms of a ledger's plots: what they say is what the ledger holds, and nothing stays behind when they are stopped."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from gengdi_desktop.domain.scan_codes import plot_of_scan
from gengdi_desktop.errors import Cancelled, RuleError, SurroundingsError
from gengdi_desktop.evidence.rules.service import rules_in_force
from gengdi_desktop.evidence.service import attach, attachments
from gengdi_desktop.evidence.verdicts.service import verdicts
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids, plot_lines
from gengdi_desktop.reports.forms import service as forms
from gengdi_desktop.reports.forms.kinds import FormKind
from tests.helpers.photos import scene
from tests.unit.reports.ledgers import CLERK, STORY, make
from tests.unit.reports.pages import read_pages, whole_text


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("l")
    with make(folder / "台账") as made:
        for number, stage in enumerate(("before", "after", "during")):
            photo = folder / f"0001_{stage}.jpg"
            scene(1600, 1200, seed=number).save(photo, "JPEG")
            attach(made, plot(0), [photo], stage, by=CLERK)
        paper = folder / "协议.pdf"
        with pikepdf.Pdf.new() as empty:
            empty.add_blank_page()
            empty.save(paper)
        attach(made, plot(0), [paper], "paper", by=CLERK)
        yield made


def plot(number: int) -> str:
    return f"{number:032x}"


@pytest.mark.parametrize("kind", FormKind)
def test_every_form_of_every_plot_is_written_in_order(ledger: Ledger, tmp_path: Path, kind: FormKind) -> None:
    told: list[tuple[int, int]] = []
    written = forms.write_forms(ledger, kind, tmp_path / "表.pdf", None, lambda *step: told.append(step))
    assert (written.plots, written.broken) == (len(STORY), ())
    assert told[0] == (0, len(STORY))
    assert told[-1] == (len(STORY), len(STORY))
    names = [line.name for line in plot_lines(ledger, plot_ids(ledger, PlotQuery(group="village")))]
    with pikepdf.Pdf.open(written.file) as pdf, pdf.open_outline() as contents:
        assert len(pdf.pages) == written.pages
        assert [one.title for village in contents.root for one in village.children] == names
    assert [one.name for one in tmp_path.iterdir()] == ["表.pdf"]


def test_a_dossier_shows_what_the_ledger_holds(ledger: Ledger, tmp_path: Path) -> None:
    written = forms.write_forms(ledger, FormKind.DOSSIER, tmp_path / "档案.pdf", [plot(0)])
    data = written.file.read_bytes()
    told = whole_text(data)
    [line] = plot_lines(ledger, [plot(0)])
    assert f"{line.issued_area.display()}亩" in told
    for words in ("整改档案", line.village, line.plot_no, line.state.label, "360124100205000000", "白圩乡人民政府"):
        assert words in told
    for one in attachments(ledger, plot(0)):
        assert one.name in told
        assert one.sha256[:12] in told
    rules = rules_in_force(ledger)
    verdict = verdicts(ledger, [plot(0)])[plot(0)]
    plain = "".join(told.split())
    assert "".join(f"证据情况{verdict.sentence}。按证据规则{rules.version}版".split()) in plain
    assert rules.source in plain
    with pikepdf.Pdf.open(written.file) as pdf:
        pictures = [image for page in pdf.pages for image in page.get_images().values()]
    assert len(pictures) == 3
    assert all(int(image.Width) == 1000 for image in pictures)


def test_the_same_ledger_prints_the_same_bytes(ledger: Ledger, tmp_path: Path) -> None:
    ones = [
        forms.write_forms(ledger, FormKind.ACCEPTANCE, tmp_path / name, [plot(3), plot(4)]).file.read_bytes()
        for name in ("a.pdf", "b.pdf")
    ]
    assert ones[0] == ones[1]


def test_portions_are_joined_without_a_seam(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = forms.write_forms(ledger, FormKind.CLOSING, tmp_path / "一.pdf")
    monkeypatch.setattr("gengdi_desktop.reports.forms.writing.PLOTS_A_PORTION", 3)
    parts = forms.write_forms(ledger, FormKind.CLOSING, tmp_path / "二.pdf")
    texts = [[line.text for page in read_pages(one.file.read_bytes()) for line in page.lines] for one in (whole, parts)]
    assert texts[0] == texts[1]


def test_who_stops_it_finds_nothing_left_behind(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gengdi_desktop.reports.forms.writing.PLOTS_A_PORTION", 2)
    old = tmp_path / "档案.pdf"
    old.write_bytes(b"older")

    def stop(done: int, _of: int) -> None:
        if done == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        forms.write_forms(ledger, FormKind.DOSSIER, old, None, stop)
    assert [one.name for one in tmp_path.iterdir()] == ["档案.pdf"]
    assert old.read_bytes() == b"older"


@pytest.mark.parametrize(
    ("name", "plots", "code"),
    [
        ("档案.docx", None, "unknown_format"),
        ("档案.pdf", [], "nothing_to_print"),
        ("档案.pdf", ["f" * 32], "unknown_plot"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words(
    ledger: Ledger, tmp_path: Path, name: str, plots: list[str] | None, code: str
) -> None:
    with pytest.raises(RuleError) as refused:
        forms.write_forms(ledger, FormKind.DOSSIER, tmp_path / name, plots)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "占着").write_bytes(b"")
    with pytest.raises(SurroundingsError):
        forms.write_forms(ledger, FormKind.CLOSING, tmp_path / "占着" / "单.pdf")


def test_a_file_that_is_gone_is_named_and_said_on_paper(tmp_path: Path) -> None:
    with make(tmp_path / "台账", STORY[:2]) as ledger:
        photo = tmp_path / "0001_后.jpg"
        scene(seed=5).save(photo, "JPEG")
        attach(ledger, plot(0), [photo], "after", by=CLERK)
        [one] = attachments(ledger, plot(0))
        (ledger.folder.root / "evidence" / f"{one.sha256}.jpg").unlink()
        written = forms.write_forms(ledger, FormKind.DOSSIER, tmp_path / "档案.pdf")
        [line] = plot_lines(ledger, [plot(0)])
        assert written.broken == ((line.name, "0001_后.jpg"),)
        told = whole_text(written.file.read_bytes())
        assert "“0001_后.jpg”不在台账文件夹里了" in told.replace("\n", "")


def test_every_sheet_s_code_is_read_after_printing_and_scanning(ledger: Ledger, tmp_path: Path) -> None:
    """200 dots to the inch, a little blur, three degrees askew."""
    ids = [plot(number) for number in range(4)]
    written = forms.write_forms(ledger, FormKind.FIELD_SHEET, tmp_path / "核查表.pdf", ids)
    subprocess.run(["pdftoppm", "-r", "200", "-gray", str(written.file), str(tmp_path / "scan")], check=True)
    read = []
    for page in sorted(tmp_path.glob("scan*")):
        with Image.open(page) as scanned:
            askew = scanned.filter(ImageFilter.GaussianBlur(1.2)).rotate(3, fillcolor=255, expand=True)
        [code] = zxingcpp.read_barcodes(askew)
        read.append(plot_of_scan(code.text))
    assert read == ids
