"""Where in the charter's model a place of a file is; the members of a union are told by their `kind`."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.charter import Charter
from domain.finding import Where


def fields_at(where: Where, data: object) -> Mapping[str, FieldInfo]:
    """Return the keys that a mapping at this place may have, none where names are free."""
    kind: Any = Charter
    for depth, part in enumerate(where, start=1):
        kind = _member(_inside(kind, part), value_at(data, where[:depth]))
    return kind.model_fields if _is_model(kind) else {}


def kinds_at(where: Where, data: object) -> Mapping[str, type[BaseModel]]:
    """Return the models that may stand at this place, by their `kind`; none where there is no choice."""
    kind: Any = Charter
    for depth, part in enumerate(where[:-1], start=1):
        kind = _member(_inside(kind, part), value_at(data, where[:depth]))
    return kinds_of(_inside(kind, where[-1])) if where else {}


def kinds_of(annotation: Any) -> dict[str, type[BaseModel]]:
    """Return the models of a union by their `kind`, in order; empty for anything else."""
    kind = _bare(annotation)
    models = get_args(kind) if get_origin(kind) in (Union, UnionType) else ()
    if not models or not all(_is_model(model) and "kind" in model.model_fields for model in models):
        return {}
    return {get_args(model.model_fields["kind"].annotation)[0]: model for model in models}


def choices_of(annotation: Any) -> tuple[Any, ...]:
    """Return the values that a choice admits, whether or not it may be left out."""
    return get_args(_bare(annotation))


def place_of(loc: tuple[str | int, ...]) -> tuple[Where, bool]:
    """Return the place that pydantic means, and whether it is the key there.

    Pydantic puts the kind of a union's member between the member and its key, and [key] after a key.
    """
    at_key = loc[-1:] == ("[key]",)
    kind: Any = Charter
    parts: list[str | int] = []
    for part in loc[:-1] if at_key else loc:
        models = kinds_of(kind)
        if part in models:
            kind = models[str(part)]
            continue
        parts.append(part)
        kind = _inside(kind, part)
    return tuple(parts), at_key


def value_at(data: object, where: Where) -> object:
    """Return what stands at this place of plain data, None where nothing does."""
    for part in where:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _member(kind: Any, value: object) -> Any:
    models = kinds_of(kind)
    if not models:
        return _bare(kind)
    said = value.get("kind") if isinstance(value, dict) else None
    return models.get(said) if isinstance(said, str) else None


def _inside(kind: Any, part: str | int) -> Any:
    """Return the annotation of what stands under a key, or at a place of a list."""
    kind = _bare(kind)
    if _is_model(kind):
        info = kind.model_fields.get(str(part))
        return None if info is None else info.annotation
    origin, args = get_origin(kind), get_args(kind)
    if origin is tuple:
        return args[0]
    return args[1] if origin is dict else None


def _bare(kind: Any) -> Any:
    """Return the annotation without its metadata, and without None beside it."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        there = tuple(arg for arg in get_args(kind) if arg is not type(None))
        return _bare(there[0]) if len(there) == 1 else kind
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
