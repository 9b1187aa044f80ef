"""What a desk that is trusted may write cleverly into the rows of a package, and how far it gets."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from gengdi_desktop.consolidation import service as consolidation
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.exchange import reading
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.ledger import backup, figures, trust
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.service import NewLedger, create_ledger, set_campaign
from gengdi_desktop.signing import identity as identities
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.identity import Identity
from gengdi_desktop.storage.layout import layout
from gengdi_desktop.storage.tables import AttachmentRow, PhotoRow
from tests.helpers import desks, signed_pdfs
from tests.helpers.packages import Change, forged, parts_of, rewritten, rows_of, with_rows
from tests.helpers.photos import small_photo
from tests.helpers.two_desks import Desks, judged_here, plots_of, rows, two_desks

OWN = "e" * 32
"""A plot that only the township knows."""


@contextmanager
def at_work(folder: Path) -> Iterator[Desks]:
    """A county and a township that trust each other; the township has its task."""
    with pytest.MonkeyPatch.context() as patch, two_desks(folder) as found:
        patch.setattr(reading, "verify_package", judged_here)
        found.down()
        yield found


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Desks]:
    """The two desks."""
    with at_work(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desks, Path]]:
    """The two desks and a good submission, for packages that are all refused."""
    with at_work(tmp_path_factory.mktemp("firm")) as found:
        yield found, found.pack(found.town, PackageKind.SUBMISSION)


def submission(both: Desks, changes: dict[str, Any] | None = None, /, **tables: Change) -> Path:
    """A submission with other rows, signed by the township."""
    package = both.pack(both.town, PackageKind.SUBMISSION)
    return rewritten(package, both.folder / "写.gdpkg", desks.identity_of(both.town), tables, changes)


def refused(firm: tuple[Desks, Path], changes: dict[str, Any] | None = None, /, **tables: Change) -> GengdiError:
    """Why the county does not take the good submission in once its rows were written otherwise."""
    both, package = firm
    return refusal(both, rewritten(package, both.folder / "写.gdpkg", desks.identity_of(both.town), tables, changes))


def refusal(both: Desks, package: Path) -> GengdiError:
    """Why the county does not take a package in; nothing of it stands there then."""
    before = rows(both.county, "SELECT count(*) FROM journal_entry")
    with pytest.raises(GengdiError) as found:
        both.receive(both.county, package)
    assert rows(both.county, "SELECT count(*) FROM journal_entry") == before
    assert found.value.message.endswith("。")
    return found.value


def blank(table: str, **values: Any) -> dict[str, Any]:
    """A row with nothing in it but these values."""
    known = layout(table)
    return {name: 0 if name in known.integers else "" for name in known.names} | values


def test_what_a_photo_of_another_desk_says_is_not_changed(both: Desks) -> None:
    """Whoever knows the hash of a picture could say of it that it was taken somewhere else, at another time."""
    (other,) = rows(both.county, "SELECT id FROM plot WHERE township = '民和镇' LIMIT 1")
    kept = both.county.folder.keep(FolderPart.EVIDENCE, small_photo(), ".jpg")
    with both.county.begin(Operation.ATTACH, desks.COUNTY_CLERK) as work:
        record_file(work, kept)
        work.session.add(PhotoRow(id=kept.sha256, taken_at="2026-05-01T08:00:00", longitude=116_200_000_000))
        work.session.add(AttachmentRow(plot_id=other[0], stage="spot_check", file_id=kept.sha256, name="a.jpg"))
        work.commit()
    nothing = dict.fromkeys(("longitude", "latitude", "direction", "said_at", "said_longitude", "said_latitude"))
    said = blank("photo", id=kept.sha256, taken_at="2020-01-01T00:00:00", said_direction=None, said_reason="早拍的")
    told = both.receive(both.county, submission(both, photo=lambda _: [said | nothing]))
    assert {one.code for one in told.arrival.refused} == {"not_theirs"}
    assert rows(both.county, "SELECT taken_at, longitude, said_reason FROM photo") == [
        ("2026-05-01T08:00:00", 116_200_000_000, "")
    ]


def test_what_a_photo_of_one_s_own_says_comes_anew(both: Desks) -> None:
    (plot, _) = plots_of(both.town)
    kept = both.town.folder.keep(FolderPart.EVIDENCE, small_photo(), ".jpg")
    with both.town.begin(Operation.ATTACH, desks.TOWN_CLERK) as work:
        record_file(work, kept)
        work.session.add(PhotoRow(id=kept.sha256))
        work.session.add(AttachmentRow(plot_id=plot, stage="before", file_id=kept.sha256, name="a.jpg"))
        work.commit()
    both.up()
    with both.town.begin(Operation.EDIT, desks.TOWN_CLERK) as work:
        row = work.session.get(PhotoRow, kept.sha256)
        assert row is not None
        row.said_at, row.said_reason = "2026-05-01T08:00:00", "相机没有对时"
        work.commit()
    assert both.up().arrival.refused == ()
    assert rows(both.county, "SELECT said_at FROM photo") == [("2026-05-01T08:00:00",)]


def test_two_of_theirs_cannot_be_one_of_ours(both: Desks) -> None:
    first, _ = plots_of(both.county)
    me = both.county.info.id

    def twice(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*some, {**next(one for one in some if one["id"] == first), "id": OWN, "remark": "另一个"}]

    def rounds(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        own = next(one for one in some if one["plot_id"] == first)
        second = [{**own, "id": f"{plot}:2", "plot_id": plot, "number": 2} for plot in (first, OWN)]
        return [*some, {**own, "id": f"{OWN}:1", "plot_id": OWN, "person": "甲"}, *second]

    pair = {"id": f"{me}/plot/{first}", "peer_ledger": me, "table_code": "plot", "key": first, "local": OWN}
    told = both.receive(both.county, submission(both, plot=twice, round=rounds, foreign_row=lambda some: [*some, pair]))
    assert [(one.code, one.plot) for one in told.arrival.refused] == [("unclear_plot", OWN)]
    assert rows(both.county, "SELECT count(*) FROM plot WHERE remark = '另一个'") == [(0,)]
    both.sound()


def test_two_rows_that_mean_one_of_ours_are_told(both: Desks) -> None:
    """The county's task with its campaign twice: the first stands."""
    package = both.pack(both.county, PackageKind.TASK)

    def twice(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**some[0], "warning_days": 5}, {**some[0], "id": some[0]["id"] + 1, "warning_days": 9}]

    bad = rewritten(package, both.folder / "写.gdpkg", desks.identity_of(both.county), {"campaign": twice})
    assert [one.code for one in both.receive(both.town, bad).arrival.refused] == ["twice"]
    assert rows(both.town, "SELECT warning_days FROM campaign") == [(5,)]
    both.sound()


