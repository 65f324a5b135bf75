"""The `event_log` source of a charter."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.model import Sent
from domain.sources.files import FilesSource
from domain.sources.sql import SqlSource
from domain.values import Name, Span

Gives = Literal["cycle_time", "within_promise", "rework", "automated"]


class EventLogSource(Sent):
    """What the events of cases tell, period by period: how long cases take, and how they went.

    A case begins with its first start, and ends with its first end from then on. `cycle_time`, `rework`
    and `automated` are of the cases that ended in a period; `within_promise` is of the cases that began in
    it, and waits until each of them has had the time.
    """

    kind: Literal["event_log"] = Field(description="`event_log` for this kind of source.")
    events: Annotated[FilesSource | SqlSource, Field(discriminator="kind")] = Field(
        description="A source of kind `files` or `sql` whose query returns a row per event: columns `case` "
        "(or `case_id`), `activity`, `timestamp`, and `automated` (true or false) where that is asked for.",
        examples=[{"kind": "files", "path": "events.parquet"}],
    )
    starts: tuple[Name, ...] = Field(
        min_length=1,
        max_length=50,
        description="The activities that begin a case.",
        examples=[["claim filed"]],
    )
    ends: tuple[Name, ...] = Field(
        min_length=1, max_length=50, description="The activities that end one.", examples=[["claim paid"]]
    )
    gives: Gives = Field(
        description="`cycle_time`: the median from start to end. `within_promise`: the share of cases that "
        "end within `within`. `rework`: the share of cases in which an activity repeats. `automated`: the "
        "share of automated steps.",
        examples=["cycle_time"],
    )
    unit: Literal["minutes", "hours", "days"] | None = Field(
        default=None, description="What `cycle_time` is counted in; days, if not given."
    )
    within: Span | None = Field(
        default=None, description="The promised time, for `within_promise`.", examples=["14 days"]
    )
    settle: Span = Field(
        default=timedelta(0),
        description="How long late data may still arrive; at least `within` where that is given, which is "
        "the default then.",
    )

    @model_validator(mode="before")
    @classmethod
    def _has_had_the_time(cls, given: object) -> object:
        """Let a period's cases have the promised time, if nothing else is said."""
        if isinstance(given, dict) and given.get("within") is not None and "settle" not in given:
            return {**given, "settle": given["within"]}
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.gives == "within_promise") != (self.within is not None):
            needed = "needs `within`, e.g. `within: 14 days`" if self.within is None else "has no `within`"
            raise ValueError(f"`gives: {self.gives}` {needed}")
        if self.within is not None and self.within <= timedelta(0):
            raise ValueError("`within` is the promised time: write more than 0, e.g. `within: 14 days`")
        if self.within is not None and self.settle < self.within:
            raise ValueError(
                "`settle` is shorter than `within`: a period's cases need the promised time; leave `settle` "
                "out, or make it longer"
            )
        if self.unit is not None and self.gives != "cycle_time":
            raise ValueError(f"`gives: {self.gives}` has no `unit`: it is a share; leave `unit` out")
        if self.events.settle:
            raise ValueError("`settle` belongs to the event log, not to its `events`: move it up")
        both = sorted({*self.starts} & {*self.ends})
        if both:
            raise ValueError(f"`{both[0]}` is in `starts` and in `ends`: a case cannot end as it begins")
        return self
