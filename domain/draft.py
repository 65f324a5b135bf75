"""A charter that may still lack parts, so that what is missing can be said instead of guessed.

`None` means that nothing usable stands there. For the outcome, `unclear` names
the parts that are there in a wrong form: they are neither missing nor known,
and somebody else has said so already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from domain.charter import GATED_STAGES, Charter, Direction, GatedStage, Layer, Measure, Metric, Outcome
from domain.charting import ChartChoice
from domain.criterion import Criterion
from domain.periods import Cadence
from domain.pulses.rules import PulseRules
from domain.signatures import PublicKey
from domain.sources import Source
from domain.values import Name

_OF_A_METRIC = ("name", "layer", "function", "measure", "chart", "margin", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDraft:
    """The parts of an outcome that there are."""

    statement: str | None = None
    beneficiary: str | None = None
    metric: str | None = None
    unit: str | None = None
    direction: Direction | None = None
    measure: Measure | None = "amount"
    baseline: float | None = None
    baseline_by: date | None = None
    target: float | None = None
    deadline: date | None = None
    promise: float | None = None
    chart: ChartChoice | None = None
    source: Source | None = None
    unclear: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDraft:
    """The parts of a further metric that there are, and where it stands in the list."""

    place: int
    name: str | None = None
    layer: Layer | None = None
    function: str | None = None
    measure: Measure | None = "amount"
    chart: ChartChoice | None = None
    margin: float | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A charter of which each part may be missing or unusable (None).

    `members` keeps every pair as written, because two names may differ by case alone.
    """

    outcome: OutcomeDraft | None = None
    members: tuple[tuple[str, str], ...] | None = None
    functions: tuple[str, ...] | None = ()
    metrics: tuple[MetricDraft, ...] = ()
    cadence: Cadence | None = "weekly"
    milestones: Mapping[str, str] | None = field(default_factory=dict)
    gate_milestones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    criteria: Mapping[GatedStage, tuple[Criterion | None, ...]] = field(default_factory=dict)
    glossary: frozenset[str] | None = frozenset()
    keys: Mapping[str, str] | None = field(default_factory=dict)
    pulse: PulseRules | None = None

    @property
    def own_functions(self) -> tuple[str, ...]:
        """The functions on the team, each once, as far as they are known."""
        named = [function for _, function in self.members or ()]
        return tuple(dict.fromkeys([*named, *(self.functions or ())]))


def draft_of(charter: Charter) -> Draft:
    """Return the complete charter as a draft."""
    known = {name.name for name in fields(OutcomeDraft)} - {"unclear"}
    return Draft(
        outcome=OutcomeDraft(**{name: getattr(charter.outcome, name) for name in known}),
        members=tuple(charter.members.items()),
        functions=charter.functions,
        metrics=tuple(
            MetricDraft(
                place=place,
                name=metric.name,
                layer=metric.layer,
                chart=metric.chart,
                function=metric.function,
                measure=metric.measure,
                margin=metric.margin,
                source=metric.source,
            )
            for place, metric in enumerate(charter.metrics)
        ),
        cadence=charter.cadence,
        milestones=charter.milestones,
        criteria={stage: charter.gate_of(stage).criteria for stage in GATED_STAGES},
        gate_milestones={stage: getattr(charter.stages, stage).milestones for stage in GATED_STAGES},
        glossary=frozenset(charter.glossary),
        keys=charter.keys,
        pulse=charter.pulse,
    )


def draft_from(raw: object) -> Draft:
    """Return as much of a charter as can be understood of plain data, whatever it is.

    Never fails: what cannot be understood is left out. A bare text in place of
    the outcome is taken for its statement.
    """
    given = raw if isinstance(raw, dict) else {}
    stages = _mapping(given.get("stages"))
    gates = {stage: _mapping(stages.get(stage)).get("milestones", ()) for stage in GATED_STAGES}
    metrics = given.get("metrics")
    return Draft(
        outcome=_outcome(given["outcome"]) if given.get("outcome") is not None else None,
        members=_pairs(given.get("members")),
        functions=_read(tuple[Name, ...], given.get("functions", ())),
        metrics=tuple(
            _metric(place, item)
            for place, item in enumerate(metrics if isinstance(metrics, list) else ())
            if isinstance(item, dict)
        ),
        cadence=_read(Cadence, given.get("cadence", "weekly")),
        milestones=_read(dict[Name, Name], given.get("milestones", {})),
        gate_milestones={
            stage: names
            for stage, names in ((s, _read(tuple[Name, ...], g)) for s, g in gates.items())
            if names
        },
        criteria={stage: _criteria(_mapping(stages.get(stage)).get("criteria")) for stage in GATED_STAGES},
        glossary=_keys(given.get("glossary", {})),
        keys=_read(dict[Name, PublicKey], given.get("keys", {})),
        pulse=_read(PulseRules, given.get("pulse")),
    )


def _outcome(raw: object) -> OutcomeDraft:
    given = {"statement": raw} if isinstance(raw, str) else _mapping(raw)
    parts, unclear = _parts(given, Outcome.model_fields)
    return OutcomeDraft(**parts, unclear=unclear)


def _metric(place: int, raw: dict[Any, Any]) -> MetricDraft:
    wanted = {name: Metric.model_fields[name] for name in _OF_A_METRIC}
    parts, _ = _parts(raw, wanted)
    return MetricDraft(place=place, **parts)


def _criteria(raw: object) -> tuple[Criterion | None, ...]:
    return tuple(_read(Criterion, item) for item in raw) if isinstance(raw, list) else ()


def _parts(
    given: Mapping[Any, Any], wanted: Mapping[str, FieldInfo]
) -> tuple[dict[str, Any], frozenset[str]]:
    parts: dict[str, Any] = {}
    unclear: set[str] = set()
    for name, info in wanted.items():
        if given.get(name) is None:
            continue
        try:
            kind: Any = Annotated[info.annotation, info]  # with the field's own rules
            parts[name] = TypeAdapter(kind).validate_python(given[name])
        except ValidationError:
            unclear.add(name)
            parts[name] = None
    return parts, frozenset(unclear)


def _pairs(raw: object) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(raw, dict) or not raw:
        return None
    pairs = [(_read(Name, name), _read(Name, function)) for name, function in raw.items()]
    whole = tuple((name, function) for name, function in pairs if name is not None and function is not None)
    return whole if len(whole) == len(pairs) else None


def _keys(raw: object) -> frozenset[str] | None:
    return frozenset(str(key) for key in raw) if isinstance(raw, dict) else None


def _mapping(raw: object) -> Mapping[Any, Any]:
    return raw if isinstance(raw, dict) else {}


def _read(kind: Any, raw: object) -> Any:
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError:
        return None
