"""Numbers: what the sources and the members gave, and what the gate makes of it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.charter import Stage
from domain.events.shapes import ByMember
from domain.measurement import FrozenLimits, MeasureResult, Observation
from domain.model import Carried
from domain.restatement import Doubt
from domain.verdicts import GateEvaluation


class Measured(Carried):
    """The sources were read: new observations, their evidence, or trouble."""

    kind: Literal["measured"] = "measured"
    result: MeasureResult


class MeasurementWanted(Carried):
    """A member wants the sources read at once."""

    kind: Literal["measurement_wanted"] = "measurement_wanted"
    by: str
    at: datetime


class LimitsFrozen(Carried):
    """Control limits of a metric were frozen; later points are judged against them."""

    kind: Literal["limits_frozen"] = "limits_frozen"
    metric: str
    limits: FrozenLimits


class GateEvaluated(Carried):
    """The stage's gate was judged."""

    kind: Literal["gate_evaluated"] = "gate_evaluated"
    gate: GateEvaluation


class GateDoubted(Carried):
    """A gate that the team has passed would not have opened on the numbers as its sources restated them."""

    kind: Literal["gate_doubted"] = "gate_doubted"
    stage: Stage
    doubt: Doubt


class GateAffirmed(Carried):
    """A gate that was in doubt would have opened, on the numbers as they are now."""

    kind: Literal["gate_affirmed"] = "gate_affirmed"
    stage: Stage


class ValueRecorded(ByMember):
    """A member counted a metric of a period by hand, or corrected what was counted before."""

    kind: Literal["value_recorded"] = "value_recorded"
    by: str
    metric: str
    observation: Observation
    before: Observation | None = Field(description="What was recorded for the period before.")
    note: str = ""
    at: datetime


class SignalExplained(Carried):
    """The team took a point as explained: it stays on the chart and stops counting."""

    kind: Literal["signal_explained"] = "signal_explained"
    metric: str
    period: int
    cause: str


class LimitsRebased(Carried):
    """The team signed that limits are frozen anew from a period on, with the cause."""

    kind: Literal["limits_rebased"] = "limits_rebased"
    metric: str
    first: int = Field(description="First period of the new frozen points.")
    by: str
    cause: str
    answered: tuple[str, ...] = Field(description="Wheeler's questions, each answered with yes.")
    at: datetime


MeasuringEvent = (
    Measured
    | MeasurementWanted
    | LimitsFrozen
    | GateEvaluated
    | GateDoubted
    | GateAffirmed
    | ValueRecorded
    | SignalExplained
    | LimitsRebased
)
