"""Kept verdicts: whatever is done to a ledger, they say what judging it anew says."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from shapely.geometry import box

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, SurroundingsError
from gengdi_desktop.evidence import restaging, sayings, service
from gengdi_desktop.evidence.bin import service as evidence_bin
from gengdi_desktop.evidence.likeness.service import compare
from gengdi_desktop.evidence.questions.service import answer
from gengdi_desktop.evidence.records import Saying
from gengdi_desktop.evidence.rules.service import set_rules
from gengdi_desktop.evidence.store import judge_anew
from gengdi_desktop.evidence.verdicts import service as keeping
from gengdi_desktop.evidence.verdicts.service import bring_up, fitting, verdicts
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import parse_campaign
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery, count_views, field_values, plot_ids, plot_lines
from gengdi_desktop.ledger.undo import next_redo, undo
from gengdi_desktop.storage.tables import PlotRow, PlotShapeRow
from gengdi_desktop.system.resources import resource
from tests.helpers import scenes_made
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, add_plots, new_ledger
from tests.helpers.photos import PLACE, camera_exif, jpeg
from tests.helpers.settled import settle

PLOTS = ("a", "b", "c")


@dataclass(frozen=True)
class Desk:
    """A ledger with three plots that are settled on the ground, and the folder from which photos come."""

    ledger: Ledger
    folder: Path

    def take(self, plot: str, stage: str, seed: int = 1, *, place: bool = True, width: int = 960) -> str:
        picture = scenes_made.scene(seed).resize((width, width * 3 // 4), Image.Resampling.LANCZOS)
        path = self.folder / f"{plot}-{stage}-{seed}.jpg"
        day = "05" if stage == "before" else "18"
        path.write_bytes(jpeg(picture, camera_exif(taken=f"2023:08:{day} 09:00:00", place=PLACE if place else None)))
        ((sha256, _name),) = service.attach(self.ledger, plot, [path], stage, by=CLERK).files
        return sha256

    def change(self, plot: str, **fields: str | int) -> None:
        with self.ledger.begin(Operation.EDIT, CLERK) as work:
            row = work.session.get(PlotRow, plot)
            assert row is not None
            for name, value in fields.items():
                setattr(row, name, value)
            work.session.add(row)
            work.commit()

    def kept(self) -> dict[str, tuple[str, str]]:
        """What is kept, as the table of the ledger has it."""
        lines = plot_lines(self.ledger, plot_ids(self.ledger))
        return {one.id: (one.evidence, one.evidence_told) for one in lines}

    def told(self) -> dict[str, tuple[str, str]]:
        """What judging anew says."""
        return {plot: (one.verdict.value, one.sentence) for plot, one in verdicts(self.ledger).items()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_ledger(tmp_path / "台账") as ledger:
        add_plots(ledger, PLOTS, finding="true")
        ledgers.set_campaign(ledger, parse_campaign('[campaign]\nname = "专项"\n'.encode()), by=CLERK)
        made = Desk(ledger, tmp_path)
        settle(ledger, PLOTS)
        yield made


def test_whatever_is_done_what_is_kept_is_what_is_judged_anew(desk: Desk) -> None:
    ledger, own = desk.ledger, resource("rules/evidence.toml").read_text(encoding="utf-8")

    def attachment(plot: str) -> int:
        return service.attachments(ledger, plot)[-1].id

    def again() -> None:
        """The import of d and e, which was turned back last."""
        back = next_redo(ledger)
        assert back is not None
        undo(ledger, back.seq, by=CLERK)

    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: [desk.take("a", "before", 1), desk.take("a", "after", 2, place=False)],
        lambda: answer(ledger, "a", service.attachments(ledger, "a")[1].sha256, "no_place", "按平面图核对过", by=CLERK),
        partial(undo, ledger, by=CLERK),
        lambda: sayings.say(
            ledger,
            service.attachments(ledger, "a")[1].sha256,
            Saying(None, *(round(one * 10**9) for one in PLACE)),
            reason="按现场记录补",
            by=CLERK,
        ),
        lambda: [desk.take("b", "before", 3), desk.take("b", "after", 4)],
        lambda: desk.take("c", "after", 4),  # the same bytes as at b: both are asked
        lambda: desk.change("c", village="连桥村"),  # the name in b's question is another
        lambda: evidence_bin.remove(ledger, [attachment("c")], by=CLERK, reason="附错了"),
        lambda: evidence_bin.put_back(ledger, [evidence_bin.removed(ledger)[0].attachment.id], by=CLERK),
        lambda: restaging.put_to_stage(ledger, [attachment("c")], Stage.PAPER, by=CLERK),
        partial(undo, ledger, by=CLERK),
        lambda: [undo(ledger, by=CLERK), undo(ledger, by=CLERK), undo(ledger, by=CLERK)],
        lambda: [desk.take("b", "during", 4, width=700), desk.take("c", "before", 4, width=500)],
        partial(compare, ledger),  # learned without an entry
        lambda: desk.change("a", round=2),
        partial(undo, ledger, by=CLERK),
        lambda: set_rules(ledger, own.replace('name = "园地：', 'name = "果园：').encode(), by=CLERK),
        partial(undo, ledger, by=CLERK),
        lambda: add_plots(ledger, ["d", "e"]),
        lambda: settle(ledger, ["d"]),
        lambda: [undo(ledger, by=CLERK), undo(ledger, by=CLERK)],  # d and e are gone
        again,
    ]
    for number, step in enumerate(steps):
        step()
        found = bring_up(ledger)
        assert desk.kept() == desk.told(), number
        assert not found.behind
        assert bring_up(ledger).changed == frozenset(), number
    assert len(desk.kept()) == len(PLOTS) + 2


def test_who_asks_hears_which_answers_are_others_now(desk: Desk) -> None:
    assert bring_up(desk.ledger).changed == frozenset(PLOTS)
    desk.take("a", "before", 1)
    desk.take("a", "after", 2)
    assert bring_up(desk.ledger).changed == {"a"}
    desk.change("b", remark="路边")
    assert bring_up(desk.ledger).changed == frozenset()
    desk.take("b", "after", 2)  # what a has is in doubt now
    assert bring_up(desk.ledger).changed == {"a", "b"}


def test_plots_are_asked_for_by_what_is_kept(desk: Desk) -> None:
    ledger = desk.ledger
    desk.take("b", "before", 3)
    desk.take("b", "after", 4)
    add_plots(ledger, ["d"])
    assert plot_ids(ledger, PlotQuery((Condition("evidence", "missing"),))) == []
    bring_up(ledger)
    missing, complete = Condition("evidence", "missing"), Condition("evidence", ("complete",), Match.ONE_OF)
    assert plot_ids(ledger, PlotQuery((missing,))) == ["a", "c"]
    assert plot_ids(ledger, PlotQuery((complete,))) == ["b"]
    told = Condition("evidence_told", "整改前照片", Match.CONTAINS)
    assert plot_ids(ledger, PlotQuery((told,))) == ["a", "c"]
    assert count_views(ledger, {"missing": (missing,), "complete": (complete,)}) == {"missing": 2, "complete": 1}
    counts = dict(field_values(ledger, PlotQuery(), "evidence").values)
    assert counts == {"complete": 1, "missing": 2, "unclear": 1}
    (line,) = plot_lines(ledger, ["a"])
    assert line.evidence_brief == "缺整改前照片、整改后照片"
    assert line.evidence_told == "缺整改前照片、整改后照片（按“实地整改：同一站位前后对照”）"


def test_a_pass_that_is_stopped_is_gone_on_with(desk: Desk) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        bring_up(desk.ledger, stop)
    assert {verdict for verdict, _told in desk.kept().values()} == {""}
    add_plots(desk.ledger, ["d"])
    with pytest.raises(Cancelled):
        bring_up(desk.ledger, stop)
    bring_up(desk.ledger)
    assert desk.kept() == desk.told()


def test_new_plots_that_were_not_reached_are_judged_next_time(desk: Desk) -> None:
    bring_up(desk.ledger)
    add_plots(desk.ledger, ["d"])

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        bring_up(desk.ledger, stop)
    assert bring_up(desk.ledger).changed == {"d"}
    assert desk.kept() == desk.told()


def test_a_ledger_that_can_only_be_read_says_that_it_is_behind(tmp_path: Path) -> None:
    clock = FixedClock()
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        add_plots(ledger, ["a"])
        bring_up(ledger)
    with ledgers.open_ledger(tmp_path / "台账", clock, write=False) as ledger:
        assert not bring_up(ledger).behind
    with ledgers.open_ledger(tmp_path / "台账", clock) as ledger:
        add_plots(ledger, ["b"])
    with ledgers.open_ledger(tmp_path / "台账", clock, write=False) as ledger:
        assert bring_up(ledger).behind
        assert [one.evidence for one in plot_lines(ledger, ["a", "b"])] == ["unclear", ""]


def test_answers_of_another_history_are_not_believed(desk: Desk) -> None:
    bring_up(desk.ledger)
    with desk.ledger.database.unjournalled() as connection:
        connection.exec_driver_sql("UPDATE plot_evidence SET verdict = 'complete'")
        connection.exec_driver_sql("UPDATE kept_until SET hash = 'f'")
    assert bring_up(desk.ledger).changed == frozenset(PLOTS)
    assert desk.kept() == desk.told()


def _meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """After answers were made, and before they are kept, something happens."""
    make = keeping._answers

    def made(*given: Any) -> Iterator[Any]:
        answers = list(make(*given))
        happens()
        return iter(answers)

    monkeypatch.setattr(keeping, "_answers", made)


@pytest.mark.parametrize("known", [True, False], ids=["after an edit", "for the first time"])
def test_what_is_learned_of_photos_while_plots_are_judged_is_not_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    if known:
        bring_up(desk.ledger)
    for plot, first in (("b", 4), ("c", 8)):
        desk.take(plot, "before", first)
        desk.take(plot, "after", first + 1)
    desk.take("c", "during", 4, width=500)
    before = desk.told()
    _meanwhile(monkeypatch, partial(compare, desk.ledger))
    found = bring_up(desk.ledger)
    assert not found.behind
    assert desk.kept() == desk.told() != before


@pytest.mark.parametrize("known", [True, False], ids=["after an edit", "for the first time"])
def test_who_is_disturbed_again_and_again_says_what_is_owed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    if known:
        bring_up(desk.ledger)
    photo = desk.take("a", "before", 1)

    def let_go() -> None:
        with desk.ledger.database.unjournalled() as connection:
            judge_anew(connection, [photo])

    with monkeypatch.context() as patched:
        _meanwhile(patched, let_go)
        found = bring_up(desk.ledger)
    assert found.behind
    assert "a" in found.owing
    assert not bring_up(desk.ledger).behind
    assert desk.kept() == desk.told()


def test_the_parts_of_a_plot_lie_in_its_outline(desk: Desk) -> None:
    add_plots(desk.ledger, ["part"], finding="true", split_parent="a")
    settle(desk.ledger, ["part"])
    desk.take("part", "before", 1)
    desk.take("part", "after", 2)
    bring_up(desk.ledger)
    before = desk.kept()["part"]
    shape = Outline(box(PLACE[0] + 0.1, PLACE[1], PLACE[0] + 0.101, PLACE[1] + 0.001))
    with desk.ledger.begin(Operation.IMPORT, CLERK) as work:
        west, south, east, north = shape.box
        outline = base64.b64encode(shape.wkb).decode()
        work.session.add(
            PlotShapeRow(id="a", plot_id="a", outline=outline, west=west, south=south, east=east, north=north)
        )
        work.commit()
    assert "part" in bring_up(desk.ledger).changed
    assert desk.kept()["part"] == desk.told()["part"] != before


def test_nobody_waits_long_for_an_action_to_hear_what_is_kept(desk: Desk) -> None:
    bring_up(desk.ledger)
    add_plots(desk.ledger, ["d"])
    missing = PlotQuery((Condition("evidence", "missing"),))
    with desk.ledger.begin(Operation.EDIT, CLERK):
        found = bring_up(desk.ledger)
        assert found.behind
        assert found.owing == {"d"}
        assert fitting(desk.ledger, missing) == ["a", "b", "c"]
        asked: list[tuple[int, int]] = []

        def stop(done: int, total: int) -> None:
            asked.append((done, total))
            raise Cancelled

        with pytest.raises(Cancelled):
            bring_up(desk.ledger, lambda _done, total: None if total else stop(0, 0))
        assert asked == [(0, 0)]
    assert not bring_up(desk.ledger).behind


@pytest.mark.parametrize("code", ["disk_full", "io_error"])
def test_who_only_asks_needs_no_room_on_the_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def fail(*_given: object) -> None:
        raise SurroundingsError(code, "磁盘空间不足。")

    monkeypatch.setattr(desk.ledger.database, "unjournalled", fail)
    missing = PlotQuery((Condition("evidence", "missing"),))
    if code == "io_error":  # a broken disk is told
        with pytest.raises(SurroundingsError):
            fitting(desk.ledger, missing)
    else:
        assert fitting(desk.ledger, missing) == list(PLOTS)
