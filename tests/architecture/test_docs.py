"""What is promised in the documents is there, and what is there is documented."""

from __future__ import annotations

import re
import shlex

import pytest

from gengdi_desktop.cli.commands import COMMANDS, Command, parser_of
from tests.architecture.source import ROOT, modules, own_texts, shown

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
MAKE_WORD = re.compile(r"`?make ([a-z-]+)")


def examples(command: Command) -> list[str]:
    """The lines of the document that call a command."""
    return [line.strip() for line in CLI.splitlines() if line.startswith(f"    gengdi {command.name} ")]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_has_its_section_with_an_example(command: Command) -> None:
    assert f"\n### {command.name}\n" in CLI
    assert examples(command) or f"    gengdi {command.name}\n" in CLI


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_option_is_documented(command: Command) -> None:
    options = {
        text for action in parser_of(command)._actions for text in action.option_strings if text.startswith("--")
    }
    assert {option for option in options - {"--help"} if option not in CLI} == set()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_example_is_a_line_that_the_command_understands(command: Command) -> None:
    for example in (command.example, *examples(command)):
        words = shlex.split(example)
        assert words[:2] == ["gengdi", command.name]
        parser_of(command).read(words[2:])


def test_no_section_is_of_a_command_that_is_not_there() -> None:
    sections = re.findall(r"^### (\S+)$", CLI, re.MULTILINE)
    assert set(sections) == {command.name for command in COMMANDS}
    assert len(sections) == len(COMMANDS)


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
