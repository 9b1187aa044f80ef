"""What goes to a team that checks, and what comes back from it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import (
    SamplePlotRow,
    SampleResultRow,
    SampleRow,
)
from tests.helpers import desks
from tests.helpers.packing import (
    first_plot,
    manifest,
    members,
    named_photo,
    packed,
    refused,
    rows,
)


def test_a_check_task_carries_the_drawn_plots_with_all_their_photos(county: Ledger, sample: str, stick: Path) -> None:
    plot = first_plot(county)
    photo = named_photo(county, plot, "后.jpg")
    done = packed(county, PackageKind.CHECK_TASK, stick / "a.gdpkg", sample=sample, team="抽查一组")
    assert (done.plots, done.photos, done.receiver) == (1, 1, "抽查一组")
    assert [one["id"] for one in rows(done.file, "plot")] == [plot]
    assert [one["plot_id"] for one in rows(done.file, "sample_plot")] == [plot]
    assert [one["name"] for one in rows(done.file, "sample")] == ["抽查", "扩大"]
    assert [one["kind"] for one in rows(done.file, "identifier")] == ["bsm"]
    frame = hashlib.sha256(b"frame").hexdigest()
    assert set(members(done.file, "evidence/")) == {f"evidence/{photo}.jpg", f"evidence/{frame}.tsv"}
    assert manifest(done.file)["to"]["desk"] == "team"


def test_a_check_result_carries_results_and_photos_of_the_check_only(sample: str, stick: Path, tmp_path: Path) -> None:
    with desks.team_ledger(tmp_path / "team") as team:
        plot, open_one, away = desks.add_list(team, "抽中", [("白圩乡", number) for number in (1, 2, 3)])
        with team.begin(Operation.DRAW, desks.CHECKER) as work:
            frame = record_file(work, team.folder.keep(FolderPart.REPORTS, b"frame", ".tsv"))
            work.session.add(SampleRow(id=sample, name="抽查", status="drawn", frame_file=frame))
            key = f"{sample}:{plot}"
            work.session.add(SamplePlotRow(id=key, sample_id=sample, plot_id=plot, role="drawn"))
            for other, status in ((open_one, ""), (away, "replaced")):
                own = f"{sample}:{other}"
                work.session.add(SamplePlotRow(id=own, sample_id=sample, plot_id=other, role="drawn", status=status))
            work.commit()
        target = stick / "a.gdpkg"
        assert refused(lambda: packed(team, PackageKind.CHECK_RESULT, target, sample=sample)) == "nothing_to_pack"
        with team.begin(Operation.CHECK_RESULT, desks.CHECKER) as work:
            work.session.add(SampleResultRow(id=key, sample_id=sample, plot_id=plot, outcome="passed"))
            work.commit()
        checked = named_photo(team, plot, "查.jpg", stage="spot_check")
        named_photo(team, plot, "前.jpg", stage="before")
        done = packed(team, PackageKind.CHECK_RESULT, target, sample=sample)
    assert (done.plots, done.photos) == (1, 1)
    assert (done.unchecked, done.as_json()["unchecked"]) == (("白圩村 0002",), ["白圩村 0002"])
    assert done.unchecked_told.startswith("抽中的还有 1 个没有抽查结果")
    assert members(done.file, "evidence/") == [f"evidence/{checked}.jpg"]
    assert [one["outcome"] for one in rows(done.file, "sample_result")] == ["passed"]
    assert "entered" not in rows(done.file, "sample_result")[0]
    assert members(done.file, "journal/") == ["journal/entries.jsonl"]
