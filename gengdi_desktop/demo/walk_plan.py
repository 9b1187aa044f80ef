"""What becomes of each plot of the sample: a fate for each, and the dated steps that lead there; pure, repeatable."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from gengdi_desktop.demo.sample_plots import HUNDREDTH, SamplePlot
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import Division, UnitKind
from gengdi_desktop.domain.operations import Operation

CLERK = "吴小琴"
LEADER = "李建国"
CHECKER = "县专班核查一组（样例）"
COUNTY_ACCEPTANCE = "进耕专班验〔2023〕3号（样例）"
AS_OF = date(2023, 8, 20)

_SEED = 20230820
_CHECK_DAYS = (date(2023, 7, 25), date(2023, 7, 26), date(2023, 7, 27), date(2023, 7, 28))


class Fate(StrEnum):
    """Where a plot of the sample stands on the sample's fixed day."""

    CLOSED = "closed"
    CLOSED_ON_PAPER = "closed_on_paper"
    COUNTY_ACCEPTED = "county_accepted"
    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    WORKS_DONE = "works_done"
    PARTIAL = "partial"
    PLANNED = "planned"
    CONTESTED = "contested"
    RETURNED = "returned"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Step:
    """One action on one or more plots, as it would be given on the command line.

    Args:
        on: The event date; steps are done in the order of dates, and within a day in the order of the work.
        action: The action's code.
        values: Keys and texts of the action table.
        by: The member who acts.
        plots: The plots, by 标识码.
    """

    on: date
    action: Operation
    values: Mapping[str, str]
    by: str
    plots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo or paper that must be attached before the steps of its day.

    Args:
        on: The day on which it was taken or written.
        plot: The plot, by 标识码.
        stage: The code of the stage.
        ground: What the photo shows; empty for a paper.
        lines: What the paper says; empty for a photo.
    """

    on: date
    plot: str
    stage: str
    ground: str = ""
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class Walk:
    """All that happens to the plots between the list and the report."""

    fates: dict[str, Fate] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def of(self, *fates: Fate) -> tuple[str, ...]:
        """The plots of some fates, by 标识码."""
        return tuple(plot for plot, fate in self.fates.items() if fate in fates)


# How the land is put right, by the first two digits of the class after.
MEASURES: Mapping[str, tuple[str, str]] = {
    "02": ("清理果树，平整后复种粮食作物", "林果收益高于种粮，农户自行改种"),
    "03": ("移除林木，清理树根后复耕", "前些年绿化造林占用耕地"),
    "04": ("翻耕除草，落实代耕代种", "劳动力外出，连续两季未种"),
    "05": ("拆除建筑和硬化，覆土复耕", "临时经营场所占用耕地"),
    "06": ("拆除厂棚，清渣覆土后复耕", "小作坊未批先占"),
    "07": ("拆除超占部分，清基覆土后复耕", "农户建房超出批准范围"),
    "09": ("协商迁移，平整后复耕", "历史形成的零散占用"),
    "10": ("恢复临时便道占用的部分并复耕", "施工便道未及时恢复"),
    "11": ("排水清淤，填平后复种水稻", "低洼田改为养殖坑塘"),
    "12": ("清理堆料，翻耕后复种", "推平后闲置"),
}
# Beginnings of classes whose restoration is also shown while it goes on, and those that need somebody's word on paper.
_SHOWN_AT_WORK = ("05H1", "0508", "0601", "0602", "07", "11", "1206")
_WORDS_ON_PAPER: Mapping[str, str] = {
    "03": "林业部门意见：不属于公益林和退耕还林，同意恢复耕种。",
    "0810": "林业部门意见：不属于公益林和退耕还林，同意恢复耕种。",
    "09": "迁移协议已经签订，户主同意。",
    "0602": "回填土方已经丈量，耕作层厚度符合要求。",
    "1206": "回填土方已经丈量，耕作层厚度符合要求。",
}
_LEADERS = ("李建国", "陶志强", "胡文斌")
_CADRES = (
    "万小军",
    "胡玥",
    "章建平",
    "陈堃",
    "罗志华",
    "熊秋生",
    "吴喆",
    "邹美玲",
    "付国平",
    "周细毛",
    "龚春根",
    "艾文英",
)
_CROPS = ("晚稻", "晚稻", "秋大豆", "红薯", "秋玉米")
_ORDER = {
    action: place
    for place, action in enumerate(
        (
            Operation.CHECK,
            Operation.CONTEST,
            Operation.PLAN,
            Operation.HOLD,
            Operation.CANCEL,
            Operation.START,
            Operation.PROGRESS,
            Operation.WORKS_DONE,
            Operation.CLAIM,
            Operation.ACCEPT,
            Operation.COUNTY_ACCEPT,
            Operation.SPOT_CHECK,
            Operation.CLOSE,
            Operation.RETURN,
        )
    )
}


def plan_walk(plots: Sequence[SamplePlot]) -> Walk:
    """Gives each plot its fate and writes down what leads there; the same for the same plots."""
    walk = Walk()
    rng = random.Random(_SEED * 1_000 + len(plots))
    fates = fates_of(plots)
    single: list[Step] = []
    cadres = {village: _CADRES[place % len(_CADRES)] for place, village in enumerate(_villages(plots))}
    for plot in plots:
        fate = fates[plot.bsm]
        walk.fates[plot.bsm] = fate
        story = _Story(plot, fate, rng, cadres[plot.village.code])
        story.tell()
        single += story.steps
        walk.pictures += story.pictures
    walk.steps = _gathered(single)
    walk.pictures.sort(key=lambda picture: picture.on)
    return walk


def number_code(unit: Division) -> str:
    """The unit's short name in document numbers: 白府, and 江管 for a zone or a farm."""
    return f"{unit.name[0]}管" if unit.kind is UnitKind.OTHER_UNIT else f"{unit.name[0]}府"


