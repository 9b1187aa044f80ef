"""A county with two townships and a team, by commands only, as somebody does it who has read nothing but ``--help``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from tests.helpers.command_line import Line
from tests.helpers.foreign_tables import write_xlsx

HEAD = ["序号", "乡镇", "村", "图斑编号", "标识码", "耕地面积（亩）", "流出年度", "流出类型"]
PLOTS = {
    "白圩乡": [("白圩村", "0001", "1.25"), ("白圩村", "0002", "2.50"), ("白圩村", "0003", "0.75")],
    "李渡镇": [("焦石村", "0001", "3.10"), ("焦石村", "0002", "4.40")],
}
COUNTY, TEAM = "章慧敏", "邓立新"
CLERKS = {"白圩乡": ("吴小琴", "李建国"), "李渡镇": ("万小军", "胡文斌")}


@dataclass
class Office:
    """All desks of the county on one computer, with one passphrase."""

    line: Line
    root: Path

    @property
    def secret(self) -> Path:
        """The file with the passphrase."""
        return self.root / "口令.txt"

    def desk(self, name: str) -> Path:
        """The folder of a desk's ledger."""
        return self.root / name

    def found(self, name: str, kind: str, unit: str, who: str, second: str = "") -> Path:
        """A new ledger with an identity whose certificate lies on the stick."""
        ledger = self.desk(name)
        self.line("new", ledger, "--desk", kind, "--county", "进贤县", "--unit", unit, "--as", who)
        self.line("identity", ledger, "--create", "--role", "经办人", "--passphrase-file", self.secret, "--as", who)
        self.line("identity", ledger, "--export", self.root / f"{name}.cer", "--as", who)
        if second:
            self.line("member", ledger, "--add", second, "--role", "leader", "--as", who)
        return ledger

    def pack(self, name: str, kind: str, out: str, who: str, *more: str, code: int = 0) -> dict[str, Any]:
        """A package onto the stick."""
        words = ("--out", self.root / out, "--passphrase-file", self.secret, "--as", who)
        return self.line("pack", self.desk(name), kind, *words, *more, code=code)

    def receive(self, name: str, file: str, who: str, code: int = 0) -> dict[str, Any]:
        """A package from the stick."""
        return self.line("receive", self.desk(name), self.root / file, "--as", who, code=code)


@pytest.fixture
def office(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The county with its list, and the township and team ledgers, each trusting the other side's certificate."""
    monkeypatch.setenv("GENGDI_HOME", str(tmp_path / "电脑"))  # identities of this test alone
    made = Office(line, tmp_path)
    made.secret.write_text("县里乡里一起用的口令\n", encoding="utf-8")
    county = made.found("县", "county", "进贤县自然资源局", COUNTY)
    rows = [
        [number, township, village, plot, f"3601242110{number:08d}", area, 2022, "非粮化"]
        for number, (township, village, plot, area) in enumerate(
            ((town, *one) for town, plots in PLOTS.items() for one in plots), start=1
        )
    ]
    listed = write_xlsx(tmp_path / "清单.xlsx", {"清单": [["进贤县流出图斑清单"], HEAD, *rows]})
    taken = line("import", county, listed, "--expect-count", 5, "--expect-area", "12.00", "--as", COUNTY)
    assert (taken["imported"], taken["area_mu"]) == (5, "12.00")
    made.found("组", "team", "核查一组", TEAM, "饶晓春")
    for town, (clerk, leader) in CLERKS.items():
        made.found(town, "township", town, clerk, leader)
    for name, who in (*((town, clerk) for town, (clerk, _) in CLERKS.items()), ("组", TEAM)):
        line("trust", made.desk(name), tmp_path / "县.cer", "--as", who)
        line("trust", county, tmp_path / f"{name}.cer", "--as", COUNTY)
    return made


def work(office: Office, town: str) -> None:
    """All plots of a township from the self-check to its acceptance."""
    clerk, leader = CLERKS[town]
    ledger = office.desk(town)
    listed = office.line("plots", ledger)["plots"]
    plots = [one["id"] for one in listed]

    def act(action: str, who: str, *values: str) -> None:
        words = [word for value in values for word in ("--set", value)]
        done = office.line("act", ledger, action, *plots, "--date", "2023-08-10", *words, "--as", who)
        assert (len(done["changed"]), done["refused"]) == (len(plots), [])

    act("check", clerk, "finding=true", "class_now=0201 果园", "cause=改种果树", "party=村民", "rectify=是")
    plan = ("disposal_class=immediate", "measure=复种", "person=李建国", "deadline=2023-08-20")
    act("plan", clerk, *plan)
    for place, plot in enumerate(plots):
        photo = office.root / f"{town}{place}.png"
        photo.write_bytes(picture(place + 100 * len(town) + ord(town[0])))
        office.line("attach", ledger, plot, photo, "--stage", "after", "--as", clerk)
        area = listed[place]["issued_mu"]
        values = ("--set", f"restored={area}", "--date", "2023-08-11", "--as", clerk)
        office.line("act", ledger, "progress", plot, *values)
    act("claim", clerk, "crop=晚稻", "sown_on=2023-08-09")
    act("accept", leader, "group=验收组", "as_claimed=是")


def picture(number: int) -> bytes:
    """A small picture, another one for each number."""
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (640, 480), (number % 251, number % 241, 90)).save(stream, "PNG")
    return stream.getvalue()


