"""Frozen means kept: numbers, versions, bytes; nothing that happens later changes a report."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.ledger import check, undo
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.reports import freezing, rendering, service
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot_json import thaw_facts
from gengdi_desktop.reports.frozen import kept_bytes
from gengdi_desktop.storage.tables import PlotRow
from tests.unit.reports.ledgers import CLERK, STORY, make

LETTER = "rectification_letter"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with make(tmp_path / "台账", STORY[:4]) as made:
        yield made


def settings(ledger: Ledger, kind: str = LETTER, **changes: object) -> service.PaperSettings:
    found = replace(service.settings_of(ledger, kind), own_fonts=False)
    given = {"number": service.proposed_number(ledger, found), **changes}
    return replace(found, **given)  # type: ignore[arg-type]


def frozen(ledger: Ledger, kind: str = LETTER, **changes: object) -> service.ReportInfo:
    return service.freeze(ledger, kind, settings(ledger, kind, **changes), by=CLERK)


def change_a_plot(ledger: Ledger) -> None:
    with ledger.begin(Operation.EDIT, CLERK) as work:
        row = work.session.get(PlotRow, f"{0:032x}")
        assert row is not None
        row.state = "working"
        work.commit()


def test_a_frozen_report_has_number_version_files_and_the_journal_head(ledger: Ledger) -> None:
    head = ledger.head()
    info = frozen(ledger)
    assert (info.number, info.version, info.state.value) == ("白府函〔2023〕1号", 1, "frozen")
    assert (info.head_seq, info.head_hash) == (head.seq, head.hash)
    assert [file.role.value for file in info.files] == ["paper", "annex_pdf", "annex_xlsx", "snapshot"]
    assert info.main.pages
    assert info.plots == 4
    assert [one.label for one in info.unsigned] == ["经办人（吴小琴）", "分管领导（李建国）"]
    assert service.reports(ledger) == (info,)
    for file in info.files:
        assert hashlib.sha256(kept_bytes(ledger, file)).hexdigest() == file.sha256


def test_freezing_is_one_entry_that_is_not_undone(ledger: Ledger) -> None:
    seq = ledger.head().seq
    frozen(ledger)
    assert ledger.head().seq == seq + 1
    with pytest.raises(RuleError):
        undo.undo(ledger, seq + 1, by=CLERK)


def test_later_edits_never_change_a_frozen_report(ledger: Ledger, tmp_path: Path) -> None:
    info = frozen(ledger)
    before = [kept_bytes(ledger, file) for file in info.files]
    change_a_plot(ledger)
    again = service.report(ledger, info.id)
    assert again == info
    assert [kept_bytes(ledger, file) for file in again.files] == before
    written = service.files(ledger, info.id, tmp_path / "报告.pdf")
    assert [path.path.read_bytes() for path in written] == before
    service.rebuild(ledger, info.id)
    facts = next(file for file in info.files if file.role is service.FileRole.SNAPSHOT)
    assert figures_of(thaw_facts(kept_bytes(ledger, facts)))["rectified.count"].exact == "4"
    assert service.compose(ledger, LETTER).figures["rectified.count"].exact == "3"


def test_the_same_number_again_is_the_next_version(ledger: Ledger) -> None:
    first = frozen(ledger)
    change_a_plot(ledger)
    second = service.freeze(ledger, LETTER, replace(settings(ledger), number=first.number), by=CLERK)
    assert (second.version, second.supersedes) == (2, first.id)
    assert service.report(ledger, first.id) == replace(first, superseded_by=2)


def test_a_number_belongs_to_one_kind_of_paper(ledger: Ledger) -> None:
    info = frozen(ledger)
    with pytest.raises(RuleError) as caught:
        frozen(ledger, "rectification_report", number=info.number)
    assert caught.value.code == "number_taken"
    assert len(service.reports(ledger)) == 1


def test_the_next_number_is_proposed(ledger: Ledger) -> None:
    frozen(ledger)
    assert service.proposed_number(ledger, service.settings_of(ledger, LETTER)) == "白府函〔2023〕2号"
    frozen(ledger, number="白府函〔2023〕17号")
    assert service.proposed_number(ledger, service.settings_of(ledger, LETTER)) == "白府函〔2023〕18号"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": ""}, "number_missing"),
        ({"number": "白府函[2023]1号"}, "number_form"),
        ({"number": "白府函〔2023〕第1号"}, "number_form"),
        ({"number": "白府函〔2023〕01号"}, "number_form"),
        ({"day": None}, "date_missing"),
        ({"recipient": " "}, "recipient_missing"),
        ({"wording": {"done": "已经完成。"}}, "figure_lost"),
        ({"wording": {"nowhere": "话"}}, "wording_unknown"),
    ],
)
def test_what_a_final_paper_must_not_lack(ledger: Ledger, changes: dict[str, Any], code: str) -> None:
    head = ledger.head()
    with pytest.raises(RuleError) as caught:
        frozen(ledger, **changes)
    assert caught.value.code == code
    assert service.reports(ledger) == ()
    assert ledger.head() == head


def test_a_change_in_between_stops_the_freezing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rendering.render

    def slow(*args: Any, **kwargs: Any) -> service.Rendered:
        change_a_plot(ledger)
        return real(*args, **kwargs)

    monkeypatch.setattr(rendering, "render", slow)
    with pytest.raises(RuleError) as caught:
        frozen(ledger)
    assert caught.value.code == "changed_meanwhile"
    assert service.reports(ledger) == ()


def test_making_it_again_gives_the_same_bytes(ledger: Ledger) -> None:
    for kind in ("self_check_report", LETTER, "rectification_report", "register"):
        info = frozen(ledger, kind)
        assert len(service.rebuild(ledger, info.id)) == len(info.files)


SCRIPT = """
import sys
from pathlib import Path
from typing import Any
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.reports import service
from gengdi_desktop.system.clock import SystemClock
with open_ledger(Path(sys.argv[1]), SystemClock(), write=False) as ledger:
    print(len(service.rebuild(ledger, int(sys.argv[2]))))
