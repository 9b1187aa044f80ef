"""The first plots in an order by a fact of rounds are those of the whole order, however they are looked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Label
from gengdi_desktop.ledger import first_plots, queries
from gengdi_desktop.ledger.first_plots import Held, first_ids
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery, plot_ids
from gengdi_desktop.storage import driver
from gengdi_desktop.storage.stopping import rows
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from tests.helpers.ledgers import CLERK, ISSUED, new_ledger

MU = 1_000_000
FIELDS = ("person", "deadline", "disposal_class", "difficulty", "measure", "target", "settled", "remaining")


@pytest.fixture(scope="module", params=["few blank", "many blank", "old rounds"])
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Sixty plots whose ids are in another order than the ledger's, with rounds of many kinds."""
    kind = request.param
    chance = random.Random(kind)
    with new_ledger(tmp_path_factory.mktemp("first") / "台账") as made, made.begin(Operation.IMPORT, CLERK) as work:
        for position in range(60):
            plot = f"{chance.randrange(10**6):06d}{position:02d}"
            number = 2 if kind == "old rounds" and position % 3 else 1
            facts = {**ISSUED, "plot_no": str(position), "position": position, "round": number}
            work.session.add(PlotRow(id=plot, **facts | {"issued_area": chance.randrange(1, 5) * MU}))
            for of_round in range(1, number + 1):
                if chance.random() < (0.6 if kind == "many blank" else 0.05):
                    continue
                work.session.add(RoundRow(id=f"{plot}:{of_round}", plot_id=plot, number=of_round, **_round(chance)))
        work.commit()
        yield made


def _round(chance: random.Random) -> dict[str, Any]:
    target = chance.choice((0, 2, 4)) * MU
    return {
        "target": target,
        "restored": chance.randrange(2) * target // 2,
        "other": target // 4,
        "person": chance.choice(("", "王五", "李四", "张三")),
        "deadline": chance.choice((None, "2023-08-01", "2023-09-01")),
        "disposal_class": chance.choice(("", "short_term")),
        "difficulty": chance.choice(("", "easy", "hard")),
        "measure": "清苗复耕",
    }


@pytest.mark.parametrize("many", [0, 3, 20_000])
@pytest.mark.parametrize("field", FIELDS)
def test_the_first_ones_are_those_of_the_whole_order(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, field: str, many: int
) -> None:
    monkeypatch.setattr(first_plots, "_MANY", many)
    for descending in (False, True):
        query = PlotQuery(order=field, descending=descending)
        whole = plot_ids(ledger, query)
        assert len(whole) == 60
        for limit in (1, 4, 17, 59, 60, 80):
            assert plot_ids(ledger, query, limit=limit) == whole[:limit]


def test_some_of_them_are_found_without_the_whole_question(ledger: Ledger) -> None:
    with ledger.reading() as session:
        found = [first_ids(session, field, descending=True, limit=4) for field in FIELDS]
    assert any(ids is not None for ids in found)


@pytest.mark.parametrize("candidates", [2, 9, 30, 20_000])
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "condition",
    [
        Condition("round", 1),
        Condition("person", "王五"),
        Condition("label", (Label.PARTIAL, Label.UNRECTIFIED), Match.ONE_OF),
        Condition("remaining", "0.5", Match.AT_LEAST),
    ],
)
def test_the_first_ones_under_a_condition_are_those_of_the_whole_order(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, field: str, candidates: int, condition: Condition
) -> None:
    monkeypatch.setattr(first_plots, "_CANDIDATES", candidates)
    for descending in (False, True):
        query = PlotQuery((condition,), order=field, descending=descending)
        whole = plot_ids(ledger, query)
        for limit in (1, 4, 17, 60):
            assert plot_ids(ledger, query, limit=limit) == whole[:limit]


def test_some_of_them_under_a_condition_are_found_without_the_whole_question(ledger: Ledger) -> None:
    open_ones = Held("p.state = :state", {"state": "issued"})
    with ledger.reading() as session:
        found = first_ids(session, "remaining", descending=True, limit=2, held=open_ones)
        assert first_ids(session, "person", descending=True, limit=2, held=open_ones) is None
    assert found == plot_ids(ledger, PlotQuery((Condition("state", "issued"),), order="remaining", descending=True))[:2]


def test_what_is_no_fact_of_rounds_or_wanted_whole_is_asked_whole(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger.reading() as session:
        assert first_ids(session, "village", descending=False, limit=3) is None

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(queries, "first_ids", never)
    assert len(plot_ids(ledger, PlotQuery(order="person"))) == 60


@pytest.mark.parametrize(("field", "index"), [("settled", "ix_round_settled"), ("remaining", "ix_round_remains")])
def test_what_is_reckoned_of_rounds_comes_from_an_index_in_its_order(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, field: str, index: str
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def noting(session: Any, statement: str, given: dict[str, Any], progress: Any = None) -> Any:
        asked.append((statement, given))
        return rows(session, statement, given, progress)

    monkeypatch.setattr(first_plots, "rows", noting)
    with ledger.reading() as session:
        first_ids(session, field, descending=True, limit=4)
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, driver.Connection)
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall() for statement, given in asked]
    of_rounds = [plan for plan in plans if any(" r " in step[3] and step[3].startswith("SCAN r") for step in plan)]
    assert plans
    assert all(any(index in step[3] for step in plan) for plan in of_rounds)
    assert not any("USE TEMP B-TREE" in step[3] for step in plans[0])
