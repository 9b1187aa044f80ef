"""What the command of samples answers: one object for scripts, lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.output import few, table

if TYPE_CHECKING:
    from gengdi_desktop.domain.pass_share import PassShare
    from gengdi_desktop.phases.sampling.records import SampledPlot, SampleInfo


def sample_json(info: SampleInfo) -> dict[str, Any]:
    """A sample as scripts read it: areas and shares are decimal texts."""
    due = info.enlargement
    return {
        "id": info.id,
        "name": info.name,
        "status": info.status.value,
        "framed_on": info.framed_on.isoformat(),
        "drawn_on": info.drawn_on.isoformat() if info.drawn_on else None,
        "by": [field.value for field in info.strata_fields],
        "scope": info.scope,
        "seed": info.seed or None,
        "seed_source": info.seed_source.value if info.seed_source else None,
        "frame": info.frame_hash,
        "frame_plots": info.frame_plots,
        "frame_area_mu": info.frame_area.exact(),
        "wanted": info.wanted,
        "enlarges": info.enlarges,
        "enlarged_by": info.enlarged_by,
        "reason": info.reason,
        "strata": [
            {
                "name": one.name,
                "plots": one.plots,
                "area_mu": one.area.exact() if one.area is not None else None,
                "share": one.share,
                "to_check": one.places,
                "checked": one.checked,
                "failed": one.failed,
            }
            for one in info.strata
        ],
        "plots": [_plot(one) for one in info.plots],
        "area_mu": info.area.exact(),
        "checked": len(info.checked),
        "failed": [one.plot for one in info.failed],
        "pass_share": _share(info.pass_share),
        "enlargement": {"count": due.count, "whole": list(due.whole), "sentence": due.sentence} if due else None,
    }


def _plot(one: SampledPlot) -> dict[str, Any]:
    found = one.result
    return {
        "id": one.plot,
        "name": one.name,
        "township": one.township,
        "village": one.village,
        "stratum": one.stratum,
        "place": one.place,
        "order": one.order_key,
        "area_mu": one.area.exact(),
        "role": one.role.value,
        "replaces": one.replaces,
        "replaced": one.replaced,
        "reason": one.reason,
        "result": None
        if found is None
        else {
            "date": found.on_date.isoformat(),
            "outcome": found.outcome.value,
            "measured_mu": found.measured_area.exact() if found.measured_area is not None else None,
            "finding": found.finding,
            "checkers": [found.checker, found.second_checker],
            "entered": found.entered,
            "sent_back": found.sent_back,
        },
    }


def _share(share: PassShare | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {"passed": share.passed, "checked": share.checked, "low": f"{share.low:.6f}", "high": f"{share.high:.6f}"}


def draw_lines(info: SampleInfo) -> list[str]:
    """The draw for people: what was frozen, what drew, who is to be checked."""
    lines = [
        f"{info.name}（编号 {info.id[:8]}）",
        f"抽样框：{info.frame_plots} 个图斑，{info.frame_area.display()} 亩，校验值 {info.frame_hash}",
    ]
    if info.seed_source is None:
        return [*lines, "已封存，还没有抽。种子摇出来以后用 --draw 抽。"]
    lines.append(
        f"种子：{info.seed}（{info.seed_source.label}）　抽中 {len(info.to_check)} 个，{info.area.display()} 亩"
    )
    lines += table(
        ("层", "框内", "抽中"),
        [(one.name, "—" if one.plots is None else str(one.plots), str(one.places)) for one in info.strata],
        right=(1, 2),
    )
    return lines + few(
        f"  {one.stratum} {one.place}　{one.name}　{one.area.display()} 亩"
        f"{f'　（不查：{one.reason}）' if one.replaced else ''}"
        for one in info.plots
    )


def sample_lines(info: SampleInfo) -> list[str]:
    """What was found, for people."""
    share = info.pass_share
    if share is None:
        return ["还没有抽查结果。"]
    told = f"已查 {share.checked} 个，合格 {share.passed} 个，合格率 {share.passed / share.checked:.2%}"
    lines = [f"{told}（95% 的把握在 {share.low:.2%} 到 {share.high:.2%} 之间）。"]
    lines += few(f"  不合格：{one.name}　{one.result.finding}" for one in info.failed if one.result is not None)
    return lines + ([info.enlargement.sentence] if info.enlargement is not None else [])