def test_areas_that_no_sum_can_hold_are_refused(firm: tuple[Desks, Path]) -> None:
    """Each may stand for itself; a hundred of them would end every total of the county."""

    def many(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*some, *({**some[0], "id": f"{at:032x}", "issued_area": 10**17} for at in range(95))]

    def rounds(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*some, *({**some[0], "id": f"{at:032x}:1", "plot_id": f"{at:032x}"} for at in range(95))]

    told = refused(firm, plot=many, round=rounds)
    assert told.code == "rows_unreadable"
    assert "100000000000000000" in told.message


def test_a_round_that_there_is_not_and_parts_of_parts_are_refused(firm: tuple[Desks, Path]) -> None:
    def put(**values: Any) -> Change:
        return lambda some: some[0].update(values)

    first, second = sorted(plots_of(firm[0].town))
    assert "写成了“7”" in refused(firm, plot=put(round=7)).message
    assert "写成了" in refused(firm, plot=put(split_parent=first)).message

    def each_of_other(some: list[dict[str, Any]]) -> None:
        some[0]["split_parent"], some[1]["split_parent"] = second, first

    assert refused(firm, plot=each_of_other).code == "rows_unreadable"


def test_what_was_issued_is_made_nobody_s_part(both: Desks) -> None:
    """A part counts with its whole: so a township could take its own plots out of the county's totals."""
    before = figures.figures(both.county)
    first, second = plots_of(both.town)

    def part(some: list[dict[str, Any]]) -> None:
        next(one for one in some if one["id"] == first)["split_parent"] = second

    told = both.receive(both.county, submission(both, plot=part))
    assert [(one.code, one.plot) for one in told.arrival.refused] == [("issued_fact", first)]
    assert figures.figures(both.county) == before


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("photo", {"taken_at": "yesterday"}),
        ("photo", {"said_at": "2026-05-01T08:00:00+08:00"}),
        ("photo", {"place_gap": "nowhere"}),
        ("photo", {"time_gap": "never"}),
        ("photo", {"longitude": 181 * 10**9}),
        ("photo", {"said_latitude": -(10**18)}),
        ("plot", {"centre_latitude": 91 * 10**9}),
        ("plot_list", {"headers": "{}"}),
        ("list_line", {"cells": "[[["}),
        ("list_line", {"cells": "7"}),
        ("report", {"document_date": "last year"}),
        ("photo_answer", {"question": "why"}),
        ("plot_shape", {"outline": "no outline"}),
        ("plot_shape", {"west": -(181 * 10**9)}),
    ],
)
def test_what_is_read_again_has_its_form(firm: tuple[Desks, Path], table: str, values: dict[str, Any]) -> None:
    """One such value would stop whoever opens the plot, the county's board or the map."""
    first = plots_of(firm[0].town)[0]
    given: dict[str, dict[str, Any]] = {
        "photo": {"id": "a" * 64},
        "plot_shape": {"id": first, "plot_id": first, "list_id": None},
        "photo_answer": {"id": 1, "plot_id": first, "file_id": "a" * 64, "on_date": "2026-05-06"},
        "plot_list": {"id": 1, "reissue_of": None, "issued_on": None},
        "list_line": {"id": 1, "list_id": 1, "plot_id": None},
        "report": {"id": 1},
    }

    def put(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        made = some or [blank(table, **given.get(table, {}))]
        made[0] |= values
        return made

    told = refused(firm, **{table: put})
    assert told.code == "rows_unreadable"
    assert f"data/{table}.jsonl" in told.message
    assert "写成了" in told.message


def test_a_campaign_s_days_are_days(both: Desks) -> None:
    def put(some: list[dict[str, Any]]) -> None:
        some[0]["warning_days"] = 2**40

    package = both.pack(both.county, PackageKind.TASK)
    bad = rewritten(package, both.folder / "写.gdpkg", desks.identity_of(both.county), {"campaign": put})
    with pytest.raises(GengdiError, match="写成了“1099511627776”"):
        both.receive(both.town, bad)


@pytest.mark.parametrize(
    ("table", "field"),
    [("plot", "state"), ("plot", "held"), ("round", "plot_id"), ("attachment", "file_id"), ("report", "kind"),
     ("report_file", "report_id"), ("stored_file", "folder"), ("acceptance", "level"), ("certificate", "removed")],
)  # fmt: skip
def test_a_table_without_a_field_that_it_needs_is_refused(firm: tuple[Desks, Path], table: str, field: str) -> None:
    both, package = firm
    parts = parts_of(package)[3:]
    place = next(at for at, one in enumerate(parts) if one.name == f"data/{table}.jsonl")
    header, some = rows_of(parts[place])
    at = header["fields"].index(field)
    less = {**header, "fields": [one for one in header["fields"] if one != field]}
    parts[place] = with_rows(parts[place], less, [[*one[:at], *one[at + 1 :]] for one in some])
    bad = both.folder / "少.gdpkg"
    bad.write_bytes(forged(package, parts, None, desks.identity_of(both.town)))
    assert refusal(both, bad).code == "rows_unreadable"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"])
def test_a_time_that_no_clock_shows_is_refused(firm: tuple[Desks, Path], moment: str) -> None:
    assert refused(firm, {"created": moment}).code == "manifest_unreadable"


def test_a_clock_that_is_wrong_by_years_is_taken_in(both: Desks) -> None:
    both.receive(both.county, submission(both, {"created": "1980-01-01T00:00:00Z", "id": "1" * 32}))
    both.receive(both.county, submission(both, {"created": "2099-12-31T23:59:59Z", "id": "2" * 32}))
    assert any(one.unit.name == "白圩乡" for one in consolidation.board(both.county).lines)


def test_a_file_name_that_is_no_text_stops_nothing(both: Desks) -> None:
    """A stick whose names were written in another coding."""
    package = both.pack(both.town, PackageKind.SUBMISSION)
    odd = Path(os.fsdecode(os.fsencode(both.folder) + b"/\xb1\xa8\xcb\xcd.gdpkg"))
    try:
        shutil.copy(package, odd)
    except OSError:
        pytest.skip("this disk takes no such names")
    both.receive(both.county, odd)
    assert rows(both.county, "SELECT file_name FROM package WHERE direction = 'in'") == [("????.gdpkg",)]


def test_nobody_takes_in_what_was_for_somebody_else(both: Desks) -> None:
    """Such a receipt would keep photos back from the township that never had them."""
    both.pack(both.county, PackageKind.TASK, unit_code=desks.TOWNSHIPS["民和镇"])
    ((other,),) = rows(both.county, "SELECT id FROM package WHERE direction = 'out' AND peer_unit = '民和镇'")

    def claim(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*some, {**some[0], "package": other}]

    both.receive(both.county, submission(both, receipt=claim))
    told = "SELECT peer_unit, receipted_by IS NOT NULL FROM package WHERE direction = 'out' ORDER BY peer_unit"
    assert rows(both.county, told) == [("民和镇", 0), ("白圩乡", 1)]


@pytest.mark.parametrize("organ", ["抽查组", "某测绘公司", "民和镇农业服务中心"])
def test_who_is_trusted_for_something_else_does_not_speak_for_a_township(both: Desks, organ: str) -> None:
    """By writing the name that stands in its certificate on the package, as that of the township's organ."""
    key = signed_pdfs.key("赵六")
    issued = identities._self_signed(
        key, identities._subject(organ, "赵六", "经办人", sample=False), desks.MOMENT - timedelta(days=1)
    )
    stranger = Identity(Certificate.from_bytes(issued.public_bytes(Encoding.DER)), key)
    trust.trust(both.county, stranger.certificate, by=desks.COUNTY_CLERK)
    package = both.pack(both.town, PackageKind.SUBMISSION)
    heading = service.arrival(both.county, package).heading
    sender = {"ledger": heading.sender.ledger, "desk": "township", "county": heading.sender.county,
              "county_code": heading.sender.county_code, "unit": heading.sender.unit,
              "unit_code": heading.sender.unit_code, "organ": organ}  # fmt: skip
    bad = rewritten(package, both.folder / "冒.gdpkg", stranger, {}, {"from": sender})
    assert [one.code for one in service.arrival(both.county, bad).problems] == ["signer_other_unit"]


def test_another_ledger_is_asked_about_however_its_unit_is_written(both: Desks) -> None:
    both.up()
    new = NewLedger(
        Desk.TOWNSHIP, "进贤县", "白圩乡人民政府", desks.TOWN_CLERK.name, county_code=desks.COUNTY_CODE, unit_code=""
    )
    with create_ledger(both.folder / "second", new, desks.clock_at()) as second:
        set_campaign(second, desks.CAMPAIGN, by=desks.TOWN_CLERK)
        trust.trust(both.county, desks.identity_of(second).certificate, by=desks.COUNTY_CLERK)
        told = service.arrival(both.county, both.pack(second, PackageKind.SUBMISSION))
    assert [one.code for one in told.problems] == ["other_ledger"]


@pytest.mark.parametrize("told", [3, None])
def test_a_false_size_costs_no_photo(both: Desks, told: int | None) -> None:
    """What a package says of a file before it comes is only said: a full backup brings the file back all the same."""
    first = plots_of(both.town)[0]
    photo = small_photo()
    key = hashlib.sha256(photo).hexdigest()
    file = {"id": key, "folder": "evidence", "suffix": ".jpg", "size": told if told is not None else len(photo)}
    attached = blank(
        "attachment", id=1, plot_id=first, round=1, stage="before", file_id=key, name="a.jpg", removed_on=None
    )
    both.receive(both.county, submission(both, stored_file=lambda _: [file], attachment=lambda _: [attached]))
    kept = both.town.folder.keep(FolderPart.EVIDENCE, photo, ".jpg")
    with both.town.begin(Operation.ATTACH, desks.TOWN_CLERK) as work:
        record_file(work, kept)
        work.session.add(AttachmentRow(plot_id=first, stage="before", file_id=key, name="a.jpg"))
        work.commit()
    both.up()
    assert rows(both.county, "SELECT id, size FROM stored_file") == [(key, len(photo))]
    with both.county.begin(Operation.EDIT, desks.COUNTY_CLERK) as work:
        work.apply([["~", "stored_file", key, {"size": [len(photo), 3]}]])
        work.commit()
    made = backup.make(both.county.folder, "全", both.county.clock, full=True)
    restored = backup.restore(made.file, both.folder / "back", both.county.clock)
    assert restored.missing == ()


def test_a_program_is_no_evidence_from_elsewhere_either(both: Desks) -> None:
    """Exported with the photos of a village, it would lie among them under the name of a plot."""
    first = plots_of(both.town)[0]
    program = b"MZ\x90\x00" + bytes(200)
    key = hashlib.sha256(program).hexdigest()
    kept = both.town.folder.keep(FolderPart.EVIDENCE, program, ".exe")
    with both.town.begin(Operation.ATTACH, desks.TOWN_CLERK) as work:
        record_file(work, kept)
        work.session.add(AttachmentRow(plot_id=first, stage="before", file_id=key, name="照片.exe"))
        work.commit()
    told = refusal(both, both.pack(both.town, PackageKind.SUBMISSION))
    assert told.code == "program_inside"
    assert "“照片.exe”是程序" in told.message
    assert not list(both.county.folder.part(FolderPart.EVIDENCE).glob("*.exe"))
