"""The habits of all tests: a home of their own, no screen, and no warning that nobody expected."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.helpers.clock import FixedClock
from tests.helpers.scratch import scratch_in_memory

_TESTS = Path(__file__).parent
_HOME = pytest.StashKey[tempfile.TemporaryDirectory[str]]()
_SCRATCH = pytest.StashKey[Path]()
_FOLDER_MARKERS = {"gui": "gui", "faults": "faults"}
_OBJECTS_BETWEEN_LOOKS = 20_000

# The machine may be busy, so no deadline; and the same examples on every run, so that a red test is red again.
settings.register_profile(
    "sample", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know ``--full``."""
    parser.addoption("--full", action="store_true", help="run the long loops whole instead of a fair sample")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests away from the user's own settings, identities and screen, before anything is imported."""
    # Looks for garbage took a twentieth of the processor's time, and half of it where the whole source is parsed.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    scratch = scratch_in_memory()
    if scratch is not None:
        config.stash[_SCRATCH] = scratch
    home = tempfile.TemporaryDirectory(prefix="gengdi-test-home-")
    config.stash[_HOME] = home
    os.environ["GENGDI_HOME"] = home.name
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    settings.load_profile("full" if config.getoption("--full") else "sample")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home of the tests, and their files in memory."""
    config.stash[_HOME].cleanup()
    if _SCRATCH in config.stash:
        shutil.rmtree(config.stash[_SCRATCH], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Derive the markers from the folders, and leave the long tests out unless they are asked for."""
    left_out = pytest.mark.skip(reason="long: runs with --full (make test-full)")
    for item in items:
        if item.path.is_relative_to(_TESTS):
            marker = _FOLDER_MARKERS.get(item.path.relative_to(_TESTS).parts[0])
            if marker is not None:
                item.add_marker(marker)
        if item.get_closest_marker("full") is not None and not config.getoption("--full"):
            item.add_marker(left_out)


def pytest_collection_finish() -> None:
    """What is there now stays to the end; else each look for garbage would go through all of it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the long loops run whole."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at 2023-08-20 02:00 UTC."""
    return FixedClock()


class StrayLogs:
    """Collects what is logged from WARNING on; a test names the loggers from which it expects some."""

    def __init__(self) -> None:
        self.records: list[logging.LogRecord] = []
        self._expected: set[str] = set()

    def expect(self, logger: str) -> None:
        """Let warnings of this logger, and of those below it, pass. At least one must come."""
        self._expected.add(logger)

    def stray(self) -> list[str]:
        """The messages that nobody expected, and the expectations that nobody met."""
        unexpected = [
            f"{record.levelname} {record.name}: {record.getMessage()}"
            for record in self.records
            if not any(_below(record.name, logger) for logger in self._expected)
        ]
        unmet = [
            f"no warning came from {logger}"
            for logger in sorted(self._expected)
            if not any(_below(record.name, logger) for record in self.records)
        ]
        return unexpected + unmet


def _below(name: str, logger: str) -> bool:
    return name == logger or name.startswith(logger + ".")


class _Collector(logging.Handler):
    def __init__(self, logs: StrayLogs) -> None:
        super().__init__(logging.WARNING)
        self._logs = logs

    def emit(self, record: logging.LogRecord) -> None:
        self._logs.records.append(record)


@pytest.fixture(autouse=True)
def stray_logs() -> Iterator[StrayLogs]:
    """Fail the test that lets a WARNING or worse be logged without having said so by ``stray_logs.expect``."""
    logs = StrayLogs()
    collector = _Collector(logs)
    root = logging.getLogger()
    root.addHandler(collector)
    yield logs
    root.removeHandler(collector)
    if stray := logs.stray():
        pytest.fail("stray log messages:\n" + "\n".join(stray), pytrace=False)
