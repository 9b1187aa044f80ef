"""Measure one job in a process of its own: seconds, and the largest memory of the process and of its children."""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]
_KILOBYTES = 1024


@dataclass(frozen=True)
class Measured:
    """What one job took.

    Attributes:
        seconds: Wall clock of the job, without the start of Python and the imports it names as preparation.
        processor: Seconds of processors that the process and its children used, start and imports included: what a
            busy machine does not change.
        own_mb: Largest memory of the process that did it.
        children_mb: Largest memory of any process that it started; 0 without.
        answer: What the job returned.
    """

    seconds: float
    processor: float
    own_mb: float
    children_mb: float
    answer: Any


def measure(job: str, *, runs: int = 1, **arguments: Any) -> Measured:
    """Run ``"module:function"`` in fresh processes.

    Args:
        job: The function; it is called with the arguments and returns a pair of seconds and anything JSON can hold.
        runs: How often; the median time and the largest memory count.
        arguments: JSON values.
    """
    command = [sys.executable, "-m", "bench.measuring", job, json.dumps(arguments)]
    environment = dict(os.environ, PYTHONPATH=str(ROOT), QT_QPA_PLATFORM="offscreen")
    found = []
    for _ in range(runs):
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        found.append(Measured(**json.loads(run.stdout.splitlines()[-1])))
    return Measured(
        statistics.median(one.seconds for one in found),
        statistics.median(one.processor for one in found),
        max(one.own_mb for one in found),
        max(one.children_mb for one in found),
        found[-1].answer,
    )


class Stopwatch:
    """Counts the seconds inside a ``with``."""

    def __init__(self) -> None:
        """Stand at nought."""
        self.seconds = 0.0
        self._started = 0.0

    def __enter__(self) -> Self:
        """Start."""
        self._started = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.seconds += time.perf_counter() - self._started


def _be_the_job(job: str, arguments: str) -> None:
    module, _, function = job.partition(":")
    seconds, answer = getattr(importlib.import_module(module), function)(**json.loads(arguments))
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, children = (usage.ru_maxrss / _KILOBYTES for usage in usages)
    processor = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    told = {"seconds": seconds, "processor": processor, "own_mb": own, "children_mb": children, "answer": answer}
    print(json.dumps(told))


if __name__ == "__main__":
    _be_the_job(sys.argv[1], sys.argv[2])
