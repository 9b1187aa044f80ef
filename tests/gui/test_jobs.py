"""Lanes: work runs off the GUI thread, answers land on it in order, cancelling and failing are told once."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.ui.courtesy import PAINTING
from gengdi_desktop.ui.jobs import Jobs, Lane, Progress, Shown
from tests.conftest import StrayLogs


def _answer(number: int, _progress: Progress) -> int:
    return number


def test_work_runs_in_its_lane_and_the_answer_lands_on_the_gui_thread(jobs: Jobs, qtbot: QtBot) -> None:
    threads: list[str] = []

    def work(_progress: Progress) -> int:
        threads.append(threading.current_thread().name)
        return 7

    jobs.write(work, lambda answer: threads.append(f"{answer} {threading.current_thread() is threading.main_thread()}"))
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0].startswith(Lane.WRITE.value)
    assert threads[1] == "7 True"


def test_answers_of_a_lane_land_in_order(jobs: Jobs, qtbot: QtBot) -> None:
    landed: list[int] = []
    for number in range(200):
        jobs.read(partial(_answer, number), landed.append)
    qtbot.waitUntil(lambda: len(landed) == 200)
    assert landed == list(range(200))


def test_reading_never_waits_for_writing(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    landed: list[str] = []
    jobs.write(lambda _progress: gate.wait(10), lambda _none: landed.append("write"))
    jobs.read(lambda _progress: None, lambda _none: landed.append("read"))
    qtbot.waitUntil(lambda: landed == ["read"])
    gate.set()
    qtbot.waitUntil(lambda: landed == ["read", "write"])


def test_a_refusal_is_handed_to_whoever_asked(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[GengdiError] = []

    def refuse(_progress: Progress) -> None:
        raise RuleError("no", "不行。")

    jobs.write(refuse, failed=heard.append)
    qtbot.waitUntil(lambda: len(heard) == 1)
    assert heard[0].code == "no"


def test_our_own_mistake_is_told_and_the_lane_lives_on(jobs: Jobs, qtbot: QtBot, stray_logs: StrayLogs) -> None:
    stray_logs.expect("gengdi_desktop.ui.jobs")
    broken: list[BaseException] = []
    heard: list[GengdiError] = []
    landed: list[int] = []
    jobs.broke.connect(broken.append)
    jobs.write(lambda _progress: 1 // 0, failed=heard.append)
    jobs.write(lambda _progress: 5, landed.append)
    qtbot.waitUntil(lambda: landed == [5])
    assert isinstance(broken[0], ZeroDivisionError)
    assert heard[0].code == "unexpected"


def test_cancelled_work_stops_at_its_next_step_and_says_so(jobs: Jobs, qtbot: QtBot) -> None:
    steps: list[int] = []
    told: list[str] = []

    def long(progress: Progress) -> None:
        for step in range(10_000):
            progress(step, 10_000)
            steps.append(step)
            time.sleep(0.001)

    job = jobs.run(Lane.WRITE, long, lambda _none: told.append("done"), shown=Shown("数数", "步"),
                   cancelled=lambda: told.append("cancelled"))  # fmt: skip
    qtbot.waitUntil(lambda: len(steps) > 3)
    job.cancel()
    qtbot.waitUntil(lambda: told == ["cancelled"])
    assert len(steps) < 10_000


def test_progress_is_told_now_and_then_not_for_every_row(jobs: Jobs, qtbot: QtBot) -> None:
    moved: list[object] = []
    jobs.moved.connect(moved.append)
    done: list[object] = []

    def rows(progress: Progress) -> None:
        for row in range(50_000):
            progress(row + 1, 50_000)

    jobs.run(Lane.FILES, rows, done.append)
    qtbot.waitUntil(lambda: len(done) == 1)
    assert 1 <= len(moved) < 50


def test_asking_whether_to_go_on_tells_nothing_and_can_be_stopped(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[object] = []
    over: list[str] = []
    jobs.moved.connect(told.append)

    def work(progress: Progress) -> None:
        for _ in range(1_000_000):
            progress(0, 0)

    job = jobs.run(Lane.READ, work, lambda _none: over.append("done"), cancelled=lambda: over.append("cancelled"))
    qtbot.wait(50)
    job.cancel()
    qtbot.waitUntil(lambda: bool(over))
    assert told == []


def test_a_job_that_tells_every_row_gets_on_beside_a_paint_that_does_not_end(jobs: Jobs, qtbot: QtBot) -> None:
    done: list[object] = []

    def rows(progress: Progress) -> None:
        for row in range(20_000):
            progress(row + 1, 20_000)

    with PAINTING:
        jobs.run(Lane.FILES, rows, done.append)
        # A job that waited at every row would take a quarter of an hour; a busy machine takes some seconds.
        qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)


def test_only_the_answer_to_the_newest_question_is_heard(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    landed: list[int] = []
    jobs.read(lambda _progress: gate.wait(10))
    for number in range(5):
        jobs.read(partial(_answer, number), landed.append, newest="plots")
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert landed == [4]


def test_whoever_is_gone_hears_nothing(jobs: Jobs, qtbot: QtBot) -> None:
    owner = QObject()
    landed: list[bool] = []
    gate = threading.Event()
    jobs.read(lambda _progress: gate.wait(10), landed.append, owner=owner)
    owner.deleteLater()
    qtbot.wait(10)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert landed == []


def test_closing_lets_writes_finish_and_stops_long_work(qtbot: QtBot) -> None:
    jobs = Jobs()
    written: list[int] = []

    def write(_progress: Progress) -> None:
        time.sleep(0.05)
        written.append(1)

    def endless(progress: Progress) -> None:
        while True:
            progress(0, 1)
            time.sleep(0.001)

    jobs.write(write)
    jobs.run(Lane.FILES, endless)
    jobs.close()
    assert written == [1]
    with pytest.raises(RuntimeError):
        jobs.write(write)
    qtbot.wait(1)


@pytest.mark.parametrize(("also_asked", "stopped"), [(False, {"silent"}), (True, {"silent", "asked"})])
def test_leaving_stops_what_nobody_asked_for_and_never_what_writes(
    jobs: Jobs, qtbot: QtBot, *, also_asked: bool, stopped: set[str]
) -> None:
    owner, gate = QObject(), threading.Event()
    ended: dict[str, str] = {}

    def work(progress: Progress) -> None:
        gate.wait(10)
        progress(1, 2)

    def start(name: str, lane: Lane, title: str) -> None:
        jobs.run(
            lane, work, lambda _none: ended.update({name: "done"}), owner=owner, shown=Shown(title),
            cancelled=lambda: ended.update({name: "stopped"}),
        )  # fmt: skip

    start("silent", Lane.FILES, "")
    start("asked", Lane.FILES, "导出照片")
    start("written", Lane.WRITE, "打包")
    jobs.let_go(owner, also_asked=also_asked)
    gate.set()
    qtbot.waitUntil(lambda: len(ended) == 3)
    assert {name for name, how in ended.items() if how == "stopped"} == stopped
