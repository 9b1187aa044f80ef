"""The content of a frozen paper comes back whole, so that it can be drawn again."""

from __future__ import annotations

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.reports.document import Form, RegisterPaper
from gengdi_desktop.reports.document_json import paper_json, paper_of
from tests.unit.reports.papers import paper, register


@pytest.mark.parametrize("form", list(Form))
def test_a_paper_comes_back(form: Form) -> None:
    document = paper(form)
    assert paper_of(paper_json(document)) == document
    assert paper_json(paper_of(paper_json(document))) == paper_json(document)


def test_a_combining_mark_behind_a_line_break_stays_behind_it() -> None:
    alone = RegisterPaper("register", draft=False, number="", annex=register(5), organ="白圩乡\n\u0303", day=None)
    assert paper_of(paper_json(alone)) == alone


def test_a_register_comes_back() -> None:
    alone = RegisterPaper("register", draft=False, number="", annex=register(5), organ="白圩乡人民政府", day=None)
    assert paper_of(paper_json(alone)) == alone


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"format":"gengdi-paper/1","paper":{"is":"Area","value":"1.00"}}',
        b'{"format":"gengdi-paper/1","paper":{"is":"Unknown"}}',
        b'{"format":"gengdi-paper/2","paper":{}}',
        b'{"format":"gengdi-paper/1","paper":{"is":"Document","kind":"x"}}',
    ],
)
def test_other_texts_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(SurroundingsError) as caught:
        paper_of(data)
    assert caught.value.code == "paper_unreadable"
