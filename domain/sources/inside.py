"""The words that tell where numbers come from, whatever kind of source it is."""

from domain.sources import EventLogSource, PluginSource, Source

# What says of a source where its numbers come from: a survey's name stands in a path or in a query.
_KEYS = {"files": ("path",), "sql": ("query",)}
_OTHER_KEYS = (
    *("url", "query", "numerator", "denominator", "rows", "value"),
    *("jql", "table", "repository", "project"),
)


def place_of(source: Source) -> str:
    """Return the words that tell where the numbers come from."""
    if isinstance(source, EventLogSource):
        return place_of(source.events)
    if isinstance(source, PluginSource):
        options = (value for value in source.options.values() if isinstance(value, str))
        return " ".join([source.name, *options])
    keys = _KEYS.get(source.kind, _OTHER_KEYS)
    return " ".join(getattr(source, key, None) or "" for key in keys)
