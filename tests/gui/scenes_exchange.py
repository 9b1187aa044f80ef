"""The page of exchange at all three desks: what went and came, what a package says, conflicts, packing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.ledger.service import NewLedger, create_ledger
from gengdi_desktop.ui.pages.exchange_page import ExchangePage
from gengdi_desktop.ui.pages.exchange_view import (
    ArrivalView,
    ComparedRow,
    ConflictView,
    OverviewView,
    PackageView,
    PackedAll,
    PackedView,
    PackKindView,
    PackView,
    ReceiverView,
    SaidGroup,
    SaidRow,
)
from tests.gui.window_stage import Stage
from tests.helpers import signed_pdfs
from tests.helpers.clock import FixedClock

Bring = Callable[[Stage, Path], None]
_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
COUNTY_CODE = "360124"
LONG = "白圩乡赛阳关果场社区居民委员会 0002"
TOWNSHIPS = ("民和镇", "前坊镇", "三里乡", "南台乡", "白圩乡", "罗溪镇", "李渡镇", "文港镇", "长山晏乡", "五里垦殖场")


def exchange_page(stage: Stage) -> ExchangePage:
    """The page of exchange of an open window."""
    page = stage.window.page
    assert isinstance(page, ExchangePage)
    return page


def packages() -> OverviewView:
    """A township's packages after some weeks."""
    county = "进贤县自然资源局"
    return OverviewView(
        (
            PackageView(
                "d", "8-19", False, PackageKind.FEEDBACK, "反馈包 第 1 次", county, "3", "9.32", "回执待带", "ink",
                "没有改写", "land", "进贤县_反馈包_白圩乡_20230819.gdpkg",
                "这个包接着上次收到的，对方没有改过已经报来的记录。退回 3 个图斑，限 8 月 22 日前改。",
            ),
            PackageView(
                "c", "8-17", True, PackageKind.SUBMISSION, "报送包 第 2 次", county, "106", "161.15", "对方已收",
                "land",
                file="白圩乡_报送包_进贤县_20230817.gdpkg", told="对方 8月18日 09:40 收下，回执在 8-19 的反馈包里。",
            ),
            PackageView(
                "b", "8-10", True, PackageKind.SUBMISSION, "报送包 第 1 次", county, "106", "161.15", "未见回执",
                "soil",
                file="白圩乡_报送包_进贤县_20230810.gdpkg", told="还没有看到对方的回执。后一次已收，这一次不用再交。",
            ),
            PackageView(
                "a", "8-02", False, PackageKind.TASK, "任务包 第 1 次", county, "106", "161.15", "回执已带", "ink",
                "", "ink", "进贤县_任务包_白圩乡_20230802.gdpkg", "这是对方的第一个包。",
            ),
        ),
        {
            (PackageKind.TASK, False): "上次 8-02，第 1 次",
            (PackageKind.SUBMISSION, True): "上次 8-17，第 2 次，对方已收",
            (PackageKind.FEEDBACK, False): "上次 8-19，第 1 次",
        },
    )  # fmt: skip


def _groups() -> tuple[SaidGroup, ...]:
    return (
        SaidGroup("new", "新增", 2, "个图斑", "本台还没有的图斑，收下后就有了。", (
            SaidRow("上街社区 0031"), SaidRow("致岭村 0044"),
        )),
        SaidGroup("changed", "改动", 4, "处", "只有对方改过，收下后照对方的。", (
            SaidRow("上街社区 0002", "办理情况", "整改中", "已申报", "00000000000000000000000000000001"),
            SaidRow("上街社区 0011", "责任人", "", "周文斌", "00000000000000000000000000000002"),
            SaidRow("致岭村 0014", "备注", "已动工", "已动工，8 月底前种下", "00000000000000000000000000000003"),
            SaidRow(LONG, "现状地类", "果园", "旱地", "00000000000000000000000000000004"),
        )),
        SaidGroup("conflicts", "冲突", 2, "处", "两边都改过，又不一样。本台的先留着，收下后到“冲突”里定。", (
            SaidRow("连桥村 0007", "应整改面积", "5.28 亩", "5.82 亩", "00000000000000000000000000000005"),
            SaidRow("连桥村 0009", "办理情况", "已申报", "整改中", "00000000000000000000000000000006"),
        ), "soil"),
        SaidGroup("deleted", "不再有", 1, "行", "对方已经删掉的；本台没有动过的跟着删，动过的留着。", (
            SaidRow("连桥村 0012", "", "", "对方已经没有这个图斑，跟着删去。"),
        )),
        SaidGroup("photos", "缺照片", 2, "张", "包里写着、但没有带来的照片。收下后图斑上会写明缺哪张。", (
            SaidRow("连桥村 0007", "整改后 1 张"), SaidRow("致岭村 0014", "整改后 1 张"),
        ), "soil"),
        SaidGroup("refused", "不收", 1, "行", "对方不该改的，按名列出，别的照收。", (
            SaidRow("塘边村 0003", "", "", "这个图斑不是发来的单位的。"),
        ), "seal"),
    )  # fmt: skip


