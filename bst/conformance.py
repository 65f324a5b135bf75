"""The tests that every plugin for a source has to pass, for whoever makes one.

    CASE = Case(plugin="syslog", options={...}, data_root=..., window=..., labels=(...), failing={...})

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_it_conforms(check):
        check(CASE)

Each check takes a case and raises `AssertionError` with a sentence. The plugin is
asked itself, not through the worker, which would put some things right.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from pydantic import JsonValue

from activities.sources.allowance import Allowance
from activities.sources.plugin import checked
from activities.sources.plugins import SourcePlugin, plugin_named, validated
from activities.sources.secrets import conceal
from activities.sources.window import Window
from domain.errors import SourceCode, SourceFailed
from domain.measurement import Observation
from domain.periods import label

# What is planted where a secret would be: with signs that addresses and JSON write in another way.
_SECRET = "hush-4711/%@\u00e4"  # noqa: S105 - planted
# Calls at once: as many as one measurement makes.
_AT_ONCE = 8
# Characters of a sentence that people still read, on one line.
_READABLE = 700


@dataclass(frozen=True, slots=True)
class Case:
    """Something that the plugin can be asked, and what is known about the answer."""

    plugin: str | SourcePlugin
    """The name that the plugin is installed under, or the plugin itself."""
    options: Mapping[str, JsonValue]
    """Options that it can answer."""
    data_root: Path
    """The folder that stands for the worker's data folder."""
    window: Window
    """Periods that are asked for: some with data, and at least one without between them."""
    labels: tuple[str, ...]
    """The periods in the window that have data, in order, as charters write them (`2026-03-02`)."""
    failing: Mapping[str, JsonValue]
    """Options that cannot be answered, such as a file or a host that is not there."""
    secret_in: str | None = None
    """Which of the options holds a secret, if one does: it is planted in `failing` and must not come back."""
    patience: float = 5.0
    """Seconds within which a call ends after it was cancelled."""
    allowance: Allowance = field(default_factory=Allowance)


Check = Callable[[Case], None]


def options_are_checked(case: Case) -> None:
    """Options that are right are taken, and a key that the plugin does not know is refused."""
    validated(_plugin(case), _name(case), case.options)
    try:
        validated(_plugin(case), _name(case), {**case.options, "no_such_option_anywhere": 1})
    except SourceFailed:
        return
    raise AssertionError(
        "`Options` takes a key that it does not know: set model_config = {'extra': 'forbid'}"
    )


def order_is_kept(case: Case) -> None:
    """The answer is observations in order, none twice, each a finite number, none that was not asked for."""
    try:
        checked(_asked(case), case.window, _name(case))
    except SourceFailed as wrong:
        raise AssertionError(str(wrong)) from None


def gaps_are_gaps(case: Case) -> None:
    """Exactly the periods that have data are answered: none is left out, none filled."""
    found = tuple(label(o.period, case.window.calendar) for o in _asked(case))
    assert found == case.labels, f"there are data of {_listed(case.labels)}; the answer has {_listed(found)}"
    span = case.window.through - (case.window.since or 0) + 1
    assert case.window.since is not None, "the case's window needs a beginning"
    assert 0 < len(case.labels) < span, (
        "the case needs a window with periods that have data, and one that has none"
    )


def windows_agree(case: Case) -> None:
    """A part of the window gives that part of the answer, and a window without data gives nothing."""
    whole, window = _asked(case), case.window
    assert window.since is not None, "the case's window needs a beginning"
    middle = (window.since + window.through) // 2
    ahead = window.through - window.since + 1
    parts = [(window.since, middle), (middle + 1, window.through)]
    parts += [(o.period, o.period) for o in whole]
    for since, through in parts:
        part = _asked(case, replace(window, since=since, through=through))
        right = tuple(o for o in whole if since <= o.period <= through)
        assert part == right, (
            f"asked from {label(since, window.calendar)} to {label(through, window.calendar)}, it does not "
            f"answer what it answers there within the whole window: {part} is not {right}"
        )
    late = replace(window, since=window.through + 100 * ahead, through=window.through + 101 * ahead)
    assert _asked(case, late) == (), "it answers periods long after all data"


