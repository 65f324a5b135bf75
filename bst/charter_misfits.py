"""What pydantic found wrong with a charter's shape, said with its place and the way out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bst.charter_places import choices_of, fields_at, kinds_at, place_of, value_at
from bst.value_traps import given, number_way, span_way, text_way
from domain.finding import Where, dotted, nearest
from domain.sources.github import REPOSITORY
from domain.sources.gitlab import PROJECT
from domain.sources.items import LABEL
from domain.sources.servicenow import COLUMN, TABLE

_SPANS = frozenset({"settle", "grace", "open_for", "cycle", "every"})
_DAYS = frozenset({"deadline", "baseline_by", "baseline_from"})
# Where keys may belong that stand in the wrong place.
_HOMES: tuple[Where, ...] = (
    (), ("outcome",), ("outcome", "source"), ("stages", "stability"), ("stages", "optimization"),
    ("stages", "innovation"), ("regression",), ("ballots",), ("stages",), ("forming",),
    ("forming", "read_back"), ("drift",), ("pulse",),
)  # fmt: skip
_BOUNDS = {
    "greater_than_equal": "at least", "greater_than": "more than",
    "less_than_equal": "at most", "less_than": "less than",
}  # fmt: skip
# What a text is not that does not fit a pattern, and the way out.
_FORMS = {
    "^https?://": "is no address: begin it with `https://`",
    REPOSITORY: "is no repository: write owner and name, e.g. `example/claims`",
    PROJECT: "is no project: write its path with its groups, e.g. `example/claims`, or its number",
    TABLE: "is no table: write its name and not its label, e.g. `change_request`",
    COLUMN: "is no field: write its name and not its label, e.g. `closed_at`",
    LABEL: "has a comma: GitHub and GitLab take it for two labels",
}
# What people say for the words of the charter.
_SYNONYMS = {
    "higher": "up", "increase": "up", "more": "up", "rise": "up", "grow": "up",
    "lower": "down", "decrease": "down", "less": "down", "fall": "down", "fewer": "down",
    "%": "share", "percent": "share", "percentage": "share", "proportion": "share", "ratio": "share",
    "time": "duration", "days": "duration", "hours": "duration", "minutes": "duration",
    "number": "count", "integer": "count", "frequency": "rate", "money": "amount", "sum": "amount",
    "hour": "hourly", "day": "daily", "week": "weekly", "month": "monthly",
    "csv": "files", "file": "files", "parquet": "files", "json": "files", "excel": "files", "xlsx": "files",
    "rest": "http", "api": "http", "web": "http", "https": "http", "url": "http",
    "promql": "prometheus", "thanos": "prometheus", "mimir": "prometheus", "victoriametrics": "prometheus",
    "atlassian": "jira", "snow": "servicenow", "service-now": "servicenow", "gh": "github", "gl": "gitlab",
    "database": "sql", "db": "sql", "postgres": "sql", "postgresql": "sql", "sqlite": "sql",
    "mysql": "sql", "mariadb": "sql", "duckdb": "sql", "events": "event_log", "process": "event_log",
}  # fmt: skip


class Misfit(NamedTuple):
    """A value that does not fit the shape; `at_key` where the key itself is wrong."""

    code: str
    where: Where
    message: str
    at_key: bool = False


def misfits(error: ValidationError, data: object) -> Iterator[Misfit]:
    """Yield each thing that pydantic found, in the words of the charter."""
    for detail in error.errors(include_url=False):
        where, at_key = place_of(detail["loc"])
        yield _misfit(detail, where, data, at_key=at_key)


def _misfit(detail: ErrorDetails, where: Where, data: object, *, at_key: bool) -> Misfit:
    kind, value, key = detail["type"], detail["input"], str(where[-1]) if where else ""
    if kind.startswith("union_tag"):
        where, value = (*where, "kind"), value_at(data, (*where, "kind"))
    if kind == "missing" or (value is None and not at_key and kind != "extra_forbidden"):
        return Misfit("S1", where, _missing(where, data))
    code, message = "S6", ""
    match kind:
        case "extra_forbidden":
            code, message, at_key = "S2", _unknown(where, data), True
        case "literal_error" | "union_tag_invalid":
            code, message = "S3", _choice(value, where, data)
        case "float_type" | "int_type" | "finite_number":
            whole = "whole " if kind == "int_type" else ""
            code, message = "S4", f"{given(value)} is no {whole}number: {number_way(value)}"
        case "value_error" if key in _SPANS:
            code, message = "S5", span_way(value) or _sentence(detail)
        case "value_error" if key in _DAYS:
            code, message = "S5", _sentence(detail)
        case _ if kind.endswith("_type"):
            code, message = "S4", _wrong_kind(kind, value, where, data)
        case _:
            message = limit_words(detail, key)
    return Misfit(code, where, message, at_key)


def _missing(where: Where, data: object) -> str:
    key = where[-1]
    info = fields_at(where[:-1], data).get(str(key))
    kinds = kinds_at(where[:-1], data) if key == "kind" else ()
    if kinds:
        return f"`kind` is missing: write `kind: {next(iter(kinds))}`, or another of {', '.join(kinds)}"
    if info is None and " " in str(key):
        return _split(str(key))
    if info is None or not info.is_required():
        return f"nothing stands after `{key}:`; write a value, or leave the line out"
    example = f", e.g. `{key}: {_plain(info.examples[0])}`" if info.examples else ""
    meaning = (info.description or "").rstrip(".")
    return f"`{key}` is missing: {meaning[:1].lower()}{meaning[1:]}{example}"


def _split(key: str) -> str:
    return (
        f"nothing stands after {given(key)}: if it goes on a text with a comma, put the whole text in quotes"
    )


def _plain(example: object) -> str:
    if isinstance(example, dict):
        return "{" + ", ".join(f"{key}: {value}" for key, value in example.items()) + "}"
    return str(example)


def _unknown(where: Where, data: object) -> str:
    key, known = str(where[-1]), list(fields_at(where[:-1], data))
    if value_at(data, where) is None and " " in key:
        return (
            f"{given(key)} is read as a key: a comma between braces ends a text; put the whole text in quotes"
        )
    near = nearest(key, known)
    if near:
        return f"`{key}` is not a key here{near}"
    homes = [place for place in _HOMES if key in fields_at(place, data)]
    if homes and homes[0] != where[:-1]:
        home = f"under `{dotted(homes[0])}`" if homes[0] else "at the top"
        return f"`{key}` is not a key here: it belongs {home}"
    return f"`{key}` is not a key here: write one of {', '.join(known)}"


def _choice(value: object, where: Where, data: object) -> str:
    info = fields_at(where[:-1], data).get(str(where[-1]))
    allowed = (
        [str(choice) for choice in choices_of(info.annotation)]
        if info is not None
        else list(kinds_at(where[:-1], data))
    )
    said = str(value)
    meant = _SYNONYMS.get(said.casefold())
    near = f"; did you mean `{meant}`?" if meant in allowed else nearest(said, allowed)
    return f"{given(value)} is not one of {', '.join(allowed)}{near}"


def _wrong_kind(kind: str, value: object, where: Where, data: object) -> str:
    if kind == "string_type":
        return f"{given(value)} stands where a text is expected: {text_way(value)}"
    key = where[-1] if where else "charter"
    if kind == "dict_type":
        return (
            f"{given(value)} stands where names are expected: write `Name: value`, one a line, under `{key}:`"
        )
    if kind == "bool_type":
        return f"{given(value)} stands where yes or no is expected: write `{key}: true` or `{key}: false`"
    if kind == "tuple_type":
        return f"{given(value)} stands where a list is expected: write `{key}: [...]`, or one `- ...` a line"
    kinds = ", ".join(kinds_at(where, data)) if where else ""
    known = ", ".join(list(fields_at(where, data))[:4]) or ("kind" if kinds else "kind, path")
    home = f"under `{key}:`" if isinstance(key, str) else f"in `{dotted(where)}`"
    statement = ", the text as its `statement:`" if where == ("outcome",) and isinstance(value, str) else ""
    return f"{given(value)} stands where keys are expected: write {known}, ... {home}{statement}"


def limit_words(detail: ErrorDetails, key: str) -> str:
    """Return what a value of the right kind breaks: its length, its range or its form."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "string_too_short":
            said = "an empty text: write something between the quotes, or leave the key out"
        case "string_too_long":
            said = f"{len(str(value))} characters, at most {context['max_length']} fit: shorten it"
        case "too_short":
            said = f"{context['actual_length']} in `{key}`: at least {context['min_length']} are needed"
        case "too_long":
            said = f"more than {context['max_length']} in `{key}`: leave some out"
        case "string_pattern_mismatch" if key == "team":
            slug = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")[:63]
            example = f", e.g. `{slug}`" if slug else ""
            said = f"{given(value)} is no team name: small letters, digits and hyphens, at most 63{example}"
        case "string_pattern_mismatch":
            said = f"{given(value)} {_FORMS.get(context['pattern'], 'has a sign that cannot stand here')}"
        case _ if kind in _BOUNDS:
            bound = next(iter(context.values()))
            said = f"{given(value)} is out of range: it must be {_BOUNDS[kind]} {bound:g}"
        case _:
            said = _sentence(detail)
    return said


def _sentence(detail: ErrorDetails) -> str:
    return str(detail["ctx"]["error"]) if "error" in detail.get("ctx", {}) else detail["msg"]
