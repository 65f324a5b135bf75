"""What kinds of sources there are, from their models: keys, an example, and what each needs installed."""

import importlib.util
from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bst.charter_file import print_plain
from bst.charter_reference import kind_of
from domain.sources import Source


class Key(BaseModel):
    """One key of a source."""

    key: str
    value: str
    needed: bool
    default: Any = None
    meaning: str


class Need(BaseModel):
    """What has to be installed for a part of what a kind can do, and whether it is, here."""

    what: str
    module: str
    install: str
    installed: bool


class Kind(BaseModel):
    """One kind of source."""

    kind: str
    summary: str
    keys: tuple[Key, ...]
    example: str
    needs: tuple[Need, ...]


def kinds() -> tuple[Kind, ...]:
    """Return every kind that a charter may name, in the order of the model."""
    return tuple(_kind(model) for model in models())


def models() -> tuple[type[BaseModel], ...]:
    """Return the members of the union of sources, however it is nested."""
    return tuple(dict.fromkeys(_members(Source)))


def _members(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in {Union, UnionType} or hasattr(annotation, "__metadata__"):
        for part in get_args(annotation):
            yield from _members(part)


def _kind(model: type[BaseModel]) -> Kind:
    schema = model.model_json_schema()
    parts, needed = schema["properties"], schema.get("required", ())
    return Kind(
        kind=name_of(model),
        summary=" ".join(schema["description"].split()),
        keys=tuple(
            Key(
                key=key,
                value=kind_of(value) if "$ref" not in value else "keys, see the charter's reference",
                needed=key in needed,
                default=value.get("default"),
                meaning=value.get("description", ""),
            )
            for key, value in parts.items()
        ),
        example=example(model),
        needs=tuple(
            Need(what=what, module=module, install=install, installed=_there(module))
            for what, module, install in getattr(model, "NEEDS", ())
        ),
    )


def name_of(model: type[BaseModel]) -> str:
    """Return the word that a charter writes as `kind`."""
    annotation = model.model_fields["kind"].annotation
    return str(get_args(annotation)[0]) if get_origin(annotation) is Literal else model.__name__


def example(model: type[BaseModel]) -> str:
    """Return a source of this kind as it stands in a charter: what is needed, and what goes with it."""
    given: dict[str, Any] = {"kind": name_of(model)}
    offered = {key: field.examples[0] for key, field in model.model_fields.items() if field.examples}
    given |= {key: value for key, value in offered.items() if model.model_fields[key].is_required()}
    for key, value in offered.items():
        # Some keys exclude one another, and some ask for one of several.
        if key not in given and (_fits(model, given | {key: value}) or not _fits(model, given)):
            given[key] = value
    return print_plain({"source": given})


def _fits(model: type[BaseModel], given: dict[str, Any]) -> bool:
    try:
        model.model_validate(given)
    except ValidationError:
        return False
    return True


def _there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its parent is not there
        return False