"""


def test_another_process_locale_zone_and_folder_make_the_same_bytes(tmp_path: Path) -> None:
    with make(tmp_path / "台账", STORY[:6]) as ledger:
        info = frozen(ledger)
    moved = tmp_path / "别处" / "抄件"
    moved.parent.mkdir()
    (tmp_path / "台账").rename(moved)
    root = str(Path(freezing.__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root, "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "9"}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(moved), str(info.id)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "4"


def test_another_way_of_drawing_is_told_and_changes_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    info = frozen(ledger)
    before = [kept_bytes(ledger, file) for file in info.files]
    monkeypatch.setattr("gengdi_desktop.reports.render.annex.LEADING", 11.0)
    with pytest.raises(RuleError) as caught:
        service.rebuild(ledger, info.id)
    assert caught.value.code == "rebuild_differs"
    assert "整改台账.pdf" in caught.value.message
    assert [kept_bytes(ledger, file) for file in info.files] == before


def test_a_damaged_kept_file_is_not_handed_out(ledger: Ledger, tmp_path: Path) -> None:
    info = frozen(ledger)
    path = next(ledger.folder.part("reports").glob(f"{info.main.sha256}*"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(SurroundingsError) as caught:
        service.files(ledger, info.id, tmp_path / "报告.pdf")
    assert caught.value.code == "file_damaged"
    assert not (tmp_path / "报告.pdf").exists()
    assert not check.check(ledger).ok


def test_a_ledger_with_reports_is_sound(ledger: Ledger) -> None:
    frozen(ledger)
    frozen(ledger, "register")
    found = check.check(ledger)
    assert found.problems == ()
    assert found.notes == ()


def test_files_go_beside_each_other_under_the_name_that_was_asked(ledger: Ledger, tmp_path: Path) -> None:
    info = frozen(ledger)
    names = [one.path.name for one in service.files(ledger, info.id, tmp_path / "上报.pdf")]
    assert names == ["上报.pdf", "上报_附件1_整改台账.pdf", "上报_附件1_整改台账.xlsx", "上报_数据快照.json"]
    folder = tmp_path / "U盘"
    folder.mkdir()
    own = [one.path.name for one in service.files(ledger, info.id, folder)]
    assert own[0] == f"{info.title}.pdf"
    assert all(len(name.encode()) < 200 for name in own)


def test_the_answer_for_the_command_line_has_the_promised_keys(ledger: Ledger, tmp_path: Path) -> None:
    info = frozen(ledger)
    told = info.as_json(service.files(ledger, info.id, tmp_path / "a.pdf"))
    promised = {
        "id",
        "number",
        "version",
        "state",
        "files",
        "kind",
        "pages",
        "signed_by",
        "unsigned_fields",
        "journal_head",
    }
    assert promised <= set(told)
    assert {"path", "sha256", "role"} == set(told["files"][0])


def test_an_unknown_report_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RuleError) as caught:
        service.report(ledger, 99)
    assert caught.value.code == "unknown_report"


def test_a_report_is_dated_as_it_says(ledger: Ledger) -> None:
    assert frozen(ledger, day=date(2023, 8, 22)).day == date(2023, 8, 22)
