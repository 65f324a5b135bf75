"""What is remembered of a frozen value is never told of another one."""

from domain.once import once
from domain.state import gating, gauges
from tests.unit.journeys import charter


def test_an_answer_is_worked_out_once_for_one_object_and_again_for_an_equal_one() -> None:
    asked: list[tuple[int, ...]] = []

    @once
    def length(value: tuple[int, ...]) -> int:
        asked.append(value)
        return len(value)

    # 0.0 and -0.0, or 1 and True, are equal and not the same: so equality is not asked about.
    one, equal = (1, 2), (True, 2)
    assert [length(one), length(one), length(equal), length(one)] == [2, 2, 2, 2]
    assert asked == [one, equal]


def test_an_object_that_is_gone_leaves_its_answer_to_none_that_takes_its_place() -> None:
    total = once(sum)
    assert [total((n, 1)) for n in range(2000)] == list(range(1, 2001))


def test_a_copied_charter_has_metrics_of_its_own() -> None:
    whole = charter()
    assert len(gauges(whole)) == 1 + len(whole.metrics)
    bare = whole.model_copy(update={"metrics": ()})
    assert (len(gauges(bare)), len(gating(bare))) == (1, 1)
    assert len(gauges(whole)) == 1 + len(whole.metrics)
