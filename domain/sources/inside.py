"""What the lint looks at in a source, whatever kind it is of."""

from collections.abc import Iterator
from typing import assert_never

from domain.finding import Where
from domain.sources import EventLogSource, FilesSource, ManualSource, PluginSource, Source, SqlSource


def place_of(source: Source) -> str:
    """Return the words that tell where the numbers come from: a survey's name stands in a path or a query."""
    match source:
        case FilesSource():
            return source.path
        case SqlSource():
            return source.query
        case EventLogSource():
            return place_of(source.events)
        case ManualSource():
            return ""
        case PluginSource():
            return " ".join([source.name, *(text for _, text in addresses_in(source))])
        case _:
            assert_never(source)


def addresses_in(source: Source) -> Iterator[tuple[Where, str]]:
    """Yield what may be an address, and hold a password, with its key within the source."""
    match source:
        case SqlSource():
            yield ("url",), source.url
        case EventLogSource():
            for key, text in addresses_in(source.events):
                yield ("events", *key), text
        case PluginSource():
            for name, value in source.options.items():
                if isinstance(value, str):
                    yield ("options", name), value
        case FilesSource() | ManualSource():
            return
        case _:
            assert_never(source)
