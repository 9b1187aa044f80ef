"""A ledger of any number of plots in all states, with rounds, people and photos, for measuring what reads it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from bench.lists import COUNTY
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk, State
from gengdi_desktop.ledger.service import NewLedger, create_ledger
from gengdi_desktop.storage.tables import IdentifierRow, PlotRow, RoundRow
from gengdi_desktop.system.clock import Clock, SystemClock

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
)
_GIVEN = "志强桂花文斌小琴建国秀英明华丽军伟芳娜敏静杰涛勇艳超兰霞平刚玲辉红玉春梅鹏飞婷海燕波凤云龙宁欣怡浩宇轩"
_PLACES = "上下东西南北前后大小白连桥圩坪溪塘湾岭坑坝洲陂源竹杨梅松柏石龙凤泉井湖渡口街长重朝乐行"
_AFTER = (
    "果园",
    "农村道路",
    "设施农用地",
    "其他草地",
    "农村宅基地",
    "坑塘水面",
    "乔木林地",
    "工业用地",
    "物流仓储用地",
)
_BSM = "3699"
_TOWNSHIPS, _VILLAGES, _PEOPLE = 24, 400, 900
_FIRST_DAY = date(2023, 7, 1)
_BEGUN = (State.PLANNED, State.WORKING, State.WORKS_DONE, State.CLAIMED, State.ACCEPTED, State.CLOSED)
_STATES = (State.ISSUED, State.CHECKED, *_BEGUN, State.WORKING, State.WORKING)

_PLOT = (
    *("id", "entry", "position", "county", "township", "township_code", "village", "village_code", "group_name"),
    *("plot_no", "outflow_year", "kind", "class_system", "class_before", "class_before_name", "class_after"),
    *("class_after_name", "plot_area", "cultivated_area", "basic_area", "outflow_area", "issued_area", "state"),
    *("round", "held", "party", "responsible_leader", "grid_chief", "remark"),
)
_ROUND = ("id", "plot_id", "number", "target", "restored", "proved", "measure", "person", "deadline", "returned_on")


def write_ledger(
    folder: Path,
    plots: int,
    clock: Clock | None = None,
    desk: Desk = Desk.COUNTY,
    townships: Sequence[str] = (),
) -> None:
    """Make a ledger with that many plots of a county's townships; the same number gives the same plots.

    Args:
        folder: Where.
        plots: How many.
        clock: Who tells the time.
        desk: Whose ledger it is.
        townships: Their names, turn by turn; made up where none are given.
    """
    unit = "进贤县" if desk is Desk.COUNTY else "白圩乡"
    new = NewLedger(desk=desk, county="进贤县", unit=unit, member="张三")
    ledger = create_ledger(folder, new, clock or SystemClock())
    chance = random.Random(plots)  # noqa: S311  # the same plots each time, no secret
    with ledger.begin(Operation.IMPORT, Actor("张三")) as work:
        rows = list(_plots(chance, plots, work.seq, townships))
        work.bulk(PlotRow, _PLOT, rows)
        first = work.new_keys(IdentifierRow, plots)
        names = ("id", "plot_id", "kind", "value", "list_id")
        work.bulk(
            IdentifierRow, names, ((first + n, row[0], "bsm", f"{_BSM}{n:014d}", None) for n, row in enumerate(rows))
        )
        work.bulk(RoundRow, _ROUND, _rounds(chance, rows))
        work.commit()
    ledger.close()


def _plots(
    chance: random.Random, count: int, seq: int, names: Sequence[str] = ()
) -> Iterator[tuple[int | str | None, ...]]:
    townships = [_place(chance) + "乡" for _ in range(_TOWNSHIPS)]
    townships = [names[at % len(names)] for at in range(_TOWNSHIPS)] if names else townships
    villages = [(chance.randrange(_TOWNSHIPS), _place(chance) + "村") for _ in range(_VILLAGES)]
    people = [_person(chance) for _ in range(_PEOPLE)]
    kinds = list(ProblemKind)
    # In ascending order, as an import gives them out.
    ids = sorted(f"{chance.getrandbits(128):032x}" for _ in range(count))
    for n in range(count):
        at = chance.randrange(_VILLAGES)
        township, village = villages[at]
        area = chance.randrange(10, 4_000) * 10_000
        yield (
            *(ids[n], seq, n, "进贤县", townships[township], f"{COUNTY}{township:03d}"),
            *(village, f"{COUNTY}{township:03d}{at:03d}", f"{n % 9 + 1}组", f"{n % 9_999 + 1:04d}", 2021 + n % 3),
            *(chance.choice(kinds).value, "third_survey", "0101", "水田", "0201", chance.choice(_AFTER)),
            *(area, area, area if n % 7 == 0 else None, area, area, chance.choice(_STATES).value, 1, int(n % 61 == 0)),
            *(chance.choice(people), people[at % 60], people[at], f"第{n}块" if n % 3 == 0 else ""),
        )


def _rounds(chance: random.Random, rows: list[tuple[int | str | None, ...]]) -> Iterator[tuple[int | str | None, ...]]:
    state, area, chief = _PLOT.index("state"), _PLOT.index("issued_area"), _PLOT.index("grid_chief")
    begun = {one.value for one in _BEGUN}
    for row in rows:
        if row[state] not in begun:
            continue
        target = int(row[area] or 0)
        done = row[state] not in {State.PLANNED, State.WORKING}
        restored = target if done else 0 if row[state] == State.PLANNED else chance.randrange(target)
        day = (_FIRST_DAY + timedelta(days=chance.randrange(120))).isoformat()
        back = day if chance.randrange(40) == 0 else None
        yield (f"{row[0]}:1", row[0], 1, target, restored, 0, "清苗复耕", row[chief], day, back)


def _place(chance: random.Random) -> str:
    return "".join(chance.sample(_PLACES, chance.choice((2, 2, 3))))


def _person(chance: random.Random) -> str:
    return chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))