def asking_twice_changes_nothing(case: Case) -> None:
    """The same question gives the same answer."""
    first, second = _asked(case), _asked(case)
    assert first == second, f"it answered {first} first, and then {second}"


def threads_do_not_mix(case: Case) -> None:
    """Several calls at once give what one alone gives."""
    alone = _asked(case)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda _: _asked(case), range(2 * _AT_ONCE)))
    assert all(answer == alone for answer in answers), (
        "several calls at once give another answer than one alone"
    )


def failures_are_told(case: Case) -> None:
    """What cannot be answered ends in `SourceFailed`, with a code of the program and a sentence."""
    failure = _failure(case, case.failing)
    assert failure.source_code in get_args(SourceCode), f"{failure.source_code} is no code of the program"
    said = str(failure)
    assert said.strip(), "the failure says nothing"
    assert "\n" not in said, "the failure is more than one line"
    assert len(said) <= _READABLE, f"the failure has more than {_READABLE} characters"


def cancelling_ends_it(case: Case) -> None:
    """A call that is not wanted any more ends soon, with an answer or with `SourceFailed`."""
    stop = threading.Event()
    errors: list[BaseException] = []
    call = threading.Thread(target=_cancelled, args=(case, stop, errors), daemon=True)
    call.start()
    stop.set()
    call.join(case.patience)
    assert not call.is_alive(), f"it still runs {case.patience:g} s after `allowance.stop` was set"
    assert not errors, f"cancelled, it raises {type(errors[0]).__name__}, not SourceFailed: {errors[0]}"


def secrets_are_kept(case: Case) -> None:
    """A secret among the options comes back in no failure, in whatever form."""
    if case.secret_in is None:
        return
    known = _plugin(case).Options.model_fields
    assert case.secret_in in known, f"there is no option {case.secret_in}"
    said = str(_failure(case, {**case.failing, case.secret_in: _SECRET}))
    assert conceal(said, [_SECRET]) == said, f"the failure repeats the secret in `{case.secret_in}`"


CHECKS: tuple[Check, ...] = (
    options_are_checked,
    order_is_kept,
    gaps_are_gaps,
    windows_agree,
    asking_twice_changes_nothing,
    threads_do_not_mix,
    failures_are_told,
    cancelling_ends_it,
    secrets_are_kept,
)


def _plugin(case: Case) -> SourcePlugin:
    return plugin_named(case.plugin) if isinstance(case.plugin, str) else case.plugin


def _name(case: Case) -> str:
    return case.plugin if isinstance(case.plugin, str) else "plugin"


def _asked(case: Case, window: Window | None = None) -> tuple[Observation, ...]:
    plugin = _plugin(case)
    options = validated(plugin, _name(case), case.options)
    return plugin.fetch(options, window or case.window, data_root=case.data_root, allowance=case.allowance)


def _failure(case: Case, given: Mapping[str, JsonValue]) -> SourceFailed:
    plugin = _plugin(case)
    options = validated(plugin, _name(case), given)
    try:
        answer = plugin.fetch(options, case.window, data_root=case.data_root, allowance=case.allowance)
    except SourceFailed as failure:
        return failure
    except Exception as error:  # any other is what is looked for
        raise AssertionError(f"it raises {type(error).__name__}, not SourceFailed: {error}") from error
    raise AssertionError(f"options that cannot be answered give {answer}, not SourceFailed")


def _cancelled(case: Case, stop: threading.Event, errors: list[BaseException]) -> None:
    plugin = _plugin(case)
    options = validated(plugin, _name(case), case.options)
    try:
        plugin.fetch(
            options, case.window, data_root=case.data_root, allowance=replace(case.allowance, stop=stop)
        )
    except SourceFailed:
        return
    except BaseException as error:  # told by the check  # noqa: BLE001
        errors.append(error)


def _listed(labels: tuple[str, ...]) -> str:
    return ", ".join(labels) or "no period"
