"""A charter with some of its keys changed: thresholds, margins and all else that judges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, Final

from bst.charter_file import check_text, print_plain
from bst.yaml_text import read_yaml
from domain.charter import Charter
from domain.errors import BadInput, CharterRefused
from domain.finding import nearest
from domain.state import gauges
from domain.wording import named

# Charters beside one another on a screen, and each of them is resampled.
VARIANTS_AT_MOST: Final = 12
_FORM: Final = "write KEY=VALUE, such as stages.optimization.margin=0.03"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a charter, dotted from the top, with its new value; None takes the key out."""

    key: str
    value: Any

    @property
    def shown(self) -> str:
        """How it was written."""
        return f"{self.key}={'null' if self.value is None else self.value}"


@dataclass(frozen=True, slots=True)
class Variant:
    """A charter beside the given one."""

    name: str
    charter: Charter


def setting_of(text: str) -> Setting:
    """Return what KEY=VALUE says; the value is read as YAML.

    Raises:
        BadInput: it has no such form.
    """
    key, found, value = text.partition("=")
    if not found or not key.strip() or not value.strip():
        raise BadInput(f"{text!r} sets nothing: {_FORM}.")
    yaml = read_yaml(value.strip())
    if yaml.flaws:
        raise BadInput(f"{text!r}: {yaml.flaws[0].message}.")
    return Setting(key.strip(), yaml.data)


def amended(charter: Charter, settings: Sequence[Setting], today: date) -> Charter:
    """Return the charter with its keys set, checked as `bst check` checks it on that day.

    Raises:
        BadInput: a key leads nowhere.
        CharterRefused: what comes of it is no sound charter; every error is listed.
    """
    data = charter.model_dump(mode="json", exclude_defaults=True)
    for setting in settings:
        _set(data, setting, charter)
    told = ", ".join(setting.shown for setting in settings)
    report = check_text(print_plain(data), told, today)
    if report.charter is None:
        errors = [problem for problem in report.problems if problem.severity == "error"]
        lines = [f"with {told}: {p.code} {p.where}: {p.message}" for p in errors]
        raise CharterRefused("\n".join(lines))
    return report.charter


def variants(charter: Charter, vary: Sequence[str], today: date) -> tuple[Variant, ...]:
    """Return a variant for each combination of values; the given charter first where it is none of them.

    Raises:
        BadInput: a form is wrong, there are too many, or one measures something else.
        CharterRefused: one of them is no sound charter.
    """
    combinations = list(product(*(_settings(text) for text in vary)))
    if len(combinations) > VARIANTS_AT_MOST:
        raise BadInput(
            f"--vary makes {len(combinations)} charters: give values for {VARIANTS_AT_MOST} at most."
        )
    made = [Variant(", ".join(s.shown for s in one), amended(charter, one, today)) for one in combinations]
    for variant in made:
        refuse_other_numbers(charter, variant.charter, "--vary", variant.name)
    if all(variant.charter != charter for variant in made):
        made.insert(0, Variant("as it is", charter))
    return tuple(sorted(made, key=lambda variant: variant.charter != charter))


def _settings(text: str) -> list[Setting]:
    key, found, values = text.partition("=")
    if not found:
        raise BadInput(f"--vary {text!r}: write KEY=V1,V2, such as stages.optimization.margin=0.03,0.05.")
    many = [values] if "[" in values or "{" in values else values.split(",")
    return [setting_of(f"{key}={value}") for value in many]


def refuse_other_numbers(charter: Charter, other: Charter, option: str, name: str) -> None:
    """Refuse a charter that would have to read other numbers: what is compared is how they are judged."""
    before = {gauge.name: gauge.source for gauge in gauges(charter)}
    after = {gauge.name: gauge.source for gauge in gauges(other)}
    if before != after or (charter.calendar, charter.team) != (other.calendar, other.team):
        raise BadInput(
            f"{option} {name} measures something else: vary how the numbers are judged, and rehearse a "
            "charter with other sources, metrics or periods by itself."
        )


def _set(data: dict[str, Any], setting: Setting, charter: Charter) -> None:
    """Set one key in plain data, making the mappings on the way that have their defaults."""
    at: Any = data
    *way, last = _parts(setting.key, charter)
    for part in way:
        if isinstance(at, list):
            at = at[_index(part, at, setting)]
        elif isinstance(at, dict):
            at = at.setdefault(part, {})
        else:
            raise BadInput(f"{setting.shown}: {part!r} is no part of {setting.key}; {_FORM}.")
    if not isinstance(at, dict):
        raise BadInput(f"{setting.shown}: {setting.key} names no single key; {_FORM}.")
    if setting.value is None:
        at.pop(last, None)
    else:
        at[last] = setting.value


def _parts(key: str, charter: Charter) -> Iterator[str]:
    """Yield the parts of a dotted key; a metric's name may have dots of its own."""
    rest = key
    if key.startswith("metrics."):
        yield "metrics"
        rest = key.removeprefix("metrics.")
        names = sorted((metric.name for metric in charter.metrics), key=len, reverse=True)
        name = next((one for one in names if rest.startswith(f"{one}.")), None)
        if name is not None:
            yield name
            rest = rest.removeprefix(f"{name}.")
    yield from rest.split(".")


def _index(part: str, at: list[Any], setting: Setting) -> int:
    names = [str(one.get("name", "")) if isinstance(one, dict) else "" for one in at]
    if part in names:
        return names.index(part)
    if part.isdecimal() and int(part) < len(at):
        return int(part)
    there = f" (there is {named(filter(None, names))})" if any(names) else ""
    raise BadInput(f"{setting.shown}: there is no {part!r}{nearest(part, names) or there}.")