def test_a_list_goes_down_results_come_up_and_what_failed_goes_back(office: Office, line: Line) -> None:
    county = office.desk("县")
    told = office.pack("县", "task", ".", COUNTY, "--all-units")
    tasks = {one["to"]: Path(one["file"]) for one in told["packages"]}
    assert set(tasks) == {"白圩乡人民政府", "李渡镇人民政府"}
    for town, (clerk, _leader) in CLERKS.items():
        taken = office.receive(town, tasks[f"{town}人民政府"].name, clerk)
        assert (taken["trusted"], taken["conflicts"], taken["refused"]) == (True, [], [])
        stats = line("stats", office.desk(town))
        area = Area.total(Area.parse(one[2]) for one in PLOTS[town]).exact()
        assert (stats["plots"], stats["area_mu"], stats["unentered"]) == (len(PLOTS[town]), area, 0)
        work(office, town)
        office.pack(town, "submission", f"{town}.gdpkg", clerk)
    for town in CLERKS:
        taken = office.receive("县", f"{town}.gdpkg", COUNTY)
        assert (taken["applied"] > 0, taken["conflicts"], taken["missing_photos"]) == (True, [], [])
    again = office.receive("县", "白圩乡.gdpkg", COUNTY)
    assert again["applied"] == 0
    done = line("stats", county)["by_label"]["in_place"]
    assert (done["plots"], done["area_mu"]) == (5, "12.00")

    drawn = line("sample", county, "--count", 2, "--seed", "20230821", "--by", "township", "--as", COUNTY)
    sample, plots = drawn["id"], [one["id"] for one in drawn["plots"]]
    assert len(plots) == 2
    office.pack("县", "check-task", "抽查任务.gdpkg", COUNTY, "--team", "核查一组")
    office.receive("组", "抽查任务.gdpkg", TEAM)
    people = ("--checker", TEAM, "--second", "饶晓春", "--as", TEAM)
    team = office.desk("组")
    line("sample", team, "--result", sample, "--plot", plots[0], "--outcome", "passed", *people)
    bad = ("--outcome", "failed", "--finding", "没有播种")
    line("sample", team, "--result", sample, "--plot", plots[1], *bad, *people)
    office.pack("组", "check-result", "抽查结果.gdpkg", TEAM)
    assert office.receive("县", "抽查结果.gdpkg", COUNTY)["applied"] > 0
    line("sample", county, "--enter", sample, "--document", "抽〔2023〕1号", "--as", COUNTY)
    line("sample", county, "--send-back", sample, "--deadline", "2099-08-27", "--document", "退1号", "--as", COUNTY)
    accept = ("--set", "as_claimed=是", "--set", "group=县验收组", "--document", "验1号", "--date", "2023-08-23")
    done = line("act", county, "county_accept", "--where", "state=accepted", *accept, "--as", COUNTY)
    assert len(done["changed"]) == 4
    for one in office.pack("县", "feedback", ".", COUNTY, "--all-units")["packages"]:
        town = one["to"].removesuffix("人民政府")
        taken = office.receive(town, Path(one["file"]).name, CLERKS[town][0])
        assert (taken["conflicts"], taken["refused"]) == ([], [])
    states = [one["state"] for town in CLERKS for one in line("plots", office.desk(town))["plots"]]
    assert sorted(states) == ["county_accepted"] * 4 + ["working"]
    for name in ("县", "组", *CLERKS):
        assert line("check", office.desk(name))["ok"] is True


def test_a_package_whose_signer_is_not_trusted_is_not_taken_in(office: Office, line: Line) -> None:
    told = office.pack("县", "task", ".", COUNTY, "--all-units")
    ledger = office.desk("白圩乡")
    known = [one for one in line("trust", ledger)["trusted"] if COUNTY in str(one)]
    assert len(known) == 1
    line("trust", ledger, "--remove", known[0]["fingerprint"], "--as", "吴小琴")
    task = next(one for one in told["packages"] if one["to"].startswith("白圩乡"))
    refused = office.receive("白圩乡", Path(task["file"]).name, "吴小琴", code=2)
    assert refused["error"]["code"].startswith("signer_")
    assert line("stats", ledger)["plots"] == 0
