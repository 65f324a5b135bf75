"""Criteria of a team's own, as a charter says them: beside a stage's standard ones, never in their place.

A criterion looks at one metric, the outcome's unless it names another. `all`, `any` and `k_of_n` combine
them, without weights: nothing that is good makes up for what is bad unless the team said so beforehand.
"""

import hashlib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from domain.charting import Flag, RuleSet
from domain.model import Sent
from domain.values import Name, Number, Whole

# Criteria of one stage, combinations not counted: more than anybody will read, and the state stays small.
MOST_CRITERIA = 20
# Combinations within combinations.
DEEPEST = 3

Title = Annotated[Name | None, Field(description="What people call it.")]
MetricName = Annotated[
    Name | None,
    Field(description="The metric it looks at; the outcome's when left out. Never one of the support layer."),
]
DryRun = Annotated[
    Flag,
    Field(description="Shown and judged like the others, and it does not count. Not within a combination."),
]
MustHaveData = Annotated[
    Flag,
    Field(
        description="Without data it is `not_met` instead of `undecided`, and so is every combination that "
        "it is part of, whatever the other parts say."
    ),
]
InARow = Annotated[
    Whole | None,
    Field(ge=0, le=51, description="How many of those may follow one another; all of them when left out."),
]
_BOTH = "`at_least` or `at_most`: say one of them, so that a number can be good on one side only"


class Level(Sent):
    """The value is at least, or at most, so much in enough of the newest periods."""

    kind: Literal["level"] = Field(description="`level` for this kind of criterion.")
    name: Title = None
    metric: MetricName = None
    at_least: Number | None = Field(default=None, description="Good from here up.", examples=[0.85])
    at_most: Number | None = Field(default=None, description="Good from here down.", examples=[14])
    of: Whole = Field(default=1, ge=1, le=52, description="How many of the newest points it looks at.")
    misses: Whole = Field(default=0, ge=0, le=51, description="How many of them may miss, in all.")
    in_a_row: InARow = None
    newest: Whole = Field(default=0, ge=0, le=52, description="How many of the newest must all be good.")
    dry_run: DryRun = False
    must_have_data: MustHaveData = False

    @model_validator(mode="after")
    def _one_side(self) -> "Level":
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(_BOTH)
        _fits("misses", self.misses, self.of - 1)
        _fits("newest", self.newest, self.of)
        return self


class Control(Sent):
    """The newest points after the frozen ones stay within the limits, by a rule set."""

    kind: Literal["control"] = Field(description="`control` for this kind of criterion.")
    name: Title = None
    metric: MetricName = None
    rules: RuleSet = Field(default="gate", description="The rules that say which points are signals.")
    of: Whole = Field(default=10, ge=5, le=52, description="How many of the newest points it looks at.")
    worse_only: Flag = Field(default=False, description="Signals for the better do not count.")
    misses: Whole = Field(default=0, ge=0, le=51, description="How many points may be signals, in all.")
    in_a_row: InARow = None
    dry_run: DryRun = False
    must_have_data: MustHaveData = False

    @model_validator(mode="after")
    def _possible(self) -> "Control":
        _fits("misses", self.misses, self.of - 1)
        return self


class Runs(Sent):
    """The run chart of the newest points has no signal by Anhoej's two rules: no distribution assumed."""

    kind: Literal["run_chart"] = Field(description="`run_chart` for this kind of criterion.")
    name: Title = None
    metric: MetricName = None
    of: Whole = Field(default=20, ge=10, le=100, description="How many of the newest points it looks at.")
    dry_run: DryRun = False
    must_have_data: MustHaveData = False


class Kept(Sent):
    """The outcome's promise was kept in a large enough share of the newest periods."""

    kind: Literal["promise"] = Field(description="`promise` for this kind of criterion.")
    name: Title = None
    share: Number = Field(gt=0, le=1, description="In at least this share of the periods.", examples=[0.9])
    of: Whole = Field(default=20, ge=5, le=104, description="How many of the newest periods it looks at.")
    surely: Flag = Field(
        default=False,
        description="Compare the lower end of the share's 95 % interval (Wilson), not the share itself.",
    )
    dry_run: DryRun = False
    must_have_data: MustHaveData = False


class Capable(Sent):
    """The process fits its specification: Cpk or Ppk, where it is stable and they mean something."""

    kind: Literal["capability"] = Field(description="`capability` for this kind of criterion.")
    name: Title = None
    metric: MetricName = None
    index: Literal["cpk", "ppk"] = Field(
        default="cpk", description="cpk: short-term variation; ppk: that of all points."
    )
    at_least: Number = Field(default=1.0, gt=0, le=10, description="The smallest index that will do.")
    lower: Number | None = Field(
        default=None,
        description="Lower specification limit. With neither, the outcome's promise, or else its target.",
    )
    upper: Number | None = Field(default=None, description="Upper specification limit.")
    dry_run: DryRun = False
    must_have_data: MustHaveData = False

    @model_validator(mode="after")
    def _some_width(self) -> "Capable":
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            msg = f"lower is {self.lower:g}, not below upper, {self.upper:g}: turn them round"
            raise ValueError(msg)
        return self