def arrival(*, trusted: bool = True, kind: str = "good") -> ArrivalView:
    """What a package says: ``good``, ``older`` or ``rewritten``."""
    certificate = None if trusted else signed_pdfs.person("王玥").certificate
    may = trusted and kind == "good"
    facts = (
        ("来自", "白圩乡人民政府（乡镇台账）"),
        ("打包人", "王玥（经办人），证书到 2026年8月20日"),
        ("发给", "进贤县自然资源局"),
        ("专项", "进贤县2023年耕地保护领域突出问题专项整改，进府办发〔2023〕43号"),
        ("装着", "106 个图斑"),
    )
    signs = {
        "good": ("check" if trusted else "warn", "收下前先看下面；现在台账还没有变。"),
        "older": ("stop", "已经收过它更新的一个（第 3 次，8-19），旧的不能再收。台账没有变。"),
        "rewritten": ("stop", "对方改动了已经报来的记录，先打电话问清。"),
    }  # fmt: skip
    sign, more = signs[kind]
    if not trusted:
        more = "内容没有改过，打包的人还不在信任名单里。先核对指纹，再收。"
    rewritten = (
        ("8月9日 第 412 条，吴小琴，记进展", "8月9日 第 413 条，吴小琴，申报到位") if kind == "rewritten" else ()
    )
    return ArrivalView(
        path=Path("/media/U盘/白圩乡_报送包_进贤县_20230817.gdpkg"),
        sign=sign,  # type: ignore[arg-type]
        what="白圩乡人民政府的报送包，第 2 次，8月17日 16:12 打的（对方电脑的时间）。",
        more=more,
        facts=facts,
        proof_sign="stop" if rewritten else "check",
        proof=(
            "以前报来的 612 条记录里，有 2 条被改写过。"
            if rewritten
            else "接着第 612 条带来 88 条办理记录，以前报过的都在，一条没有改写。"
        ),
        rewritten=rewritten,
        certificate=certificate,
        groups=_groups(),
        nothing="",
        verb="收下",
        may_take=may,
        why_not="" if may else "先核对指纹，信任打包的人，再收。" if not trusted else "这个包不能收。",
    )


def conflicts() -> tuple[ConflictView, ...]:
    """Two that wait, one decided."""
    source = "白圩乡人民政府的报送包（第 2 次）"
    sent = "白圩乡人民政府，8月17日 16:12 打的报送包（第 2 次）"
    return (
        ConflictView(
            1, "00000000000000000000000000000005", "连桥村 0007", "应整改面积", "李建国 8-16", "白圩乡人民政府 8-17",
            source,
            (ComparedRow("应整改面积", "5.00 亩", "5.28 亩", "5.82 亩"),),
            "李建国，8月16日 10:20 改动（办理记录第 212 条）", sent,
        ),
        ConflictView(
            2, "00000000000000000000000000000006", "连桥村 0009", "办理情况", "李建国 8-16", "白圩乡人民政府 8-17",
            source,
            (
                ComparedRow("状态", "整改中", "整改中", "已申报"),
                ComparedRow("第几轮", "1", "2", "1"),
                ComparedRow("应整改面积", "3.20 亩", "3.20 亩", "3.20 亩"),
                ComparedRow("已落实", "1.00 亩", "1.00 亩", "3.20 亩"),
                ComparedRow("暂缓或争议", "", "权属争议，等村里意见", ""),
            ),
            "李建国，8月16日 11:05 填报进展（办理记录第 215 条）", sent,
        ),
        ConflictView(
            3, "00000000000000000000000000000003", "致岭村 0014", "备注", "李建国 8-15", "白圩乡人民政府 8-17",
            source,
            (ComparedRow("备注", "", "已动工", "已动工，8 月底前种下"),),
            "李建国，8月15日 09:00 改动（办理记录第 198 条）", sent,
            "用对方的，李建国，8月18日", "电话问过吴小琴，以乡里的为准",
        ),
    )  # fmt: skip


def packing(desk: Desk) -> PackView:
    """What a desk can pack."""
    if desk == Desk.TOWNSHIP:
        return PackView(
            (
                PackKindView(
                    PackageKind.SUBMISSION, "打报送包", "报给县里",
                    "106 个图斑的全部情况、上次以来的 88 条办理记录、1 份报告和它的附件。", "进贤县自然资源局",
                    photos=(318, 812 * 1024**2),
                ),
            ),
            6 * 1024**2,
        )  # fmt: skip
    return PackView(
        (
            PackKindView(
                PackageKind.TASK, "打任务包", "每个乡镇一个", "这个乡镇的清单、边界、规则、时限和信任名单。",
                receivers=tuple(ReceiverView(f"36012410{at}", name, f"{96 + 7 * at} 个，{150 + at}.20 亩")
                                for at, name in enumerate(TOWNSHIPS)),
                many=True, asks="乡镇",
            ),
            PackKindView(PackageKind.FEEDBACK, "打反馈包", "退回、时限、回执", "退回的图斑、新的时限和回执。"),
            PackKindView(
                PackageKind.CHECK_TASK, "打抽查任务包", "交给抽查组", "抽中的图斑，带边界和照片。",
                receivers=(ReceiverView("s", "八月抽查", "60 个图斑"),), asks="样本",
                photos=(240, 5 * 1024**3), team="抽查组",
            ),
        ),
        40 * 1024**2,
    )  # fmt: skip


