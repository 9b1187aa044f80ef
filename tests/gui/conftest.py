"""The window's tests share one application, dressed as the program dresses it, and one sample ledger to copy from."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.application import dress, make_application
from gengdi_desktop.ui.jobs import Jobs
from tests.gui.county_desk import NAME, make_county
from tests.gui.sample_desk import make_desk
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock
from tests.helpers.made_once import made_once

_HERE = Path(__file__).parent
_PATIENCE_MS = 60_000
_TESTS_BETWEEN_TIDYING = 25


class PatientBot(QtBot):
    """Waits as long as a busy machine takes; what never comes is still an error."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS) -> None:
        """Turn the event loop until *callback* is true, or returns without a failed assertion."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _PATIENCE_MS, **wishes: Any) -> Any:
        """A block that ends when *signal* was emitted."""
        return super().waitSignal(signal, timeout=timeout, **wishes)

    def waitExposed(self, widget: QWidget, *, timeout: int = _PATIENCE_MS) -> Any:
        """A block that ends when *widget* is on the screen."""
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:  # noqa: ARG001  # the application must be there
    """pytest-qt's hands, with more patience than its five seconds."""
    return PatientBot(request)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The screenless platform says of every window with a smallest size that it cannot keep it; that is no fault."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(autouse=True)
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application with fonts and the light look; another look ends with the test.

    As in the program, lost objects are looked for by this thread alone: a closed window is a knot of them, and a lane
    that found it would take it apart where Qt does not allow it.
    """
    gc.disable()
    make_application()
    dress(qapp, theme.LIGHT, 1.0)
    yield qapp
    dress(qapp, theme.LIGHT, 1.0)
    gc.collect(2 if gc.get_count()[2] >= _TESTS_BETWEEN_TIDYING else 1)
    gc.enable()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer that has seen no ledger before: no settings, no identities, no remembered heads."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GENGDI_HOME", str(folder))
    return folder


@pytest.fixture
def jobs(app: QApplication) -> Iterator[Jobs]:
    """Lanes that are put away after the test."""
    made = Jobs()
    yield made
    made.close()
    app.processEvents()


@pytest.fixture(scope="session")
def sample_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A walked sample ledger with long village names; tests work on copies."""
    return made_once(
        tmp_path_factory,
        "desk",
        lambda folder: make_desk(folder / "白圩乡2023整改台账", FixedClock(), long_names=True),
    )


@pytest.fixture(scope="session")
def county_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's ledger; tests work on copies."""
    return made_once(tmp_path_factory, "county", lambda folder: make_county(folder / NAME))


@pytest.fixture
def desk_folder(sample_desk: Path, tmp_path: Path) -> Path:
    """A ledger of the test's own."""
    return shutil.copytree(sample_desk, tmp_path / sample_desk.name)


@pytest.fixture
def window(desk_folder: Path, clock: FixedClock) -> Iterator[Stage]:
    """The real window with the ledger open."""
    with stage(clock) as made:
        made.open(desk_folder)
        yield made
