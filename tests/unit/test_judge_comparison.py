"""The comparison with the frozen baseline: what an improvement must show, and when it is looked at."""

import math
from typing import Any

import pytest

from domain.charter import OptimizationGate
from domain.measurement import Baseline, MetricEvidence
from evidence.improvement import look_alpha
from evidence.quantise import quantise
from tests.judging import LIMITS, calm, judged
from tests.measuring import metric, series


class TestComparison:
    """20 frozen points, then points of the optimization stage from period 20 on."""

    def judge(
        self,
        after: list[float],
        *,
        first: list[float] | None = None,
        explained: tuple[int, ...] = (),
        **changes: Any,
    ) -> MetricEvidence:
        before = first or calm(20)
        gate = changes.pop("gate", OptimizationGate(after_points=12, margin=0.5))
        about = metric(**{"direction": "down", **changes})
        own = judged(before, about=about, through=19).limits
        assert own is not None
        baseline = Baseline(limits=own, series=series(list(before)))
        about = about.model_copy(update={"limits": own, "baseline": baseline, "explained": explained})
        return judged([*before, *after], about=about, stage="optimization", stage_since=20, optimization=gate)

    def test_a_clear_improvement_passes_every_part(self) -> None:
        found = self.judge(calm(12, 6.0)).improvement

        assert found is not None
        assert found.p_value < found.alpha == 0.025
        assert found.shift_low > found.margin == 0.5
        assert (found.good_signal, found.in_control, found.no_wider) == (True, True, True)
        assert (found.look, found.n_before, found.n_after, found.cliffs_delta) == (1, 20, 12, 1.0)
        assert (found.limits.first, found.limits.last, found.limits.n) == (20, 31, 12)

    def test_no_change_and_a_change_for_the_worse_do_not_pass(self) -> None:
        same, worse = self.judge(calm(12)).improvement, self.judge(calm(12, 14.0)).improvement

        assert same is not None
        assert worse is not None
        assert (same.p_value > same.alpha, same.good_signal) == (True, False)
        assert (worse.shift < 0, worse.p_value > 0.5, worse.good_signal) == (True, True, False)

    def test_a_wider_or_restless_new_level_is_said(self) -> None:
        wide = self.judge([2.0, 9.0] * 6).improvement
        restless = self.judge([*calm(11, 5.0), 9.9]).improvement

        assert wide is not None
        assert restless is not None
        assert (wide.no_wider, restless.in_control) == (False, False)

    def test_looks_come_only_every_so_many_points_and_nothing_changes_between(self) -> None:
        looks = [self.judge(calm(n, 6.0)).improvement for n in (11, 12, 13, 23, 24)]

        assert [look and look.look for look in looks] == [None, 1, 1, 1, 2]
        assert looks[1] == looks[2] == looks[3]
        assert looks[4] is not None
        assert looks[4].alpha == quantise(look_alpha(0.05, 2)) < 0.0125
        assert (looks[4].limits.first, looks[4].n_after) == (32, 12)

    def test_explained_points_are_left_out_on_both_sides(self) -> None:
        found = self.judge([*calm(6, 6.0), 99.0, *calm(6, 6.0)], explained=(3, 26))

        assert found.improvement is not None
        assert (found.improvement.n_before, found.improvement.n_after) == (19, 12)
        assert (found.stage_points, found.improvement.no_wider) == (12, True)

    @pytest.mark.parametrize("layer", ["efficiency", "guardrail"])
    def test_other_layers_bring_their_own_margin(self, layer: str) -> None:
        found = self.judge(calm(12, 6.0), layer=layer, margin=0.25).improvement

        assert found is not None
        assert found.margin == 0.25

    def test_support_metrics_are_judged_but_never_compared(self) -> None:
        found = self.judge(calm(12, 6.0), layer="support")

        assert (found.improvement, found.control is None) == (None, False)

    @pytest.mark.parametrize(
        ("layer", "direction", "margin", "expected"),
        [
            ("outcome", "down", 2.0, math.log(10 / 8)),
            ("outcome", "up", 2.0, math.log(12 / 10)),
            ("guardrail", "down", 2.0, math.log(12 / 10)),
            ("guardrail", "up", 2.0, math.log(10 / 8)),
            ("efficiency", "down", 0.0, 0.0),
        ],
    )
    def test_the_margin_of_a_duration_is_a_step_from_the_frozen_centre(
        self, layer: str, direction: str, margin: float, expected: float
    ) -> None:
        geometric = [10 * math.exp(step) for step in [0.1, -0.1] * 10]
        gate = OptimizationGate(after_points=12, margin=margin)

        found = self.judge(
            [value / 2 for value in geometric[:12]],
            first=geometric, gate=gate, layer=layer, direction=direction, margin=margin, measure="duration",
        ).improvement  # fmt: skip

        assert found is not None
        assert found.margin == pytest.approx(expected, rel=1e-5)
        assert found.shift == pytest.approx(math.log(2) * (1 if direction == "down" else -1), abs=0.2)

    def test_a_margin_that_no_duration_can_pass_is_an_obstacle_in_words(self) -> None:
        gate = OptimizationGate(after_points=12, margin=10.5)

        found = self.judge(calm(12, 6.0), gate=gate, measure="duration")

        assert found.improvement is None
        assert "not below the frozen centre" in (found.obstacle or "")
        assert found.control is not None

    def test_a_guardrail_that_never_moves_did_not_get_worse(self) -> None:
        still = self.judge([0.0] * 12, first=[0.0] * 20, layer="guardrail").improvement
        moved = self.judge([0.0] * 11 + [1.0], first=[0.0] * 20, layer="guardrail")

        assert still is not None
        assert (still.shift_low, still.p_value) == (0.0, 1.0)
        assert moved.improvement is None
        assert "no change can be measured" in (moved.obstacle or "")

    def test_outside_optimization_nothing_is_compared(self) -> None:
        baseline = Baseline(limits=LIMITS, series=series(list(calm(20))))
        about = metric(limits=LIMITS, baseline=baseline)

        for stage in ("stability", "innovation"):
            found = judged([*calm(20), *calm(24, 6.0)], about=about, stage=stage, stage_since=20)
            assert found.improvement is None

    def test_the_seed_follows_from_the_numbers_alone(self) -> None:
        one, same, other = (self.judge(calm(12, c)).improvement for c in (6.0, 6.0, 6.5))

        assert one == same
        assert one is not None
        assert other is not None
        assert one.seed != other.seed
        assert one.seed < 2**53
