"""YAML read with the place of everything in it, and refused early where it is no plain data.

The scalars are those of YAML 1.2's core schema, so that `no` and `3:30` are
texts. Parsing is ruamel.yaml's; composing is ours, because it must bound
depth and size before anything is built, keep the place of each key, and find
all duplicate keys instead of the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from bst.yaml_errors import broken, unreadable
from domain.finding import Where

# Charters nest five deep; deeper ones cost the parser quadratic time (levels).
MAX_DEPTH = 32
# A charter with 50 members and 50 metrics has about 1,500 values; aliases count as what they stand for.
MAX_NODES = 10_000

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
# Longer whole numbers are no counts; as floats they stay cheap (digits).
_INT_DIGITS = 18
_TEXT_TAG = "tag:yaml.org,2002:str"


class Mark(NamedTuple):
    """A place in a text; both count from 1."""

    line: int
    column: int


class Flaw(NamedTuple):
    """What is wrong in a YAML text, where, with a sentence that says the way out."""

    code: str
    mark: Mark
    where: Where
    message: str


@dataclass(frozen=True, slots=True)
class YamlText:
    """Plain data with the places of its values and keys; `data` means nothing when `broken`."""

    data: object = None
    values: dict[Where, Mark] = field(default_factory=dict)
    keys: dict[Where, Mark] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()
    broken: bool = False

    def place(self, where: Where) -> Mark:
        """Return where a value begins, or, when it is missing, the mapping that should have it."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.values:
                return self.values[where[:end]]
        return Mark(1, 1)


def read_yaml(text: str) -> YamlText:
    """Return the data of a YAML text with its places, or what is wrong with it; never fails."""
    try:
        reader = _Reader(YAML(typ="safe", pure=True).parse(text))
        reader.read()
    except _Stopped as stop:
        return YamlText(flaws=(stop.flaw,), broken=True)
    except ReaderError as error:
        line, column, message = unreadable(text, error)
        return YamlText(flaws=(Flaw("Y2", Mark(line, column), (), message),), broken=True)
    except MarkedYAMLError as error:
        line, column, message = broken(error)
        return YamlText(flaws=(Flaw("Y2", Mark(line, column), (), message),), broken=True)
    except YAMLError as error:
        return YamlText(flaws=(Flaw("Y2", Mark(1, 1), (), f"this is no YAML: {error}"),), broken=True)
    return reader.result()


class _Stopped(Exception):
    """The text is no plain data; nothing more can be said about it."""

    def __init__(self, code: str, mark: Mark, message: str) -> None:
        super().__init__(message)
        self.flaw = Flaw(code, mark, (), message)


@dataclass(frozen=True, slots=True)
class _Node:
    mark: Mark
    value: object = None  # of a scalar
    pairs: tuple[tuple["_Node", "_Node"], ...] | None = None
    items: tuple["_Node", ...] | None = None
    text: str | None = None  # of a scalar, as written


