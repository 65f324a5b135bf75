"""A plugin may do what it likes: what comes of it is trouble of its own metric, and of no other."""

import sys
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from activities.measure import measure_all
from activities.sources import Allowance, plugin, plugins
from domain.measurement import Observation
from domain.sources import PluginSource
from tests.measuring import failure, metric, pairs, read, reads_well, request, week

FIRST = week("2013-01-07")


class Sizes(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int = 1
    token: str = ""


class Plugin:
    """A plugin that answers what a function gives."""

    Options = Sizes

    def __init__(self, answer: Callable[[Sizes], Any]) -> None:
        self.answer = answer

    def fetch(self, options: Sizes, window: Any, **_others: Any) -> Any:
        return self.answer(options)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object], PluginSource]]:
    """Make an object the plugin `ours`, as an installed package would."""

    def installing(what: object) -> PluginSource:
        monkeypatch.setattr(sys.modules[__name__], "OURS", what, raising=False)
        entry = EntryPoint("ours", f"{__name__}:OURS", plugins.GROUP)
        monkeypatch.setattr(
            plugins, "entry_points", lambda group, name="ours": [entry] if name == "ours" else []
        )
        return PluginSource(kind="plugin", name="ours")

    yield installing
    plugin._left.clear()


def seen(*values: float, first: int = FIRST) -> tuple[Observation, ...]:
    return tuple(Observation(period=first + i, value=value) for i, value in enumerate(values))


def test_its_observations_are_taken(install: Callable[[object], PluginSource], tmp_path: Path) -> None:
    source = install(Plugin(lambda options: seen(options.size, 2)))

    assert pairs(read(source, tmp_path)) == [(0, 1), (1, 2)]


def _raises(error: BaseException) -> Callable[[Sizes], Any]:
    def answer(_options: Sizes) -> Any:
        raise error

    return answer


def _unchecked(period: Any, value: Any) -> Observation:
    return Observation.model_construct(period=period, value=value, denominator=None)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_raises(ZeroDivisionError("what\n now?")), ["ZeroDivisionError (what now?)"]),
        (_raises(SystemExit(3)), ["SystemExit"]),
        (_raises(KeyboardInterrupt()), ["KeyboardInterrupt"]),
        (lambda _: None, ["NoneType, not a tuple"]),
        (lambda _: {"2013-01-07": 3}, ["dict, not a tuple"]),
        (lambda _: [3.0], ["float, not an observation"]),
        (lambda _: [_unchecked(FIRST, float("nan"))], ["no finite number"]),
        (
            lambda _: [_unchecked(FIRST, "3")],
            ["no finite number"],
        ),
        (
            lambda _: [_unchecked("x", 3.0)],
            ["no whole number"],
        ),
        (lambda _: [Observation(period=FIRST, value=1.5, denominator=4)], ["1.5 of 4, which is no share"]),
        (lambda _: [Observation(period=FIRST, value=0.5, denominator=0)], ["0.5 of 0, which is no share"]),
        (lambda _: (*seen(1), *seen(2)), ["2013-01-07 twice"]),
        (lambda _: seen(1, 2)[::-1], ["2013-01-07 after 2013-01-14", "in order"]),
        (lambda _: seen(1, first=FIRST - 1), ["2012-12-31, which was not asked for"]),
        (lambda _: seen(1, first=FIRST + 500), ["which was not asked for"]),
    ],
)
def test_nonsense_is_trouble_of_its_own_metric(
    install: Callable[[object], PluginSource],
    tmp_path: Path,
    answer: Callable[[Sizes], Any],
    words: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = install(Plugin(answer))
    (tmp_path / "data.csv").write_text("period,value\n2013-01-07,3\n")
    asked = request(
        metric(name="ours", source=source), metric(name="good", layer="support"), import_from=FIRST
    )

    ours, good = measure_all(asked, tmp_path).results

    assert [o.value for o in good.observations] == [3]
    assert ours.trouble is not None
    assert ours.trouble.code == "bad_plugin"
    assert [word for word in words if word not in ours.trouble.message] == [], ours.trouble.message
    reads_well(ours.trouble.message, tmp_path)


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        (object(), "bad_plugin", ["no `Options`"]),
        (type("NoFetch", (), {"Options": Sizes}), "bad_plugin", ["no function `fetch`"]),
        (type("NoModel", (), {"Options": dict, "fetch": print}), "bad_plugin", ["no `Options`"]),
    ],
)
def test_what_is_no_plugin(
    install: Callable[[object], PluginSource], tmp_path: Path, what: object, code: str, words: list[str]
) -> None:
    found, sentence = failure(install(what), tmp_path)

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence


def test_a_plugin_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entry = EntryPoint("ours", "no_such_module_anywhere", plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group, name="ours": [entry])

    code, sentence = failure(PluginSource(kind="plugin", name="ours"), tmp_path)

    assert (code, "no_such_module_anywhere" in sentence) == ("bad_plugin", True)


def test_a_name_that_two_packages_offer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entries = [EntryPoint("ours", module, plugins.GROUP) for module in ("one", "two")]
    monkeypatch.setattr(plugins, "entry_points", lambda group, name="ours": entries)

    code, sentence = failure(PluginSource(kind="plugin", name="ours"), tmp_path)

    assert (code, "one, two" in sentence) == ("bad_plugin", True)


def test_a_plugin_that_is_not_installed(tmp_path: Path) -> None:
    code, sentence = failure(PluginSource(kind="plugin", name="nowhere"), tmp_path)

    assert (code, "not installed where the worker runs" in sentence) == ("no_such_plugin", True)


def test_options_are_checked_by_the_worker_too(
    install: Callable[[object], PluginSource], tmp_path: Path
) -> None:
    source = install(Plugin(lambda _: ())).model_copy(update={"options": {"size": "large", "colour": 1}})

    code, sentence = failure(source, tmp_path)

    assert code == "bad_options"
    assert "size" in sentence
    assert "colour" in sentence
    assert "it takes size, token" in sentence


@pytest.mark.parametrize("broken", [True, False])
def test_a_secret_is_filled_in_and_never_repeated(
    install: Callable[[object], PluginSource],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    broken: bool,
) -> None:
    monkeypatch.setenv("OUR_TOKEN", "hush-4711/%@")
    given: list[str] = []

    def answer(options: Sizes) -> Any:
        given.append(options.token)
        raise (RuntimeError if broken else OSError)(f"401 for Bearer {options.token}")

    source = install(Plugin(answer)).model_copy(update={"options": {"token": "${OUR_TOKEN}"}})

    code, sentence = failure(source, tmp_path)

    assert given == ["hush-4711/%@"]
    assert code == "bad_plugin"
    assert "hush" not in sentence + caplog.text
    assert "401 for Bearer" in sentence


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_plugin_that_does_not_end_is_left_behind(
    install: Callable[[object], PluginSource],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    cancelled: bool,
) -> None:
    monkeypatch.setattr(plugin, "_GRACE", 0.1)
    release = threading.Event()

    def answer(_options: Sizes) -> Any:
        release.wait(60)
        return ()

    source = install(Plugin(answer))
    allowance = Allowance(seconds=0.05)
    if cancelled:
        allowance = Allowance()
        allowance.stop.set()

    for _ in range(plugin._LEFT_BEHIND):
        code, sentence = failure(source, tmp_path, allowance=allowance)
        assert (code, "did not end" in sentence) == ("timed_out", True)
    code, sentence = failure(source, tmp_path, allowance=allowance)

    assert (code, "4 earlier calls of it still run" in sentence) == ("timed_out", True)
    release.set()
    for left in plugin._left["ours"]:
        left.join()
