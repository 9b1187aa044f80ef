"""What becomes of a field, a journal and a sender, by rules that know no ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import CampaignName, JournalSpan, PackageKind
from gengdi_desktop.handover.receiving import admission
from gengdi_desktop.handover.receiving.admission import Freshness, Here
from gengdi_desktop.handover.receiving.identifying import Called, match
from gengdi_desktop.handover.receiving.merging import (
    Fate,
    Judged,
    Question,
    RowTouch,
    Status,
    Touch,
    judge,
    standing,
    standing_before,
)
from gengdi_desktop.handover.receiving.naming import Names, said_pairs
from gengdi_desktop.handover.receiving.proof import Proof, ProofKind, Reported, prove, read_entries
from gengdi_desktop.handover.receiving.standings import standing_items, told_standing
from gengdi_desktop.handover.receiving.succession import Taken, coming
from gengdi_desktop.ledger.handle import LedgerInfo
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.schema import SCHEMA_VERSION
from gengdi_desktop.system.reference import divisions
from tests.helpers import packages as made

values = st.sampled_from(["a", "b", "c", None])

# --------------------------------------------------------------------------------------------------------- one field


def test_what_nobody_touched_here_is_taken() -> None:
    assert judge("a", "b", touch=None).fate is Fate.TAKE
    assert judge("a", "a", touch=None).fate is Fate.SAME


def test_what_only_we_touched_stays() -> None:
    assert judge("mine", "base", touch=Touch("base")).fate is Fate.KEEP


def test_what_both_touched_is_asked_and_ours_stays() -> None:
    found = judge("mine", "theirs", touch=Touch("base"))
    assert (found.fate, found.base, found.question) == (Fate.ASK, "base", None)
    assert judge("same", "same", touch=Touch("base")).fate is Fate.SAME
    nothing: Judged[str | None] = judge("mine", "theirs", touch=Touch(None))
    assert nothing.fate is Fate.ASK


@given(values, values, st.none() | st.builds(Touch, values))
def test_a_question_is_asked_once_and_no_package_answers_it(mine: Any, theirs: Any, touch: Touch[Any] | None) -> None:
    first = judge(mine, theirs, touch=touch)
    if first.fate is not Fate.ASK:
        return
    open_question = Question(7, first.base, theirs, open=True)
    again = judge(mine, theirs, touch=None, question=open_question)
    assert (again.fate, again.status) == (Fate.KEEP, None)
    agreed = judge(mine, mine, touch=None, question=open_question)
    assert (agreed.fate, agreed.question, agreed.status) == (Fate.SAME, 7, Status.SETTLED)
    other = judge(mine, "new", touch=None, question=open_question)
    assert (other.fate, other.base, other.question, other.status) == (Fate.ASK, first.base, 7, Status.SUPERSEDED)


def test_they_may_take_their_change_back() -> None:
    found = judge("mine", "base", touch=None, question=Question(7, "base", "theirs", open=True))
    assert (found.fate, found.status) == (Fate.KEEP, Status.SETTLED)


def test_a_decision_that_they_do_not_know_stands_until_they_say_something_new() -> None:
    decided = Question(7, "base", "theirs", open=False, unknown=True)
    assert judge("mine", "theirs", touch=Touch("base"), question=decided).fate is Fate.KEEP
    assert judge("mine", "base", touch=Touch("base"), question=decided).fate is Fate.KEEP
    again = judge("mine", "other", touch=Touch("base"), question=decided)
    assert (again.fate, again.question, again.status) == (Fate.ASK, 7, Status.SUPERSEDED)
    known: Question[str] = Question(7, "base", "theirs", open=False)
    assert judge("mine", "other", touch=None, question=known).fate is Fate.TAKE


# -------------------------------------------------------------------------------------------------- where a plot stands

MINE = standing({"state": "claimed", "round": 2, "held": 0}, {"1": {"target": 5, "crop": ""}, "2": {"target": 3}})


def test_where_a_plot_stood_before_it_was_touched() -> None:
    assert standing_before(MINE, {}, {}) is None
    touch = standing_before(
        MINE, {"state": "working", "round": 1}, {"1": RowTouch({"crop": "稻"}), "2": RowTouch({}, came=True)}
    )
    assert touch is not None
    assert touch.before == standing({"state": "working", "round": 1, "held": 0}, {"1": {"target": 5, "crop": "稻"}})
    gone = standing_before(MINE, {}, {"3": RowTouch({"target": 9})})
    assert gone is not None
    assert gone.before["rounds"]["3"] == {"target": 9}  # type: ignore[index]


def test_a_standing_becomes_another_row_by_row() -> None:
    theirs = standing({"state": "planned", "round": 1, "held": 0}, {"1": {"target": 5, "crop": "稻"}})
    items = standing_items("p", MINE, theirs)
    assert items == [
        ["~", "plot", "p", {"state": ["claimed", "planned"], "round": [2, 1]}],
        ["~", "round", "p:1", {"crop": ["", "稻"]}],
        ["-", "round", "p:2", {"id": ["p:2", None], "plot_id": ["p", None], "number": [2, None], "target": [3, None]}],
    ]
    back = standing_items("p", theirs, MINE)
    assert [item[0] for item in back] == ["~", "~", "+"]
    assert standing_items("p", MINE, MINE) == []


def test_a_standing_in_words() -> None:
    told = told_standing(standing({"state": "working", "round": 1, "held": 1}, {"1": {"target": 5_280_000}}))
    assert told == "整改中，第 1 轮，暂缓或争议，应整改 5.28 亩，已落实 0.00 亩"


def test_two_standings_that_differ_never_read_alike() -> None:
    mine, theirs = (
        standing(
            {"state": "planned", "round": 1, "held": 0}, {"1": {"target": 5_280_000, "measure": said, "crop": "稻"}}
        )
        for said in ("县里改的措施", "乡里改的措施")
    )
    told = told_standing(mine, theirs)
    assert told == "已定措施，第 1 轮，应整改 5.28 亩，已落实 0.00 亩，整改措施 县里改的措施"
    assert told_standing(theirs, mine) != told


# ------------------------------------------------------------------------------------------------------------ whose row


def test_a_row_of_ours_that_comes_back_is_ours() -> None:
    said = said_pairs([("x", "us", "note", "5", "91"), ("y", "third", "note", "8", "92")])
    names = Names("note", "us", "them", said["note"], {("them", "93"): "12", ("third", "8"): "40"}, number=True)
    assert (names.local(91), names.is_ours(91)) == (5, True)
    assert (names.local(92), names.local(93), names.local(94)) == (40, 12, None)
    names.give(94, 13)
    assert names.local(94) == 13
    assert names.made == [("them/note/94", "them", "note", "94", "13")]
    assert names.from_sender() == {"12": "93", "13": "94"}


def test_plots_of_two_lists_are_told_by_bsm_then_by_clue_and_place() -> None:
    def called(key: str, number: str = "12", village: str = "白圩村", **names: str) -> Called:
        return Called(key, "白圩乡", village, number, {kind: {value} for kind, value in names.items()})

    ours = [called("a", bsm="1"), called("b", clue_no="7"), called("c", bsm="2"), called("d", bsm="2")]
    theirs = [
        called("A", bsm="1"),
        called("B", "0012", "白圩", clue_no="7"),
        called("X", "13", clue_no="7"),
        called("Y", bsm="2"),
        called("Z", bsm="1"),
    ]
    found = match(theirs, ours)
    assert found.same == {"A": "a", "B": "b"}
    assert found.unclear == {"Y": ("c", "d"), "Z": ("a",)}


# ------------------------------------------------------------------------------------------------------------ the proof

LEDGER = "0123456789abcdef" * 2


def entry(seq: int, previous: str, *blocks: bytes, actor: str = "张三") -> tuple[Reported, list[bytes]]:
    """An entry with its lines."""
    header = journal.EntryHeader(
        1, LEDGER, seq, f"2026-05-0{seq}T00:00:00.000000Z", actor, "stated", "township", "edit", None, None, None, None,
        None, journal.changes_digest(hashlib.sha256(one).digest() for one in blocks), previous,
    )  # fmt: skip
    said = {name: getattr(header, name) for name in journal.HEADER_FIELDS}
    line = journal.canonical({"blocks": len(blocks), "hash": header.digest(), "header": said})
    return Reported(seq, header.digest(), header.at, actor, "edit"), [line, *blocks]


def chain(count: int, *, actor: str = "张三") -> tuple[list[Reported], list[list[bytes]]]:
    """Entries from the first."""
    found: list[Reported] = []
    lines = []
    for seq in range(1, count + 1):
        one, said = entry(seq, found[-1].hash if found else journal.GENESIS, b'[["+","note",1,{}]]', actor=actor)
        found.append(one)
        lines.append(said)
    return found, lines


def carried(lines: list[list[bytes]]) -> Iterator[bytes]:
    return iter([line for one in lines for line in one])


def test_the_chain_is_walked_from_where_it_begins_to_the_head() -> None:
    entries, lines = chain(4)
    span = JournalSpan(4, entries[3].hash, 2, entries[1].hash)
    assert list(read_entries(span, LEDGER, carried(lines[2:]))) == entries[2:]


@pytest.mark.parametrize("spoil", ["block", "order", "cut", "head", "ledger", "hash", "words"])
def test_a_chain_that_does_not_hold_is_not_believed(spoil: str) -> None:
    entries, lines = chain(3)
    span, ledger = JournalSpan(3, entries[2].hash, 0, journal.GENESIS), LEDGER
    if spoil == "block":
        lines[1][1] = b'[["+","note",2,{}]]'
    elif spoil == "order":
        lines = [lines[1], lines[0], lines[2]]
    elif spoil == "cut":
        lines = lines[:2]
    elif spoil == "head":
        span = JournalSpan(3, "f" * 64, 0, journal.GENESIS)
    elif spoil == "ledger":
        ledger = "f" * 32
    elif spoil == "hash":
        lines[0][0] = lines[0][0].replace(entries[0].hash.encode(), b"0" * 64)
    else:
        lines[0][0] = b'{"blocks":1}'
    with pytest.raises(PackageFault) as fault:
        list(read_entries(span, ledger, carried(lines)))
    assert fault.value.code == "journal_chain"


def test_a_journal_is_compared_with_what_was_reported_before() -> None:
    entries, _ = chain(6)
    other, _ = chain(6, actor="李四")
    before = {one.seq: one for one in entries[:4]}
    hashes = {one.seq: one.hash for one in entries}

    def proved(since: int, known: dict[int, Reported], head: int = 6) -> Proof:
        start = entries[since - 1].hash if since else journal.GENESIS
        span = JournalSpan(head, entries[head - 1].hash, since, start)
        return prove(span, {seq: one for seq, one in hashes.items() if since < seq <= head}, known)

    assert proved(0, {}).kind is ProofKind.FIRST
    assert proved(4, before).kind is ProofKind.CONTAINED
    assert proved(0, before).kind is ProofKind.CONTAINED
    gap = proved(5, before)
    assert (gap.kind, gap.missing) == (ProofKind.GAP, (5, 5))
    assert proved(3, {}).kind is ProofKind.GAP
    rewritten = proved(2, {one.seq: one for one in other[:4]})
    assert (rewritten.kind, [one.seq for one in rewritten.rewritten]) == (ProofKind.REWRITTEN, [2, 3, 4])
    assert rewritten.rewritten[1].actor == "李四"
    cut = proved(0, {one.seq: one for one in entries}, head=5)
    assert (cut.kind, [one.seq for one in cut.rewritten]) == (ProofKind.REWRITTEN, [6])


# ------------------------------------------------------------------------------------------------------------ admission

COUNTY = LedgerInfo(
    id="c" * 32, name="县", desk="county", county="进贤县", county_code="360124", unit="进贤县", unit_code="360124",
    unit_kind="", sample=False, created_at="", backup_place=None,
)  # fmt: skip
UNITS = CountyUnits(divisions(), COUNTY.county_code, COUNTY.county)
HERE = Here(COUNTY, UNITS, made.HEADING.campaign, other_ledger=False)
GOOD = replace(made.HEADING, schema=SCHEMA_VERSION)


def codes(heading: Any = GOOD, here: Here = HERE) -> list[str]:
    """The codes of what speaks against a package; each says that nothing was lost."""
    found = list(admission.problems(heading, here))
    for one in found:
        assert "没有收下，台账没有变。" in one.message
        assert one.hint.endswith("。")
    return [one.code for one in found]


def test_a_package_for_us_is_welcome() -> None:
    assert codes() == []
    assert codes(replace(GOOD, campaign=None), replace(HERE, campaign=None)) == []


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        (replace(GOOD, sender=replace(made.TOWNSHIP, ledger="c" * 32)), "own_package"),
        (replace(GOOD, kind=PackageKind.TASK), "wrong_desk"),
        (replace(GOOD, sender=replace(made.TOWNSHIP, desk=Desk.COUNTY)), "wrong_desk"),
        (replace(GOOD, sender=replace(made.TOWNSHIP, county_code="360121")), "other_county"),
        (replace(GOOD, recipient=replace(made.COUNTY, unit_code="360125")), "other_unit"),
        (replace(GOOD, recipient=replace(made.COUNTY, ledger="d" * 32)), "other_unit"),
        (replace(GOOD, campaign=CampaignName("2023年别的行动", "赣府〔2023〕1号")), "other_campaign"),
        (replace(GOOD, campaign=None), "other_campaign"),
        (replace(GOOD, campaign=CampaignName("2024年耕地保护", "进府办发〔2024〕1号")), "other_year"),
        (replace(GOOD, sample=True), "sample"),
        (replace(GOOD, schema=SCHEMA_VERSION + 1), "schema_newer"),
    ],
)
def test_a_package_that_is_not_for_us_is_refused_by_name(heading: Any, code: str) -> None:
    assert codes(heading) == [code]


def test_the_newest_of_a_sender_counts() -> None:
    taken = [Taken("a" * 32, "submission", 3, head_seq=60, entry=5), Taken(GOOD.id, "submission", 2, entry=4)]
    one = coming(GOOD)
    assert admission.freshness(one, taken) is Freshness.AGAIN
    assert admission.freshness(one, taken[:1]) is Freshness.OLDER
    assert admission.freshness(replace(one, number=4, head_seq=61), taken[:1]) is Freshness.NEW
    assert admission.freshness(one, taken[:1], Proof(ProofKind.REWRITTEN, 0, 41)) is Freshness.NEW
    told = [admission.older_problem(GOOD, one, taken[:1], proven=proven) for proven in (True, False)]
    assert [(one.code, one.with_reason) for one in told] == [("stale", False), ("stale", True)]
    assert "第 2 次的报送包，第 3 次的已经收过" in told[0].message
    same = admission.older_problem(GOOD, replace(one, number=3), taken[:1], proven=False)
    assert "另一个第 3 次的" in same.message
    for problem in (*told, same):
        assert "没有收下，台账没有变。" in problem.message
        assert problem.hint.endswith("。")


def test_who_signed_must_be_believed_and_be_the_sender() -> None:
    certificate = made.signer().certificate
    heading = replace(GOOD, sender=replace(made.TOWNSHIP, organ=certificate.unit))

    def found(heading: Any = heading, *, struck: frozenset[str] = frozenset(), trusted: bool = True) -> list[str]:
        problems = admission.signer_problems(heading, certificate, struck, trusted=trusted, units=UNITS)
        return [one.code for one in problems]

    assert found() == []
    assert found(trusted=False) == ["signer_unknown"]
    assert found(struck=frozenset({certificate.fingerprint}), trusted=False) == ["signer_removed"]
    other = replace(GOOD, sender=replace(made.TOWNSHIP, unit="民和镇", organ="民和镇人民政府"))
    assert found(other) == ["signer_other_unit"]
    (stranger,) = admission.signer_problems(heading, certificate, (), trusted=False, units=UNITS)
    assert certificate.fingerprint_groups in stranger.message
    (nobody,) = admission.signer_problems(heading, None, (), trusted=False, units=UNITS)
    assert nobody.code == "signer_unknown"


def test_who_signs_for_one_township_speaks_for_no_other() -> None:
    """By writing another name, another code or another desk on the package."""
    certificate = made.signer().certificate
    mine = UNITS.asked(certificate.unit)
    assert mine is not None
    other = next(one for one in UNITS.all() if one.key != mine.key)
    names = replace(made.TOWNSHIP, unit=other.name, unit_code=other.code, organ=certificate.unit)
    told = admission.signer_problems(replace(GOOD, sender=names), certificate, (), trusted=True, units=UNITS)
    assert [one.code for one in told] == ["signer_other_unit"]
    team = replace(made.TOWNSHIP, desk=Desk.TEAM)
    assert codes(replace(GOOD, kind=PackageKind.CHECK_RESULT, sender=team)) == ["desk_unclear"]
    township = replace(COUNTY, desk="township", unit="白圩乡", unit_code="360124205")
    posing = replace(
        made.TOWNSHIP, desk=Desk.COUNTY, unit=other.name, unit_code="360124", organ=f"{other.name}人民政府"
    )
    task = replace(GOOD, kind=PackageKind.TASK, sender=posing, recipient=replace(made.TOWNSHIP, ledger=None))
    assert codes(task, replace(HERE, info=township)) == ["desk_unclear"]
    county = replace(posing, unit="进贤县", organ="进贤县自然资源局")
    assert codes(replace(task, sender=county), replace(HERE, info=township)) == []


def test_a_journal_that_was_rewritten_or_has_a_gap_asks_for_a_reason() -> None:
    entries, _ = chain(7)
    told = [
        *admission.proof_problems(Proof(ProofKind.REWRITTEN, 0, 9, tuple(entries)), "白圩乡人民政府"),
        *admission.proof_problems(Proof(ProofKind.GAP, 9, 12, missing=(5, 9)), "白圩乡人民政府"),
    ]
    assert [(one.code, one.with_reason) for one in told] == [("journal_rewritten", True), ("journal_gap", True)]
    assert "第 1、2、3、4、5 条等 7 条" in told[0].message
    assert list(admission.proof_problems(Proof(ProofKind.CONTAINED, 0, 9), "白圩乡")) == []
    assert list(admission.proof_problems(None, "白圩乡")) == []
