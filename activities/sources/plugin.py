"""The `plugin` source: an installed plugin is asked, kept within its limits, and not believed blindly.

It runs in a thread of its own, which is left behind when it does not end in time.
Whatever it raises, and whatever it answers that is no series of observations, is
trouble of its own metric.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import format_exception
from typing import get_args

from pydantic import JsonValue

from activities.sources.allowance import Allowance
from activities.sources.plugins import plugin_named, validated
from activities.sources.secrets import conceal, fill
from activities.sources.window import Window
from domain.errors import SourceCode, SourceFailed
from domain.measurement import Observation
from domain.periods import label
from domain.sources import PluginSource

# Seconds that a plugin has to end after it was told to: a request that is under way, and no more.
_GRACE = 5.0
# Seconds between two looks at whether it has ended.
_PULSE = 0.1
# Calls of one plugin that did not end and were left behind; further ones would fill the worker with them.
_LEFT_BEHIND = 4
# Characters of a plugin's own words that are passed on.
_SAID = 300

_left: dict[str, list[threading.Thread]] = {}
_lock = threading.Lock()
_log = logging.getLogger(__name__)


def fetch(
    source: PluginSource,
    window: Window,
    *,
    data_root: Path,
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window that the plugin gives.

    Raises:
        SourceFailed: as the plugin says it; `bad_plugin` for whatever else it does.
    """
    allowance = allowance or Allowance()
    plugin = plugin_named(source.name)
    where = f"plugin {source.name}"
    secrets: list[str] = []
    filled = _filled(source.options, where, allowance.environment, secrets)
    assert isinstance(filled, dict)
    options = validated(plugin, source.name, filled)
    call = _Call(lambda: plugin.fetch(options, window, data_root=data_root, allowance=allowance))
    _run(call, source.name, allowance)
    if call.error is not None:
        raise _failed(call.error, where, secrets)
    return checked(call.answer, window, where)


class _Call(threading.Thread):
    """One call of a plugin, with what came of it."""

    def __init__(self, ask: Callable[[], object]) -> None:
        super().__init__(name="plugin", daemon=True)
        self._ask = ask
        self.answer: object = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Ask, and keep whatever comes of it."""
        try:
            self.answer = self._ask()
        except BaseException as error:  # also what would end the worker  # noqa: BLE001
            self.error = error


def _run(call: _Call, name: str, allowance: Allowance) -> None:
    """Wait until the call has ended.

    Raises:
        SourceFailed: `timed_out`; it did not, and was left behind.
    """
    with _lock:
        left = _left[name] = [thread for thread in _left.get(name, []) if thread.is_alive()]
    if len(left) >= _LEFT_BEHIND:
        raise SourceFailed(
            "timed_out",
            f"plugin {name}: {len(left)} earlier calls of it still run. Start the worker again, and ask "
            "whoever made it to let it end when it is told to.",
        )
    limit = time.monotonic() + allowance.seconds
    call.start()
    while call.is_alive() and time.monotonic() < limit and not allowance.stop.is_set():
        call.join(_PULSE)
    cancelled = allowance.stop.is_set()
    call.join(_GRACE if call.is_alive() else 0)
    if call.is_alive():
        with _lock:
            _left[name].append(call)
        why = "the measurement was cancelled" if cancelled else f"it took longer than {allowance.seconds:g} s"
        raise SourceFailed(
            "timed_out", f"plugin {name}: {why}, and it did not end. Let it read less, or look at `stop`."
        )


def _failed(error: BaseException, where: str, secrets: list[str]) -> SourceFailed:
    if isinstance(error, SourceFailed) and error.source_code in get_args(SourceCode):
        return SourceFailed(error.source_code, conceal(str(error), secrets))
    _log.error("%s failed\n%s", where, conceal("".join(format_exception(error)), secrets))
    said = " ".join(conceal(str(error), secrets).split())[:_SAID]
    return SourceFailed(
        "bad_plugin",
        f"{where}: it failed with {type(error).__name__}{f' ({said})' if said else ''}. "
        "The worker's log has the details; ask whoever made it.",
    )


def checked(answer: object, window: Window, where: str) -> tuple[Observation, ...]:
    """Return what a plugin answered if it is what it has to be.

    Raises:
        SourceFailed: `bad_plugin`; what is wrong with the answer.
    """
    if not isinstance(answer, tuple | list):
        raise _nonsense(where, f"it answered {type(answer).__name__}, not a tuple of observations")
    newest: int | None = None
    for item in answer:
        wrong = _wrong(item)
        if wrong is not None:
            raise _nonsense(where, wrong)
        period = label(item.period, window.calendar)
        if not window.holds(item.period):
            raise _nonsense(where, f"it answered {period}, which was not asked for")
        if newest is not None and item.period <= newest:
            order = "twice" if item.period == newest else f"after {label(newest, window.calendar)}"
            raise _nonsense(where, f"it answered {period} {order}; each period comes once, in order")
        newest = item.period
    return tuple(answer)


def _wrong(item: object) -> str | None:
    """Return what is wrong with one observation, None if nothing is."""
    if not isinstance(item, Observation):
        return f"it answered {type(item).__name__}, not an observation"
    period: object = item.period  # a model can be made without being checked
    if type(period) is not int:
        return "it answered a period that is no whole number"
    if not _finite(item.value) or not (item.denominator is None or _finite(item.denominator)):
        return "it answered a value that is no finite number"
    if item.denominator is not None and not (item.denominator > 0 and 0 <= item.value <= 1):
        return f"it answered {item.value:g} of {item.denominator:g}, which is no share"
    return None


def _finite(number: object) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)


def _nonsense(where: str, what: str) -> SourceFailed:
    return SourceFailed("bad_plugin", f"{where}: {what}. Ask whoever made it.")


def _filled(value: JsonValue, where: str, environment: Mapping[str, str], secrets: list[str]) -> JsonValue:
    """Return the options with each `${NAME}` filled in; what was filled in is added to `secrets`."""
    match value:
        case str():
            filled = fill(value, where, environment)
            secrets += filled.secrets
            return filled.text
        case list():
            return [_filled(item, where, environment, secrets) for item in value]
        case dict():
            return {key: _filled(item, where, environment, secrets) for key, item in value.items()}
        case _:
            return value
