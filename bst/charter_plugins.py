"""What a charter sets for plugins, checked by the plugins themselves where they are installed."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.charter import Charter
from domain.errors import SourceFailed
from domain.finding import Finding, Where, nearest
from domain.sources import PluginSource, Source

# How pydantic calls what these codes are about; everything else is beyond a limit.
_CODES = {"missing": "S1", "extra_forbidden": "S2", "literal_error": "S3", "enum": "S3"}


def plugin_findings(charter: Charter) -> Iterator[Finding]:
    """Yield what is wrong or cannot be checked in the options of each plugin."""
    for where, source in _sources(charter):
        if isinstance(source, PluginSource):
            yield from _of(source, where)


def _sources(charter: Charter) -> Iterator[tuple[Where, Source]]:
    yield ("outcome", "source"), charter.outcome.source
    for place, metric in enumerate(charter.metrics):
        yield ("metrics", place, "source"), metric.source


def _of(source: PluginSource, where: Where) -> Iterator[Finding]:
    from activities.sources.plugins import installed, plugin_named

    if source.name not in installed():
        way = nearest(source.name, list(installed())) or "; install it here to have them checked"
        said = f"the plugin `{source.name}` is not installed here, so its options are not checked{way}"
        yield Finding("C17", (*where, "name"), said, "warning")
        return
    try:
        model = plugin_named(source.name).Options
    except SourceFailed as failure:
        yield Finding("C17", (*where, "name"), str(failure))
        return
    try:
        model.model_validate(source.options)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if not _filled_in(detail):
                code = _CODES.get(detail["type"], "S4" if detail["type"].endswith("_type") else "S6")
                place = (*where, "options", *detail["loc"])
                yield Finding(code, place, _sentence(detail, list(model.model_fields)))


def _filled_in(detail: ErrorDetails) -> bool:
    """Whether only the worker knows the value."""
    return (
        isinstance(detail["input"], str) and "${" in detail["input"] and detail["type"] != "extra_forbidden"
    )


def _sentence(detail: ErrorDetails, known: list[str]) -> str:
    key = str(detail["loc"][-1]) if detail["loc"] else "options"
    match detail["type"]:
        case "missing":
            return f"`{key}` is missing: the plugin needs it"
        case "extra_forbidden":
            way = nearest(key, known) or f": write one of {', '.join(known)}" if known else ""
            return f"`{key}` is not an option of this plugin{way}"
        case _:
            said = detail["msg"]
            return f"the plugin says: {said[:1].lower()}{said[1:]}"