def fates_of(plots: Sequence[SamplePlot]) -> dict[str, Fate]:
    """A fate for each plot: one each of the rare ones, a share of the open ones, the rest closed."""
    count = len(plots)
    open_: list[tuple[Fate, int]] = [
        (Fate.CONTESTED, 1),
        (Fate.CANCELLED, 1),
        (Fate.HELD, 1),
        (Fate.RETURNED, 1),
        (Fate.PARTIAL, max(2, count // 15)),
        (Fate.COUNTY_ACCEPTED, count // 20),
        (Fate.ACCEPTED, count // 26),
        (Fate.CLAIMED, count // 35),
        (Fate.WORKS_DONE, count // 50),
        (Fate.PLANNED, count // 50),
    ]
    fates: dict[str, Fate] = {}
    # A stride spreads the open plots over the villages; it never meets the same plot twice.
    order = sorted(range(count), key=lambda place: (place * 61) % 1009)
    for fate, number in open_:
        fitting = [plots[place] for place in order if plots[place].bsm not in fates and _fits(fate, plots[place])]
        fitting = fitting or [plots[place] for place in order if plots[place].bsm not in fates]
        fates |= {plot.bsm: fate for plot in fitting[:number]}
    on_paper = [plot for plot in plots if plot.bsm not in fates and plot.kind == "其他"]
    fates |= {plot.bsm: Fate.CLOSED_ON_PAPER for plot in on_paper}
    return {plot.bsm: fates.get(plot.bsm, Fate.CLOSED) for plot in plots}


def _fits(fate: Fate, plot: SamplePlot) -> bool:
    if fate is Fate.CONTESTED:
        return plot.kind == "其他"
    if fate is Fate.CANCELLED:
        return plot.class_after[0] == "1003"
    if fate in {Fate.PARTIAL, Fate.WORKS_DONE}:
        return plot.kind == "非粮化" and plot.cultivated_area >= Area(HUNDREDTH * 100)
    if fate is Fate.HELD:
        return plot.kind == "非农化"
    return plot.kind == "非粮化"


def _villages(plots: Sequence[SamplePlot]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plot.village.code for plot in plots))


def _gathered(steps: Iterable[Step]) -> list[Step]:
    """Steps with the same values on the same day become one, as a clerk would select the rows and act once."""
    groups: dict[tuple[date, int, str, tuple[tuple[str, str], ...], str], list[str]] = {}
    for step in steps:
        key = (step.on, _ORDER[step.action], step.action.value, tuple(step.values.items()), step.by)
        groups.setdefault(key, []).extend(step.plots)
    return [
        Step(on, Operation(action), dict(values), by, tuple(plots))
        for (on, _place, action, values, by), plots in sorted(groups.items(), key=lambda item: item[0][:2])
    ]


class _Story:
    """What happens to one plot, told in order."""

    def __init__(self, plot: SamplePlot, fate: Fate, rng: random.Random, cadre: str) -> None:
        self.plot, self.fate, self.cadre = plot, fate, cadre
        self.rng = rng
        self.steps: list[Step] = []
        self.pictures: list[Picture] = []
        self.measure, self.cause = MEASURES[plot.class_after[0][:2]]
        self.target = plot.cultivated_area

    def tell(self) -> None:
        """The whole story up to the sample's fixed day."""
        checked = self.rng.choice(_CHECK_DAYS)
        self.pictures.append(Picture(checked, self.plot.bsm, "before", ground=self.plot.class_after[0]))
        self._check(checked)
        if self.fate in {Fate.CONTESTED, Fate.CLOSED_ON_PAPER}:
            self._contest()
            return
        if self.fate is Fate.CANCELLED:
            values = {
                "document_number": "赣自然资函〔2023〕218号（样例）",
                "reason": "国家重点公路项目已批准用地，省厅同意核减",
            }
            self._step(date(2023, 8, 9), Operation.CANCEL, values)
            return
        begun = self._plan()
        if self.fate is Fate.HELD:
            values = {"kind": "disputed", "parties": "户主与邻户（样例）", "reason": "宅基地界址有争议，待调解"}
            self._step(date(2023, 8, 7), Operation.HOLD, values)
            return
        if self.fate is Fate.PLANNED:
            return
        self._work(begun)

    def _check(self, on: date) -> None:
        plot = self.plot
        lawful = self.fate in {Fate.CONTESTED, Fate.CLOSED_ON_PAPER}
        values = {
            "date": on.isoformat(),
            "finding": "lawful" if lawful else "true",
            "class_now": " ".join(plot.class_after),
            "cause": "已依法办理手续，影像上仍按流出提取" if lawful else self.cause,
            "party": f"{plot.village.short_name}村民（样例）"
            if plot.kind != "其他"
            else f"{plot.village.short_name}集体（样例）",
            "rectify": "否" if lawful else "是",
            "responsible_leader": _LEADERS[int(plot.village.code) % len(_LEADERS)],
            "grid_chief": self.cadre,
        }
        if plot.class_after[0] == "0702":
            values["built_on"] = date(
                self.rng.randint(2016, 2020), self.rng.randint(1, 6), self.rng.randint(1, 28)
            ).isoformat()
        self._step(on, Operation.CHECK, values)

    def _plan(self) -> date:
        plot = self.plot
        easy = plot.restore == "即可恢复"
        planned = date(2023, 7, 29) if easy else date(2023, 7, 30)
        deadline = date(2023, 8, 15) if easy or self.fate is Fate.PLANNED else AS_OF
        values = {
            "disposal_class": "immediate" if easy else "short_term",
            "measure": self.measure,
            "person": self.cadre,
            "person_title": "包村干部",
            "deadline": deadline.isoformat(),
            "difficulty": "easy" if easy else "middle",
            "plan_text": f"{plot.village.short_name}负责动员，乡里组织机械，{self.measure}。",
            "plan_approver": LEADER,
            "plan_approved_on": planned.isoformat(),
            "date": planned.isoformat(),
        }
        if plot.remark.startswith("影像有云") and plot.cultivated_area > Area(HUNDREDTH * 50):
            self.target = plot.cultivated_area - Area(HUNDREDTH * 10)
            values["target"] = self.target.exact()
            values["not_required_reason"] = "影像边界多出田埂外0.10亩，实地不是耕地"
        self._step(planned, Operation.PLAN, values)
        return planned + timedelta(days=self.rng.randint(1, 5))

    def _work(self, begun: date) -> None:
        self._step(begun, Operation.START, {"date": begun.isoformat()})
        half = self._share(self.rng.randint(35, 70))
        first = begun + timedelta(days=self.rng.randint(2, 4))
        if self.fate in {Fate.PARTIAL, Fate.WORKS_DONE}:
            self._progress(first, half)
            if self.fate is Fate.WORKS_DONE:
                done = date(2023, 8, 18)
                self._step(done, Operation.WORKS_DONE, {"date": done.isoformat()})
            return
        if self.rng.randint(0, 3) == 0:
            self._progress(first, half)
        finished = first + timedelta(days=self.rng.randint(1, 4))
        self._finish(finished)
        self._close(finished + timedelta(days=1))

    def _finish(self, on: date) -> None:
        """All of the target is settled: mostly on the ground, now and then a part by papers."""
        values = {"date": on.isoformat(), "restored": self.target.exact()}
        if self.plot.kind == "非农化":
            values["demolition_record"] = f"{on.month}月{on.day}日拆除清运完毕（样例）"
        values |= {"crop": self.rng.choice(_CROPS), "sown_on": on.isoformat()}
        if self.plot.class_after[0] in {"05H1", "0601"} and self.target > Area(HUNDREDTH * 40):
            papers = self._share(30)
            values |= {"restored": (self.target - papers).exact(), "regularised": papers.exact()}
            lines = (
                f"图斑：{self.plot.village.short_name} {self.plot.number}",
                f"补办用地手续面积：{papers.display()}亩",
            )
            self.pictures.append(Picture(on, self.plot.bsm, "paper", lines=lines))
        if self.fate is not Fate.CLAIMED:  # those still lack what the evidence rules ask for, as happens
            self._prove(on)
        self._step(on, Operation.PROGRESS, values)
        self.pictures.append(Picture(on, self.plot.bsm, "after", ground="crop"))

    def _prove(self, on: date) -> None:
        """What the rules want in the file beside before and after."""
        code = self.plot.class_after[0]
        if code.startswith(_SHOWN_AT_WORK):
            self.pictures.append(Picture(on - timedelta(days=1), self.plot.bsm, "during", ground="cleared"))
        words = next((words for begins, words in _WORDS_ON_PAPER.items() if code.startswith(begins)), "")
        if words:
            lines = (f"图斑：{self.plot.village.short_name} {self.plot.number}", words)
            self.pictures.append(Picture(on, self.plot.bsm, "paper", lines=lines))

    def _contest(self) -> None:
        on = date(2023, 8, 2)
        road = self.plot.class_after[0] == "1006"
        bucket = "regularised" if road else "proved"
        lines = (
            f"图斑：{self.plot.village.short_name} {self.plot.number}",
            "经实地核实，该处为已备案的设施农用地。" if not road else "经实地核实，该处为已补办手续的农村道路。",
        )
        self.pictures.append(Picture(on, self.plot.bsm, "paper", lines=lines))
        values = {
            "proof_kind": "regularised" if road else "lawful_use",
            "bucket": bucket,
            "statement": lines[1],
            "document_number": f"备案〔2022〕{int(self.plot.number)}号（样例）",
            "date": on.isoformat(),
        }
        self._step(on, Operation.CONTEST, values)
        if self.fate is Fate.CLOSED_ON_PAPER:
            self._close(date(2023, 8, 8))

    def _close(self, claimed: date) -> None:
        """From the claim as far as the fate goes; nothing lies after the sample's fixed day."""
        self._step(claimed, Operation.CLAIM, {"date": claimed.isoformat()})
        if self.fate is Fate.CLAIMED:
            return
        accepted = claimed + timedelta(days=2)
        values = {"group": "乡耕地整改验收组", "date": accepted.isoformat(), "as_claimed": "是"}
        self._step(accepted, Operation.ACCEPT, values, by=LEADER)
        if self.fate is Fate.ACCEPTED:
            return
        if self.fate is Fate.RETURNED:
            self._return()
            return
        again = date(2023, 8, 17)
        values = {"document_number": COUNTY_ACCEPTANCE, "date": again.isoformat(), "as_claimed": "是", "group": CHECKER}
        self._step(again, Operation.COUNTY_ACCEPT, values)
        if self.fate is Fate.COUNTY_ACCEPTED:
            return
        if self.rng.randint(0, 9) == 0:
            self._spot_check(date(2023, 8, 19), "passed", "现场已播种，与申报一致")
        closed = date(2023, 8, 20)
        values = {"date": closed.isoformat(), "document_number": "销号〔2023〕1号（样例）", "closer": CLERK}
        if self.plot.kind == "非农化":
            values |= {"person_handled": "已批评教育，不涉及党员干部", "demolished": "done"}
            values |= {"confiscated": "not_concerned", "referred": "not_concerned"}
        self._step(closed, Operation.CLOSE, values)

    def _return(self) -> None:
        self._spot_check(date(2023, 8, 19), "failed", "只翻耕未播种，田头仍有树根")
        values = {
            "reason": "抽查不合格：只翻耕未播种，须清除树根后播种",
            "deadline": "2023-08-25",
            "document_number": "进耕专班退〔2023〕1号（样例）",
            "date": AS_OF.isoformat(),
        }
        self._step(AS_OF, Operation.RETURN, values)

    def _spot_check(self, on: date, outcome: str, note: str) -> None:
        values = {
            "date": on.isoformat(),
            "checker": CHECKER,
            "outcome": outcome,
            "document_number": "进耕专班抽〔2023〕2号（样例）",
            "note": note,
        }
        self._step(on, Operation.SPOT_CHECK, values)

    def _progress(self, on: date, restored: Area) -> None:
        values = {"date": on.isoformat(), "restored": restored.exact(), "note": "机械作业中，分块推进"}
        self._step(on, Operation.PROGRESS, values)

    def _share(self, percent: int) -> Area:
        """A share of the target, cut to two decimals, never nothing and never all."""
        hundredths = self.target.micro_mu * percent // (100 * HUNDREDTH)
        return Area(max(1, hundredths) * HUNDREDTH)

    def _step(self, on: date, action: Operation, values: Mapping[str, str], *, by: str = CLERK) -> None:
        self.steps.append(Step(on, action, values, by, (self.plot.bsm,)))
