"""Which plugins are installed, and what each of them takes; docs/plugins.md is their documentation.

A plugin is what an entry point of the group `bst.sources` names: a module, or any
object, with `Options` and `fetch`.
"""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Protocol, cast

from pydantic import BaseModel, JsonValue, ValidationError

from activities.sources.allowance import Allowance
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation

GROUP = "bst.sources"


class SourcePlugin(Protocol):
    """What a plugin offers."""

    Options: type[BaseModel]
    """What a charter may set, as a pydantic model."""

    def fetch(
        self, options: Any, window: Window, *, data_root: Path, allowance: Allowance
    ) -> tuple[Observation, ...]:
        """Return the observations in the window, in order, each period once.

        A period without data is left out. Blocks; is called from several threads at once; ends soon after
        `allowance.stop` is set.

        Raises:
            SourceFailed: what failed, where, and what would be right; no secret in it.
        """


def installed() -> tuple[str, ...]:
    """Return the names of all plugins that are installed here."""
    return tuple(sorted({found.name for found in entry_points(group=GROUP)}))


def plugin_named(name: str) -> SourcePlugin:
    """Return the plugin of a name, loaded.

    Raises:
        SourceFailed: `no_such_plugin`, or `bad_plugin` when it cannot be loaded or lacks something.
    """
    found = list(entry_points(group=GROUP, name=name))
    if not found:
        there = ", ".join(installed()) or "none"
        raise SourceFailed(
            "no_such_plugin",
            f"plugin {name}: it is not installed where the worker runs; there are {there}. "
            "Install its package there and start the worker again, or correct the name.",
        )
    if len({entry.value for entry in found}) > 1:
        values = ", ".join(sorted(entry.value for entry in found))
        raise SourceFailed(
            "bad_plugin", f"plugin {name}: several packages offer it ({values}). Leave one of them installed."
        )
    return _loaded(found[0])


def _loaded(entry: EntryPoint) -> SourcePlugin:
    try:
        plugin = entry.load()
    except Exception as error:  # a plugin may fail in any way
        raise SourceFailed(
            "bad_plugin",
            f"plugin {entry.name}: loading {entry.value} failed with {type(error).__name__}: {error}. "
            "Ask whoever made it.",
        ) from error
    model = getattr(plugin, "Options", None)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise SourceFailed(
            "bad_plugin", f"plugin {entry.name}: {entry.value} has no `Options` that is a pydantic model."
        )
    if not callable(getattr(plugin, "fetch", None)):
        raise SourceFailed("bad_plugin", f"plugin {entry.name}: {entry.value} has no function `fetch`.")
    return cast("SourcePlugin", plugin)


def validated(plugin: SourcePlugin, name: str, options: Mapping[str, JsonValue]) -> BaseModel:
    """Return the options as the plugin's own model.

    Raises:
        SourceFailed: `bad_options`; all that is wrong, without the values, which may have been filled in.
    """
    try:
        return plugin.Options.model_validate(dict(options))
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, detail['loc'])) or 'options'}: {detail['msg']}"
            for detail in error.errors(include_url=False, include_input=False)
        )
        known = ", ".join(plugin.Options.model_fields)
        raise SourceFailed(
            "bad_options", f"plugin {name}: {said}. Correct its `options`; it takes {known or 'none'}."
        ) from None