class _Reader:
    """Composes the events of one document, then lays data and places out."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._anchors: dict[str, _Node] = {}
        self._nodes = 0
        self._values: dict[Where, Mark] = {}
        self._keys: dict[Where, Mark] = {}
        self._flaws: list[Flaw] = []
        self._root: _Node | None = None

    def read(self) -> None:
        next(self._events)  # the stream's start
        start = next(self._events)
        if isinstance(start, StreamEndEvent):
            raise _Stopped(
                "Y1", Mark(1, 1), "the file is empty: `bst check` wants a charter with `team:`, ..."
            )
        self._root = self._node(next(self._events), 0)
        next(self._events)  # the document's end
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            raise _Stopped("Y4", _mark(after), "a second document begins here: one file has one charter")

    def result(self) -> YamlText:
        assert self._root is not None
        self._nodes = 0
        try:
            data = self._data(self._root, ())
        except _Stopped as stop:
            return YamlText(flaws=(stop.flaw,), broken=True)
        return YamlText(data, self._values, self._keys, tuple(self._flaws))

    def _node(self, event: Event, depth: int) -> _Node:
        mark = _mark(event)
        self._count(mark)
        if depth > MAX_DEPTH:
            raise _Stopped("Y4", mark, f"nested more than {MAX_DEPTH} levels deep: a charter needs six")
        if isinstance(event, AliasEvent):
            return self._aliased(event, mark)
        self._plain_tag(event, mark)
        if isinstance(event, ScalarEvent):
            node = _Node(mark, value=_scalar(event), text=event.value)
        elif isinstance(event, SequenceStartEvent):
            node = _Node(mark, items=tuple(self._until(SequenceEndEvent, depth)))
        else:
            assert isinstance(event, MappingStartEvent)
            flat = list(self._until(MappingEndEvent, depth))
            node = _Node(mark, pairs=tuple(zip(flat[::2], flat[1::2], strict=True)))
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _until(self, end: type[Event], depth: int) -> Iterator[_Node]:
        while not isinstance(event := next(self._events), end):
            yield self._node(event, depth + 1)

    def _aliased(self, event: AliasEvent, mark: Mark) -> _Node:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise _Stopped(
                "Y4",
                mark,
                f"`*{event.anchor}` stands for nothing that ends before it: put `&{event.anchor}` on an "
                "earlier value, or quote the text if it only begins with `*`",
            )
        return _Node(mark, known.value, known.pairs, known.items, known.text)

    def _plain_tag(self, event: Event, mark: Mark) -> None:
        tag = getattr(event, "tag", None)
        if tag not in {None, "!", _TEXT_TAG}:
            raise _Stopped(
                "Y4",
                mark,
                f"`{str(tag)[:40]}` is a YAML tag: a charter has plain values; quote it if it is text",
            )

    def _count(self, mark: Mark) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _Stopped(
                "Y4", mark, f"more than {MAX_NODES:,} values, aliases unfolded: no charter is this large"
            )

    def _data(self, node: _Node, where: Where) -> object:
        self._count(node.mark)
        self._values[where] = node.mark
        if node.items is not None:
            return [self._data(item, (*where, place)) for place, item in enumerate(node.items)]
        if node.pairs is not None:
            return self._mapping(node.pairs, where)
        return node.value

    def _mapping(self, pairs: tuple[tuple[_Node, _Node], ...], where: Where) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, value in pairs:
            name = self._key(key, where)
            if name is None:
                continue
            if name in data:
                first = self._keys[*where, name].line
                self._flaw(
                    "Y3", key, (*where, name), f"`{name}` stands here again, first in line {first}: keep one"
                )
                continue
            self._keys[*where, name] = key.mark
            data[name] = self._data(value, (*where, name))
        return data

    def _key(self, key: _Node, where: Where) -> str | None:
        if key.text is None:
            self._flaw("Y4", key, where, "a list or a mapping cannot be a key: put the text in quotes")
            return None
        if key.text == "<<":
            self._flaw(
                "Y4",
                key,
                where,
                "`<<` is not read here: write the keys out, or use `*name` for a whole value",
            )
            return None
        if not isinstance(key.value, str):
            kind = (
                "nothing" if key.value is None else "yes or no" if isinstance(key.value, bool) else "a number"
            )
            self._flaw(
                "S4", key, (*where, key.text), f'`{key.text}` is read as {kind}: write "{key.text}" in quotes'
            )
        return key.text

    def _flaw(self, code: str, node: _Node, where: Where, message: str) -> None:
        self._flaws.append(Flaw(code, node.mark, where, message))


def _mark(event: Event) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: ScalarEvent) -> object:
    text: str = event.value
    if event.style or event.tag is not None:
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    number = _number(text)
    return text if number is None else number


def _number(text: str) -> float | None:
    if _INT.fullmatch(text) and len(text) <= _INT_DIGITS:
        return int(text)
    if _BASED.fullmatch(text) and len(text) <= _INT_DIGITS:
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return None
