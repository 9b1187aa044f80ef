"""Troubles of rows as problems for people: each refusal by its address, each note once with the number of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gengdi_desktop.domain.land_classes import ClassSystem, LandClasses, PairProblem
from gengdi_desktop.intake.diff import RowOutcome
from gengdi_desktop.intake.previews import Decision
from gengdi_desktop.intake.readings import Reading, Trouble
from gengdi_desktop.sheets.problems import Problem, column_letters

_NOT_CULTIVATED = "class_before_not_cultivated"


def row_problems(readings: Sequence[Reading], names: Mapping[int, str]) -> tuple[Problem, ...]:
    """Every refusal of every row that is not skipped, in the order of the file.

    Args:
        readings: The rows.
        names: Position of a sheet → its name.
    """
    return tuple(
        _problem(reading, trouble, names)
        for reading in readings
        if reading.refusals and not reading.place.skipped and not reading.blank
        for trouble in reading.refusals
    )


def row_notes(
    readings: Sequence[Reading], decisions: Sequence[Decision], names: Mapping[int, str]
) -> tuple[Problem, ...]:
    """The notes of all rows that are not skipped; the same note of many rows stands once, at the first."""
    first: dict[tuple[str, str], Problem] = {}
    count: dict[tuple[str, str], int] = {}
    for reading, decision in zip(readings, decisions, strict=True):
        if reading.notes and decision.outcome is not RowOutcome.SKIPPED:
            for trouble in reading.notes:
                key = (trouble.code, trouble.message)
                count[key] = count.get(key, 0) + 1
                if key not in first:
                    first[key] = _problem(reading, trouble, names)
    return tuple(
        replace(problem, message=f"{problem.message}（这样的有 {count[key]} 行）") if count[key] > 1 else problem
        for key, problem in first.items()
    )


def class_system(readings: Iterable[Reading], classes: LandClasses) -> ClassSystem:
    """The coding system in which all classes of a list agree with their names; the third survey's where none does."""
    pairs = {pair for four in {reading.classes for reading in readings} for pair in (four[:2], four[2:]) if any(pair)}
    fitting = classes.fitting(sorted(pairs))
    return ClassSystem.THIRD_SURVEY if not fitting or ClassSystem.THIRD_SURVEY in fitting else fitting[0]


def note_classes(readings: Iterable[Reading], classes: LandClasses, system: ClassSystem) -> None:
    """Add notes to rows whose class code and name do not agree, or whose class before is not cultivated land."""
    troubles: dict[tuple[str, str, str, str], tuple[Trouble, ...]] = {}
    for reading in readings:
        found = troubles.get(reading.classes)
        if found is None:
            before, after = reading.classes[:2], reading.classes[2:]
            judged = (_judge(before, classes, system), _judge(after, classes, system))
            all_of_them = (*judged, _judge_before(before, classes, system))
            found = troubles[reading.classes] = tuple(trouble for trouble in all_of_them if trouble is not None)
        for trouble in found:
            reading.note(trouble)


def _judge(pair: tuple[str, str], classes: LandClasses, system: ClassSystem) -> Trouble | None:
    found = classes.read(*pair, system)
    if not any(pair) or found.problem is None or found.problem is PairProblem.EMPTY:
        return None
    return Trouble(-1, found.problem.value, f"{found.message}原文照收。")


def _judge_before(pair: tuple[str, str], classes: LandClasses, system: ClassSystem) -> Trouble | None:
    found = classes.read(*pair, system)
    if not any(pair) or found.land_class is None or found.land_class.cultivated:
        return None
    text = f"流出前地类“{found.code}{found.name}”不是耕地，请核对。原文照收。"
    return Trouble(-1, _NOT_CULTIVATED, text)


def _problem(reading: Reading, trouble: Trouble, names: Mapping[int, str]) -> Problem:
    letters = column_letters(trouble.column) if trouble.column >= 0 else ""
    return Problem(names[reading.sheet], reading.row, letters, trouble.code, trouble.message)