def packed_part() -> PackedAll:
    """A check result that is still without some of the sample."""
    told = "抽中的还有 12 个没有抽查结果，这次没有报；查完以后再打一个包就行"
    name = "抽查组_抽查结果包_20230820.gdpkg"
    return PackedAll(Path("/media/U盘"), (PackedView(name, "进贤县自然资源局", 3 * 1024**2, _SHA, told),))


def packed(count: int) -> PackedAll:
    """What was written for so many receivers."""
    names = TOWNSHIPS[:count] if count > 1 else ("进贤县自然资源局",)
    kind, sender = ("任务包", "进贤县") if count > 1 else ("报送包", "白圩乡")
    return PackedAll(
        Path("/media/U盘"),
        tuple(
            PackedView(
                f"{sender}_{kind}_{name}_20230820.gdpkg", name, (3 + at) * 1024**2, _SHA[at:] + _SHA[:at],
                "4 张照片太大没有带，下一个包再带" if at == 1 else "",
            )
            for at, name in enumerate(names)
        ),
    )  # fmt: skip


def other_desk(folder: Path, desk: Desk, *, sample: bool = False) -> Path:
    """An empty ledger of the county or of a team."""
    made = folder / f"{desk.label}台账"
    if not made.exists():
        new = NewLedger(
            desk=desk, county="进贤县", county_code=COUNTY_CODE, unit="进贤县", unit_code=COUNTY_CODE, member="李建国",
            sample=sample,
        )  # fmt: skip
        create_ledger(made, new, FixedClock()).close()
    return made


def exchange_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Names and ways; *open_desk* opens the sample ledger."""

    def at(desk: Desk, section: str, show: Callable[[ExchangePage], None]) -> Bring:
        def bring(stage: Stage, folder: Path) -> None:
            open_desk(stage, folder if desk == Desk.TOWNSHIP else other_desk(folder.parent, desk))
            stage.go("exchange", {"section": section})
            page = exchange_page(stage)
            page.messages.clear()
            page.take.put_away()
            show(page)

        return bring

    def nothing(_page: ExchangePage) -> None:
        """The page as it is."""

    def packs(desk: Desk, kind: PackageKind) -> Bring:
        def show(page: ExchangePage) -> None:
            page.pack.show_pack(packing(desk))
            page.pack.choose_kind(kind.value)
            page.pack.use_folder(Path("/"))

        return at(desk, "pack", show)

    def decided(page: ExchangePage) -> None:
        page.conflicts.show_conflicts(conflicts())
        page.conflicts.choose(3)

    def whole(page: ExchangePage) -> None:
        page.conflicts.show_conflicts(conflicts())
        page.conflicts.choose(2)

    def several(page: ExchangePage) -> None:
        page.conflicts.show_conflicts(conflicts())
        page.conflicts.table.right.selectAll()

    def says(*, trusted: bool = True, kind: str = "good") -> Bring:
        return at(Desk.COUNTY, "take", lambda page: page.take.show_arrival(arrival(trusted=trusted, kind=kind)))

    town, county, team = Desk.TOWNSHIP, Desk.COUNTY, Desk.TEAM
    return (
        ("exchange", at(town, "overview", lambda page: page.overview.show_overview(packages()))),
        ("exchange-first", at(town, "overview", nothing)),
        ("exchange-county", at(county, "overview", nothing)),
        ("exchange-team", at(team, "overview", nothing)),
        ("exchange-take", at(town, "take", nothing)),
        ("exchange-says", says()),
        ("exchange-trust", says(trusted=False)),
        ("exchange-older", says(kind="older")),
        ("exchange-rewritten", says(kind="rewritten")),
        ("exchange-conflicts", at(county, "conflicts", whole)),
        ("exchange-conflicts-several", at(county, "conflicts", several)),
        ("exchange-decided", at(county, "conflicts", decided)),
        ("exchange-agreed", at(town, "conflicts", nothing)),
        ("exchange-pack", packs(town, PackageKind.SUBMISSION)),
        ("exchange-pack-many", packs(county, PackageKind.TASK)),
        ("exchange-pack-large", packs(county, PackageKind.CHECK_TASK)),
        ("exchange-packed", at(town, "pack", lambda page: page.pack.show_packed(packed(1)))),
        ("exchange-packed-part", at(team, "pack", lambda page: page.pack.show_packed(packed_part()))),
        ("exchange-packed-many", at(county, "pack", lambda page: page.pack.show_packed(packed(10)))),
    )
