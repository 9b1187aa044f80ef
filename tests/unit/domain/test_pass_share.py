"""The interval of a share agrees with published software to ten digits."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain.pass_share import pass_share

# Computed with scipy.stats.binomtest(k, n).proportion_ci(0.95, "exact").
_KNOWN = (
    (0, 1, 0.0, 0.975), (1, 1, 0.025, 1.0), (0, 10, 0.0, 0.3084971078), (10, 10, 0.6915028922, 1.0),
    (3, 10, 0.0667395112, 0.6524528501), (9, 10, 0.5549838830, 0.9974714215), (17, 20, 0.6210731735, 0.9679290628),
    (45, 50, 0.7818646336, 0.9667249064), (98, 100, 0.9296160675, 0.9975686632), (111, 111, 0.9673130060, 1.0),
    (200, 222, 0.8538107509, 0.9368472114), (1500, 2220, 0.6557552837, 0.6951313115),
    (1999, 2000, 0.9972173602, 0.9999873412), (7, 9, 0.3999064263, 0.9718550265), (1, 30, 0.0008435709, 0.1721694556),
)  # fmt: skip


@pytest.mark.parametrize(("passed", "checked", "low", "high"), _KNOWN)
def test_the_interval_is_clopper_and_pearson_s(passed: int, checked: int, low: float, high: float) -> None:
    found = pass_share(passed, checked)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize("checked", [1, 2, 7, 60])
def test_failing_is_passing_seen_from_the_other_side(checked: int) -> None:
    for passed in range(checked + 1):
        found, mirrored = pass_share(passed, checked), pass_share(checked - passed, checked)
        assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)
        assert found.low <= passed / checked <= found.high


@pytest.mark.parametrize(("passed", "checked"), [(0, 0), (2, 1), (-1, 3)])
def test_what_is_no_share_is_refused(passed: int, checked: int) -> None:
    with pytest.raises(ValueError, match=f"{passed} of {checked}"):
        pass_share(passed, checked)