class Assured(Sent):
    """A process that stays as it is will always keep the target: its limits lie on the good side of it."""

    kind: Literal["assurance"] = Field(description="`assurance` for this kind of criterion.")
    name: Title = None
    metric: MetricName = None
    target: Number | None = Field(
        default=None, description="What is to be kept; the outcome's target when left out.", examples=[14]
    )
    dry_run: DryRun = False
    must_have_data: MustHaveData = False


class Better(Sent):
    """At the present look, the metric is better than its frozen baseline, by so much."""

    kind: Literal["improvement"] = Field(description="`improvement` for this kind of criterion.")
    name: Title = None
    metric: MetricName = None
    margin: Number = Field(
        default=0.0, ge=0, description="The bound of the shift must be beyond this; in the metric's unit."
    )
    cliffs_delta: Number | None = Field(
        default=None, gt=0, le=1, description="Cliff's delta must be at least this; 1 is every point better."
    )
    dry_run: DryRun = False
    must_have_data: MustHaveData = False


class Data(Sent):
    """The data is there: few missing periods, and enough cases behind each value."""

    kind: Literal["data"] = Field(description="`data` for this kind of criterion.")
    name: Title = None
    metric: MetricName = None
    of: Whole = Field(default=12, ge=1, le=52, description="How many of the newest periods it looks at.")
    misses: Whole = Field(
        default=0, ge=0, le=51, description="How many may be missing or rest on too few cases, in all."
    )
    in_a_row: InARow = None
    cases: Number | None = Field(
        default=None, gt=0, description="The fewest cases that a value may rest on.", examples=[30]
    )
    dry_run: DryRun = False
    must_have_data: MustHaveData = False

    @model_validator(mode="after")
    def _possible(self) -> "Data":
        _fits("misses", self.misses, self.of - 1)
        return self


class Milestone(Sent):
    """A milestone is reached; for combinations, as a gate's own milestones must all be."""

    kind: Literal["milestone"] = Field(description="`milestone` for this kind of criterion.")
    name: Title = None
    milestone: Name = Field(description="One of the charter's milestones.", examples=["runbook agreed"])
    dry_run: DryRun = False


class All(Sent):
    """Every part is met."""

    kind: Literal["all"] = Field(description="`all` for this kind of criterion.")
    name: Title = None
    of: "Parts"
    dry_run: DryRun = False


class AnyOf(Sent):
    """One part at least is met."""

    kind: Literal["any"] = Field(description="`any` for this kind of criterion.")
    name: Title = None
    of: "Parts"
    dry_run: DryRun = False


class KOfN(Sent):
    """So many of the parts at least are met."""

    kind: Literal["k_of_n"] = Field(description="`k_of_n` for this kind of criterion.")
    name: Title = None
    k: Whole = Field(ge=1, le=10, description="How many parts must be met.", examples=[2])
    of: "Parts"
    dry_run: DryRun = False

    @model_validator(mode="after")
    def _possible(self) -> "KOfN":
        _fits("k", self.k, len(self.of))
        return self


def _counting(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(part.dry_run for part in parts):
        msg = "dry_run stands within a combination: set it on the combination, or take the part out of it"
        raise ValueError(msg)
    return parts


Measured = Level | Control | Runs | Kept | Capable | Assured | Better | Data
Combination = All | AnyOf | KOfN
Criterion = Annotated[
    Level | Control | Runs | Kept | Capable | Assured | Better | Data | Milestone | All | AnyOf | KOfN,
    Field(discriminator="kind"),
]

Parts = Annotated[
    tuple[Criterion, ...],
    Field(min_length=1, max_length=10, description="The parts."),
    AfterValidator(_counting),
]

for _combination in (All, AnyOf, KOfN):
    _combination.model_rebuild()


def leaves(criterion: Any) -> tuple[Measured | Milestone, ...]:
    """Return the criteria that a criterion is made of, itself when it is no combination."""
    if isinstance(criterion, All | AnyOf | KOfN):
        return tuple(leaf for part in criterion.of for leaf in leaves(part))
    return (criterion,)


def key_of(criterion: Measured) -> str:
    """Return the digest by which the reading of a criterion is found again (12 hexadecimal digits)."""
    text = criterion.model_dump_json(exclude={"name", "dry_run", "must_have_data"})
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def depth(criterion: Any) -> int:
    """Return how many combinations lie within one another, 0 for none."""
    if isinstance(criterion, All | AnyOf | KOfN):
        return 1 + max(depth(part) for part in criterion.of)
    return 0


def bounded(criteria: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the criteria of a stage as they are.

    Raises:
        ValueError: more of them than anybody reads, or too deep combinations.
    """
    many = sum(len(leaves(criterion)) for criterion in criteria)
    if many > MOST_CRITERIA:
        msg = f"{many} criteria in one stage: at most {MOST_CRITERIA} fit; leave out what nobody would miss"
        raise ValueError(msg)
    if any(depth(criterion) > DEEPEST for criterion in criteria):
        msg = f"combinations lie more than {DEEPEST} deep: say the same with fewer"
        raise ValueError(msg)
    return criteria


def _fits(key: str, value: int, most: int) -> None:
    if value > most:
        msg = f"{key} is {value}: take at most {most}, or look at more (`of`)"
        raise ValueError(msg)


Criteria = Annotated[tuple[Criterion, ...], AfterValidator(bounded)]
