"""Who is checked: as many as the share of each stratum, the first that can be visited, whatever is left out when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.sampling import Frame, FramePlot, draw
from gengdi_desktop.phases.sampling.line_up import line_up
from gengdi_desktop.phases.sampling.records import SampleRole

_SIZES = st.dictionaries(st.sampled_from("甲乙丙丁"), st.integers(1, 9), min_size=1)


@given(_SIZES, st.data())
def test_replacements_one_by_one_are_those_of_all_at_once(sizes: dict[str, int], data: st.DataObject) -> None:
    frame = Frame.of(FramePlot(name, f"{name}{at}", Area(at)) for name, size in sizes.items() for at in range(size))
    sample = draw(frame, "7", data.draw(st.integers(1, len(frame.plots))))
    left_out: list[str] = []
    settled: dict[str, str] = {}
    line = line_up(sample)
    for _ in range(data.draw(st.integers(0, 6))):
        open_plots = [one.plot.plot for one in line if one.plot.plot not in left_out]
        if not open_plots:
            break
        left_out.append(data.draw(st.sampled_from(open_plots)))
        line = line_up(sample, left_out, settled)
        assert {one.plot.plot: one.replaces for one in line if one.plot.plot in settled} == settled, "never changed"
        settled = {one.plot.plot: one.replaces for one in line if one.replaces is not None}
    assert [(one.plot, one.place, one.role) for one in line] == [
        (one.plot, one.place, one.role) for one in line_up(sample, left_out)
    ]
    assert len(set(settled.values())) == len(settled), "each plot has one replacement"
    assert set(settled.values()) <= set(left_out)
    for name, share in sample.shares.items():
        mine = [one for one in line if one.plot.stratum == name]
        free = [one for one in mine if one.plot.plot not in left_out]
        assert len(free) == min(share, sizes[name] - sum(1 for one in mine if one.plot.plot in left_out))
        assert [one.place for one in mine] == list(range(1, len(mine) + 1))
        assert all((one.role is SampleRole.DRAWN) == (one.place <= share) for one in mine)


def test_what_two_desks_settled_otherwise_is_settled_anew() -> None:
    frame = Frame.of(FramePlot("甲", f"p{at}", Area(at)) for at in range(6))
    sample = draw(frame, "7", 2)
    order = [one.plot for one in (*sample.drawn, *sample.reserve["甲"])]
    line = line_up(sample, order[:2], {order[2]: "gone", order[3]: order[2]})
    assert [(one.plot.plot, one.replaces) for one in line] == [
        (order[0], None), (order[1], None), (order[2], order[0]), (order[3], order[1]),
    ]  # fmt: skip
