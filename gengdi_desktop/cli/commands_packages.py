"""Commands on packages: pack."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.identities import signing_identity
from gengdi_desktop.cli.output import DONE
from gengdi_desktop.cli.targets import require_free
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange.manifest import PackageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.handover.service import DueUnit, Packed, PackOptions
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.identity import Identity

_OF_UNIT = frozenset({PackageKind.TASK, PackageKind.FEEDBACK})
_OF_SAMPLE = frozenset({PackageKind.CHECK_TASK, PackageKind.CHECK_RESULT})
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
    values = context.values
    if values.encrypt_for is not None:
        raise RuleError(
            "encryption_later",
            "现在的版本还不能加密，没有打包。",
            "去掉 --for 再打包；包有签名，改一个字节都认得出，U 盘请专人保管。",
        )
    if values.all_units and values.kind not in _OF_UNIT:
        raise UsageError("--all-units 用在任务包和反馈包上。", "pack")
    with context.writing() as (ledger, by):
        units = _units(context, ledger)
        targets = [_target(context, ledger, unit) for unit in units]
        require_free(targets, overwrite=values.overwrite)
        options = [_options(context, ledger, unit) for unit in units]
        identity = signing_identity(context, ledger, by)
        done = [
            _packed(context, ledger, (by, identity), target, one) for target, one in zip(targets, options, strict=True)
        ]
    lines = [line for one in done for line in _told(one)]
    context.out.result(_together(context, done) if values.all_units else done[0].as_json(), lines)
    return DONE


def _units(context: Context, ledger: Ledger) -> list[DueUnit | None]:
    """The townships for which packages are asked; one None where the kind is for somebody else."""
    from gengdi_desktop.handover.service import units_due

    values = context.values
    if not values.all_units:
        return [None]
    found: list[DueUnit | None] = [one for one in units_due(ledger) if one.plots]
    if not found:
        raise RuleError("nothing_to_pack", "台账里还没有图斑，没有打包。", "请先导入清单。")
    values.out.mkdir(parents=True, exist_ok=True)
    return found


def _target(context: Context, ledger: Ledger, unit: DueUnit | None) -> Path:
    from gengdi_desktop.exchange.writing import SUFFIX
    from gengdi_desktop.handover.service import file_name, units_due

    values = context.values
    out: Path = values.out
    if not out.is_dir():
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
    listed = "、".join(f"{one.id[:8]}（{one.name}）" for one in found[:_MOST_NAMED]) or "没有"
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
    what = f"{one.kind.label}（第 {one.number} 次）给{one.receiver}"
    lines = [f"已打包：{one.file}", f"{what}，{one.plots} 个图斑，{one.area.display()} 亩{photos}。"]
    lines += _some("这次没带，下次再带", one.left_out)
    return lines + _some("台账里没有完好的原件，没有带上", one.missing)


def _some(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f"等 {len(names)} 个" if len(names) > _MOST_NAMED else ""
    return [f"{what}：{'、'.join(names[:_MOST_NAMED])}{more}。"]
