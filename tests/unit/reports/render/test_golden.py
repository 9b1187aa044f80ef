"""The made-up papers line by line, as they were looked at and found good.

After a wanted change of the page: ``python -m tests.unit.reports.render.test_golden`` writes them anew, and the
difference is to be read before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.reports.document import Colophon, Document, Form
from gengdi_desktop.reports.fonts import FontSet, load_fonts
from gengdi_desktop.reports.render.pdf import render_paper
from gengdi_desktop.system.resources import resource
from tests.unit.reports.pages import MM, read_pages
from tests.unit.reports.papers import paper

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "reports"
PAPERS: dict[str, Document] = {
    "report": paper(Form.REPORT, colophon=Colophon("县自然资源和规划局、县农业农村局", "白圩乡党政综合办公室")),
    "letter": paper(Form.LETTER, colophon=Colophon("县自然资源和规划局、县农业农村局")),
    "draft": paper(Form.LETTER, draft=True),
}


def told(document: Document, fonts: FontSet) -> str:
    """Each line with its place in millimetres from the left and the top."""
    out: list[str] = []
    for number, page in enumerate(read_pages(render_paper(document, fonts).data), start=1):
        out.append(f"== {number}")
        out += [f"{line.left / MM:6.1f} {line.baseline / MM:6.1f} {line.text}" for line in page.lines]
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("name", list(PAPERS))
def test_papers_stand_as_they_were_found_good(name: str, fonts: FontSet) -> None:
    assert told(PAPERS[name], fonts) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    own = load_fonts(resource("fonts"), own=())
    for one, made in PAPERS.items():
        (GOLDEN / f"{one}.txt").write_text(told(made, own), encoding="utf-8")
