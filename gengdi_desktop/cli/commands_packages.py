"""Commands on packages: pack."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.identities import signing_identity
from gengdi_desktop.cli.output import DONE, NOT_SOUND, error_object
from gengdi_desktop.cli.targets import require_free
from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.system.files import telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.handover.service import DueUnit, Packed, PackOptions
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.identity import Identity

_OF_UNIT = frozenset({PackageKind.TASK, PackageKind.FEEDBACK})
_OF_SAMPLE = frozenset({PackageKind.CHECK_TASK, PackageKind.CHECK_RESULT})
_ONLY_FOR: Mapping[str, frozenset[PackageKind]] = {
    "--for-unit": _OF_UNIT,
    "--all-units": _OF_UNIT,
    "--sample": _OF_SAMPLE,
    "--team": frozenset({PackageKind.TASK, PackageKind.CHECK_TASK}),
}
_MOST_NAMED = 5


def configure_pack(parser: Parser) -> None:
    """LEDGER KIND --out FILE.gdpkg [--for-unit U | --all-units] [--sample ID] [--team T] [--no-photos] [--for CERT]."""
    parser.takes_ledger(writes=True)
    kinds = "、".join(f"{one.value}（{one.label}）" for one in PackageKind)
    parser.add_argument("kind", metavar="KIND", type=_kind, help=f"打哪一种包：{kinds}")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="写到哪个文件；写文件夹就自己起名")
    parser.takes_overwrite()
    unit = parser.add_mutually_exclusive_group()
    unit.add_argument("--for-unit", metavar="乡镇", default="", help="任务包、反馈包给哪个乡镇，写名称或代码")
    unit.add_argument("--all-units", action="store_true", help="有图斑的乡镇各打一个，--out 写文件夹")
    parser.add_argument("--sample", metavar="ID", default="", help="抽查包是哪一次抽样的；只有一次时不用写")
    parser.add_argument("--team", metavar="抽查组", default="", help="任务包、抽查任务包给哪个抽查组")
    parser.add_argument("--no-photos", action="store_true", help="这次不带照片和材料")
    parser.add_argument("--whole", action="store_true", help="从头打：全部办理记录和照片，对方说接不上的时候用")
    parser.add_argument("--for", dest="encrypt_for", metavar="CERT", type=Path, help="给这个证书加密；还没有这个功能")
    parser.add_argument("--identity", metavar="指纹", help="用哪个签名身份；本人只有一个时不用写")
    parser.add_argument("--passphrase-file", metavar="P", type=Path, help="签名口令在这个文件的第一行")


def _kind(text: str) -> PackageKind:
    found = next((one for one in PackageKind if text in {one.value, one.label}), None)
    if found is None:
        known = "、".join(f"{one.value}（{one.label}）" for one in PackageKind)
        message = f"没有“{text}”这种包，可以写{known}"
        raise argparse.ArgumentTypeError(message)
    return found


def run_pack(context: Context) -> int:
    """Writes a signed package for another desk, or one for each township."""
    from gengdi_desktop.handover.service import require_sender

    values = context.values
    _require_fitting(context)
    done: list[Packed] = []
    failed: GengdiError | None = None
    with context.writing() as (ledger, by):
        require_sender(ledger, values.kind)
        units = _units(context, ledger)
        targets = [_target(context, ledger, unit) for unit in units]
        require_free(targets, overwrite=values.overwrite)
        options = [_options(context, ledger, unit) for unit in units]
        identity = signing_identity(context, ledger, by)
        if values.all_units:
            # Only now: a refusal leaves nothing behind.
            with telling(values.out):
                values.out.mkdir(parents=True, exist_ok=True)
        for target, one in zip(targets, options, strict=True):
            try:
                done.append(_packed(context, ledger, (by, identity), target, one))
            except GengdiError as error:
                if not done:
                    raise
                failed = error
                break
    return _answer(context, done, [one.name for one in units[len(done) :] if one is not None], failed)


def _answer(context: Context, done: Sequence[Packed], left: Sequence[str], failed: GengdiError | None) -> int:
    """What was written; of several packages also for whom none is, where the disk filled up or went away."""
    lines = [line for one in done for line in _told(one)]
    if not context.values.all_units:
        context.out.result(done[0].as_json(), lines)
        return DONE
    told = _together(context, done) | {"left": list(left)}
    if failed is not None:
        lines += [failed.message, failed.hint, *_some("还没有打的", left)]
        told["error"] = error_object(failed)
    context.out.result(told, lines)
    return DONE if failed is None else NOT_SOUND


def _require_fitting(context: Context) -> None:
    """Options that the kind has no use for are a slip: the package would be for somebody else than was meant."""
    values = context.values
    if values.encrypt_for is not None:
        raise RuleError(
            "encryption_later",
            "现在的版本还不能加密，没有打包。",
            "去掉 --for 再打包；包有签名，改一个字节都认得出，U 盘请专人保管。",
        )
    said = {
        "--for-unit": values.for_unit,
        "--all-units": values.all_units,
        "--sample": values.sample,
        "--team": values.team,
    }
    for option, kinds in _ONLY_FOR.items():
        if said[option] and values.kind not in kinds:
            known = "、".join(one.label for one in PackageKind if one in kinds)
            raise UsageError(f"{option} 用在{known}上，{values.kind.label}不用写。", "pack")
    if values.all_units and values.team:
        raise UsageError("--all-units 是给各乡镇打的，不能和 --team 一起用。", "pack")
    if values.kind in _OF_UNIT and not (values.for_unit or values.all_units or values.team):
        raise UsageError(
            f"没有写明{values.kind.label}给哪个乡镇：写 --for-unit 乡镇，每个乡镇各打一个用 --all-units。", "pack"
        )


def _units(context: Context, ledger: Ledger) -> list[DueUnit | None]:
    """The townships for which packages are asked; one None where the kind is for somebody else."""
    from gengdi_desktop.handover.service import units_due

    values = context.values
    if not values.all_units:
        return [None]
    found: list[DueUnit | None] = [one for one in units_due(ledger) if one.plots]
    if not found:
        raise RuleError("nothing_to_pack", "台账里还没有图斑，没有打包。", "请先导入清单。")
    if values.out.exists() and not values.out.is_dir():
        told = f"每个乡镇各打一个，要放在文件夹里，“{values.out}”却是一个文件，没有打包。"
        raise RuleError("not_folder", told, "请换一个文件夹，还没有的会新建。")
    return found


def _target(context: Context, ledger: Ledger, unit: DueUnit | None) -> Path:
    from gengdi_desktop.exchange.writing import SUFFIX
    from gengdi_desktop.handover.service import file_name, units_due

    values = context.values
    out: Path = values.out
    if unit is None and not out.is_dir():
        # Who looks for packages on a stick goes by the ending.
        return out if out.suffix.lower() == SUFFIX else out.with_name(f"{out.name}{SUFFIX}")
    whose = unit.name if unit is not None else values.for_unit or values.team
    if unit is None and values.for_unit:  # asked for by its code it is called by its name all the same
        whose = next((one.name for one in units_due(ledger) if values.for_unit in {one.key, one.code}), whose)
    return out / file_name(ledger, values.kind, whose)


def _options(context: Context, ledger: Ledger, unit: DueUnit | None) -> PackOptions:
    from gengdi_desktop.handover.service import PackOptions

    values = context.values
    return PackOptions(
        unit_code=unit.key if unit is not None else values.for_unit,
        sample=_sample(ledger, values.sample) if values.kind in _OF_SAMPLE else "",
        photos=not values.no_photos,
        team=values.team,
        whole=values.whole,
    )


def _sample(ledger: Ledger, asked: str) -> str:
    """The sample that is meant; the only one needs no name."""
    from gengdi_desktop.phases.sampling.service import sample, samples

    if asked:
        return sample(ledger, asked).id
    found = samples(ledger)
    if len(found) == 1:
        return found[0].id
    if not found:
        raise RuleError("unknown_sample", "这本台账里还没有抽样，没有打包。", "请先抽样，或者先收抽查任务包。")
    listed = "、".join(f"{one.id[:8]}（{one.name}）" for one in found[:_MOST_NAMED])
    raise RuleError("unknown_sample", "没有写明是哪一次抽样，没有打包。", f"请用 --sample 写明编号。有：{listed}。")


def _packed(
    context: Context, ledger: Ledger, who: tuple[Actor, Identity], target: Path, options: PackOptions
) -> Packed:
    from gengdi_desktop.handover.service import pack

    by, identity = who
    progress = context.out.progress("打包（MB）")
    return pack(ledger, context.values.kind, target, by=by, identity=identity, options=options, progress=progress)


def _together(context: Context, done: Sequence[Packed]) -> dict[str, Any]:
    from gengdi_desktop.domain.areas import Area

    return {
        "file": str(context.values.out),
        "kind": str(context.values.kind),
        "sha256": None,
        "plots": sum(one.plots for one in done),
        "area_mu": Area.total(one.area for one in done).exact(),
        "photos": sum(one.photos for one in done),
        "encrypted": False,
        "packages": [one.as_json() for one in done],
    }


def _told(one: Packed) -> list[str]:
    photos = f"，照片和材料 {one.photos} 个" if one.photos else ""
    what = f"{one.kind.numbered(one.number)}给{one.receiver}"
    lines = [f"已打包：{one.file}", f"{what}，{one.plots} 个图斑，{one.area.display()} 亩{photos}。"]
    lines += filter(None, [one.unchecked_told])
    lines += _some("这次没带，下次再带", one.left_out)
    return lines + _some("台账里没有完好的原件，没有带上", one.missing)


def _some(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f"等 {len(names)} 个" if len(names) > _MOST_NAMED else ""
    return [f"{what}：{'、'.join(names[:_MOST_NAMED])}{more}。"]
