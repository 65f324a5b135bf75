"""The conformance suite: a plugin that is right passes, and each check finds one that is wrong in it."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from bst.conformance import CHECKS, Case, Check
from bst.source_plugin import (
    Allowance,
    Calendar,
    Observation,
    SourceFailed,
    Window,
    files_of,
    go_on,
    observations_of,
    parse_label,
)
from domain.measurement import Observation as Seen

WEEKLY = Calendar("weekly")
DATA = "2026-03-02 4\n2026-03-09 5\n2026-03-23 7\n"


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str
    token: str = ""


class Right:
    """A plugin that does all it has to: a number a line, after its day."""

    Options: type[BaseModel] = Options

    def fetch(
        self, options: Any, window: Window, *, data_root: Path, allowance: Allowance
    ) -> tuple[Observation, ...]:
        rows: list[tuple[str, float]] = []
        for path in files_of(options.path, data_root, allowance):
            go_on(allowance, options.path)
            lines = [line.split() for line in path.read_text().splitlines()]
            rows += [(day, float(value)) for day, value in lines]
        return observations_of(rows, window, options.path)


class Loose(BaseModel):
    path: str
    token: str = ""


class Wrong(Right):
    """A plugin that is right but for one thing."""

    def __init__(self, twist: Callable[..., Any], model: type[BaseModel] = Options) -> None:
        self.twist, self.Options = twist, model

    def fetch(self, options: Any, window: Window, **others: Any) -> Any:
        return self.twist(
            lambda asked=window: Right.fetch(self, options, asked, **others), options, window, **others
        )


def _filled(right: Any, _options: Any, window: Window, **_: Any) -> Any:
    found = {o.period: o for o in right()}
    whole = range(min(found, default=0), max(found, default=-1) + 1)
    return tuple(found.get(p, Seen(period=p, value=0.0)) for p in whole)


def _counting() -> Callable[..., Any]:
    calls = iter(range(10**6))

    def twist(right: Any, *_: Any, **__: Any) -> Any:
        number = next(calls)
        return tuple(o.model_copy(update={"value": o.value + number}) for o in right())

    return twist


def _shared() -> Callable[..., Any]:
    """Keep rows in one place for all calls: alone it is right, together they mix."""
    kept: list[Any] = []

    def twist(right: Any, *_: Any, **__: Any) -> Any:
        kept.clear()
        for o in right():
            kept.append(o)
            time.sleep(0.001)
        return tuple(kept)

    return twist


def _failing_with(make: Callable[[Any], BaseException]) -> Callable[..., Any]:
    def twist(right: Any, options: Any, *_: Any, **__: Any) -> Any:
        try:
            return right()
        except SourceFailed:
            raise make(options) from None

    return twist


def _all_of_it(right: Any, _options: Any, window: Window, **_: Any) -> Any:
    return right(Window("weekly", window.through - 520, window.through + 520))


def _sleeping(right: Any, _options: Any, _window: Window, *, allowance: Allowance, **_: Any) -> Any:
    if allowance.stop.wait(0.05):
        threading.Event().wait(4)  # takes no notice
    return right()


def _crashing(right: Any, _options: Any, _window: Window, *, allowance: Allowance, **_: Any) -> Any:
    if allowance.stop.wait(0.05):
        raise InterruptedError("stopped")
    return right()


def _silent(right: Any, options: Any, *_: Any, **__: Any) -> Any:
    return () if "gone" in options.path else right()


def _code(options: Any) -> SourceFailed:
    return SourceFailed("strange", f"no {options.path}")  # type: ignore[arg-type]


BROKEN: dict[str, tuple[str, Wrong]] = {
    "unknown options are taken": ("options_are_checked", Wrong(lambda right, *_, **__: right(), Loose)),
    "backwards": ("order_is_kept", Wrong(lambda right, *_, **__: right()[::-1])),
    "twice": ("order_is_kept", Wrong(lambda right, *_, **__: right() * 2)),
    "a generator": ("order_is_kept", Wrong(lambda right, *_, **__: iter(right()))),
    "plain numbers": ("order_is_kept", Wrong(lambda right, *_, **__: tuple(o.value for o in right()))),
    "gaps are filled": ("gaps_are_gaps", Wrong(_filled)),
    "one is lost": ("gaps_are_gaps", Wrong(lambda right, *_, **__: right()[1:])),
    "the window is overlooked": ("windows_agree", Wrong(_all_of_it)),
    "each time another answer": ("asking_twice_changes_nothing", Wrong(_counting())),
    "threads mix": ("threads_do_not_mix", Wrong(_shared())),
    "another error": ("failures_are_told", Wrong(_failing_with(lambda _: OSError("gone")))),
    "another code": ("failures_are_told", Wrong(_failing_with(_code))),
    "no words": ("failures_are_told", Wrong(_failing_with(lambda _: SourceFailed("unreachable", " ")))),
    "many words": ("failures_are_told", Wrong(_failing_with(lambda _: SourceFailed("empty", "x" * 701)))),
    "a traceback": ("failures_are_told", Wrong(_failing_with(lambda _: SourceFailed("empty", "a\nb")))),
    "nothing is told": ("failures_are_told", Wrong(_silent)),
    "it does not stop": ("cancelling_ends_it", Wrong(_sleeping)),
    "it crashes when stopped": ("cancelling_ends_it", Wrong(_crashing)),
    "a secret is told": (
        "secrets_are_kept",
        Wrong(_failing_with(lambda o: SourceFailed("login_refused", f"refused: token={o.token!r}"))),
    ),
}  # fmt: skip


def case(plugin: Any, folder: Path) -> Case:
    (folder / "data.txt").write_text(DATA)
    return Case(
        plugin=plugin,
        options={"path": "data.txt"},
        data_root=folder,
        window=Window("weekly", parse_label("2026-03-02", WEEKLY), parse_label("2026-03-23", WEEKLY)),
        labels=("2026-03-02", "2026-03-09", "2026-03-23"),
        failing={"path": "gone.txt"},
        secret_in="token",
        patience=2.0,
    )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_plugin_that_is_right_passes(tmp_path: Path, check: Check) -> None:
    check(case(Right(), tmp_path))


@pytest.mark.parametrize("what", BROKEN)
def test_a_plugin_that_is_wrong_is_found_by_the_check_for_it(tmp_path: Path, what: str) -> None:
    name, plugin = BROKEN[what]
    check = next(check for check in CHECKS if check.__name__ == name)

    with pytest.raises(AssertionError) as found:
        check(case(plugin, tmp_path))

    assert str(found.value)


def test_each_check_finds_something() -> None:
    assert {name for name, _ in BROKEN.values()} == {check.__name__ for check in CHECKS}


def test_a_case_without_a_gap_proves_nothing(tmp_path: Path) -> None:
    whole = case(Right(), tmp_path)
    short = Window("weekly", whole.window.since, parse_label("2026-03-09", WEEKLY))
    check = next(check for check in CHECKS if check.__name__ == "gaps_are_gaps")

    with pytest.raises(AssertionError, match="one that has none"):
        check(Case(plugin=Right(), options=whole.options, data_root=tmp_path, window=short,
                   labels=whole.labels[:2], failing=whole.failing))  # fmt: skip
