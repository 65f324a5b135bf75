"""Many calls at once: within both bounds, in order, and ended together."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest

from activities.sources import Allowance, place_of
from activities.sources.patience import PAUSES, patiently
from activities.turns import AT_ONCE, AT_ONE_PLACE, Call, in_turn
from domain.errors import SourceFailed
from tests.measuring import files, sql

PATIENCE_S = 20.0


class Crowd:
    """Calls that wait until so many run at once, and note how many that were."""

    def __init__(self, expected: int) -> None:
        self.lock, self.full = threading.Lock(), threading.Event()
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.expected = expected

    def call(self, place: str, answer: int) -> Call[int]:
        def ask() -> int:
            with self.lock:
                self.now[place] += 1
                self.most[place] = max(self.most[place], self.now[place])
                self.most["all"] = max(self.most["all"], self.now.total())
                if self.now.total() >= self.expected:
                    self.full.set()
            self.full.wait(PATIENCE_S)
            with self.lock:
                self.now[place] -= 1
            return answer

        return Call(place, ask)


def test_a_place_is_asked_so_much_at_once_and_all_together_so_much() -> None:
    crowd = Crowd(AT_ONCE)
    places = [f"place {i % 5}" for i in range(50)]
    answers = in_turn([crowd.call(place, i) for i, place in enumerate(places)])
    assert answers == tuple(range(50))
    assert crowd.most.pop("all") == AT_ONCE
    assert max(crowd.most.values()) == AT_ONE_PLACE


def test_a_slow_place_keeps_no_other_waiting() -> None:
    others = threading.Event()
    slow: list[Call[bool]] = [Call("slow", lambda: others.wait(PATIENCE_S)) for _ in range(20)]
    left = [30]

    def quick() -> bool:
        left[0] -= 1
        if not left[0]:
            others.set()
        return True

    rest = [Call("quick", quick) for _ in range(30)]
    answers = in_turn(slow + rest)
    assert all(answers)


def test_the_last_place_of_a_long_list_begins_with_the_first() -> None:
    begun = threading.Event()

    def last() -> bool:
        begun.set()
        return True

    many = [Call(f"place {i % 8}", lambda: begun.wait(PATIENCE_S)) for i in range(40)]
    answers = in_turn([*many, Call("last", last)])
    assert all(answers)


def test_when_the_pulse_raises_all_end_and_nothing_more_is_asked() -> None:
    ended = threading.Event()
    asked: list[int] = []

    def ask() -> None:
        asked.append(1)
        ended.wait(PATIENCE_S)

    def pulse(answered: int) -> None:
        raise InterruptedError(f"{answered} answered")

    with pytest.raises(InterruptedError, match="0 answered"):
        in_turn([Call("here", ask) for _ in range(9)], pulse, ended.set)
    assert len(asked) == AT_ONE_PLACE


def test_nothing_to_ask_is_answered() -> None:
    assert in_turn([]) == ()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://reader:${KEY}@db:5432/claims", "postgresql://db:5432/claims"),
        ("${CLAIMS_URL}", "${CLAIMS_URL}"),
        ("sqlite:///orders.db", "sqlite:///orders.db"),
    ],
)
def test_a_database_is_a_place_without_its_login(url: str, place: str) -> None:
    assert place_of(sql(url, "select 1")) == place


def test_all_files_are_one_place_which_is_this_machine() -> None:
    assert {place_of(files(name)) for name in ("a.csv", "b.csv")} == {"files"}


class TestPatience:
    def failing(self, times: int, code: str = "unreachable") -> tuple[Callable[[], str], list[int]]:
        tries: list[int] = []

        def ask() -> str:
            tries.append(1)
            if len(tries) <= times:
                raise SourceFailed(code, f"try {len(tries)}")  # type: ignore[arg-type]
            return "answer"

        return ask, tries

    @pytest.fixture(autouse=True)
    def short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("activities.sources.patience.PAUSES", tuple(0.001 for _ in PAUSES))

    def test_what_may_pass_is_tried_again(self) -> None:
        ask, tries = self.failing(2)
        assert (patiently(ask, "db", Allowance()), len(tries)) == ("answer", 3)

    def test_and_no_more_than_that(self) -> None:
        ask, tries = self.failing(99)
        allowance = Allowance()
        with pytest.raises(SourceFailed, match="try 3"):
            patiently(ask, "db", allowance)
        assert allowance.worn == {"db"}
        with pytest.raises(SourceFailed, match="try 4"):
            patiently(ask, "db", allowance)
        assert len(tries) == 4

    @pytest.mark.parametrize(
        "code", ["login_refused", "no_such_column", "timed_out", "query_failed", "internal"]
    )
    def test_what_stays_is_not(self, code: str) -> None:
        ask, tries = self.failing(99, code)
        with pytest.raises(SourceFailed):
            patiently(ask, "db", Allowance())
        assert len(tries) == 1

    @pytest.mark.parametrize("place", ["http://here", "https://there"])
    def test_the_web_has_its_own(self, place: str) -> None:
        ask, tries = self.failing(99)
        with pytest.raises(SourceFailed):
            patiently(ask, place, Allowance())
        assert len(tries) == 1

    def test_a_measurement_that_was_stopped_asks_nobody_again(self) -> None:
        ask, tries = self.failing(99)
        allowance = Allowance()
        allowance.stop.set()
        with pytest.raises(SourceFailed):
            patiently(ask, "db", allowance)
        assert len(tries) == 1
