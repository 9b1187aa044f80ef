"""A file at the wrong stage goes to the right one, with its bytes, its plot and a way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.restaging import put_to_stage
from gengdi_desktop.evidence.service import attach, attachments
from gengdi_desktop.ledger import undo
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from tests.helpers import photos as made
from tests.helpers.ledgers import CLERK, add_plots, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """One plot with two photos of before."""
    folder = made.written(tmp_path / "照片", {f"{number}.jpg": made.photo(number) for number in range(2)})
    with new_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["a"])
        attach(opened, "a", sorted(folder.iterdir()), Stage.BEFORE, by=CLERK)
        yield opened


def stages(ledger: Ledger) -> list[Stage]:
    return [one.stage for one in attachments(ledger, "a")]


def test_files_go_to_another_stage_as_one_entry_and_back(ledger: Ledger) -> None:
    first, second = attachments(ledger, "a")
    changes = put_to_stage(ledger, [first.id, second.id], Stage.AFTER, by=CLERK)
    assert stages(ledger) == [Stage.AFTER, Stage.AFTER]
    assert [one.sha256 for one in attachments(ledger, "a")] == [first.sha256, second.sha256]
    assert "整改后" in history(ledger, "a")[0].reason
    assert check(ledger).ok
    undo.undo(ledger, changes.seq, by=CLERK)
    assert stages(ledger) == [Stage.BEFORE, Stage.BEFORE]


def test_a_file_that_is_there_already_is_not_doubled(ledger: Ledger, tmp_path: Path) -> None:
    first, _second = attachments(ledger, "a")
    attach(ledger, "a", [tmp_path / "照片" / "0.jpg"], Stage.AFTER, by=CLERK)
    with pytest.raises(RuleError) as refused:
        put_to_stage(ledger, [first.id], Stage.AFTER, by=CLERK)
    assert refused.value.code == "already_attached"
    assert stages(ledger) == [Stage.BEFORE, Stage.BEFORE, Stage.AFTER]


@pytest.mark.parametrize("ids", [[], [99], [1, 99]])
def test_what_is_gone_is_told_and_nothing_changes(ledger: Ledger, ids: list[int]) -> None:
    with pytest.raises(RuleError) as refused:
        put_to_stage(ledger, ids, Stage.AFTER, by=CLERK)
    assert refused.value.code == "unknown_attachment"
    assert stages(ledger) == [Stage.BEFORE, Stage.BEFORE]
