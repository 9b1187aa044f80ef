"""What is promised in the documents is there, and what is there is documented."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

from tests.architecture.source import ROOT, modules, own_texts, shown

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
NAMED_TEST = re.compile(r"`(?P<file>[\w/*]*(?:\.py|/)|)(?:::)?(?P<test>test_\w+|)`")
MAKE_WORD = re.compile(r"`?make ([a-z-]+)")


def test_every_link_of_a_document_leads_somewhere() -> None:
    documents = [path for path in own_texts() if path.suffix == ".md" and "golden" not in path.parts]
    assert len(documents) > 5
    for path in documents:
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{shown(path)} -> {target}"


def test_every_make_word_of_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        words = set(MAKE_WORD.findall((ROOT / name).read_text(encoding="utf-8")))
        assert words
        assert words - targets == set(), name


def test_the_changelog_has_the_form_of_keep_a_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert headings[0] == "Unreleased"
    kinds = set(re.findall(r"^### (\w+)", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_identifier_of_the_glossary_stands_in_the_code() -> None:
    rows = re.findall(
        r"^\| [^|]+ \| `(\w+)` \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 50
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules())
    assert [name for name in rows if name not in code] == []
    assert sorted(name for name in set(rows) if rows.count(name) > 1) == []


def test_every_test_that_shows_what_was_asked_is_there() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    named = [
        (found["file"], found["test"])
        for document in sorted((ROOT / "docs" / "acceptance").glob("*.md"))
        for found in NAMED_TEST.finditer(document.read_text(encoding="utf-8"))
        if found["test"] or found["file"].startswith(("tests/", "test_"))
    ]
    assert len(named) > 100
    gone = [f"{file}::{test}" for file, test in named if not any(_shows(*one, file, test) for one in sources.items())]
    assert gone == []


def _shows(path: Path, source: str, file: str, test: str) -> bool:
    """Whether a file is the one named, by its whole path, its name or its folder, and has the test."""
    place = path.relative_to(ROOT).as_posix()
    named = place.startswith(file) if file.endswith("/") else fnmatch(place, file if "/" in file else f"*{file}")
    return named and f"def {test}" in source
