"""The `gitlab` source of a charter."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.model import Sent
from domain.sources import items
from domain.sources.items import DurationUnit, Statistic
from domain.sources.web import Auth, Tls, WebUrl
from domain.values import Name, Span

PROJECT = r"^([0-9]+|[\w.-]+(/[\w.-]+)+)$"
# What each measure is of, and which keys are for what.
_MEASURES = {
    "cycle_time": ("merge_requests", "issues"),
    "lead_time": ("deployments",),
    "deployment_failure_share": ("deployments",),
    "change_failure_share": ("deployments",),
}
_OF = {
    "target_branch": ("merge_requests",),
    "labels": ("merge_requests", "issues"),
    "environment": ("deployments",),
}
_USES = {
    "within": ("share_within", "change_failure_share"),
    "incidents": ("change_failure_share",),
    "statistic": ("cycle_time", "lead_time"),
    "unit": ("cycle_time", "lead_time"),
}


class GitlabSource(Sent):
    """Merge requests, issues or deployments of one project on GitLab.

    `docs/trackers.md` has the exact definition of each measure.
    """

    kind: Literal["gitlab"] = Field(description="`gitlab` for this kind of source.")
    url: WebUrl = Field(default="https://gitlab.com", description="GitLab's address.")
    project: Annotated[str, Field(pattern=PROJECT, max_length=300)] = Field(
        description="The project's path, groups included, or its number.", examples=["example/claims"]
    )
    auth: Auth | None = Field(
        default=None,
        description="`bearer`, an access token with the scope read_api; public projects need none.",
        examples=[{"bearer": "${GITLAB_TOKEN}"}],
    )
    tls: Tls | None = Field(default=None, description="Certificates, where the system's do not do.")
    of: Literal["merge_requests", "issues", "deployments"] = Field(
        description="Of what.", examples=["merge_requests"]
    )
    measure: Literal[
        "throughput",
        "cycle_time",
        "lead_time",
        "share_within",
        "deployment_failure_share",
        "change_failure_share",
    ] = Field(
        examples=["cycle_time"],
        description="throughput, share_within; cycle_time of merge requests and issues; lead_time, "
        "deployment_failure_share and change_failure_share of deployments.",
    )
    target_branch: Name | None = Field(
        default=None,
        description="Only merge requests into this branch; into any unless said.",
        examples=["main"],
    )
    labels: tuple[items.Label, ...] = Field(
        default=(), max_length=20, description="Only issues or merge requests that have all of these."
    )
    environment: Name = Field(default="production", description="Deployments to this environment.")
    incidents: items.Label | None = Field(
        default=None,
        description="The label of issues that report an incident, for `change_failure_share`; GitLab's own "
        "incidents unless said.",
    )
    within: Span | None = Field(default=None, description=items.WITHIN)
    statistic: Statistic = Field(default="median", description=items.STATISTIC)
    unit: DurationUnit = Field(default="days", description=items.UNIT)
    settle: Span = Field(default=timedelta(0), description=items.SETTLE)

    @model_validator(mode="after")
    def _fits(self) -> "GitlabSource":
        given = items.given(self)
        items.refuse_idle_keys("of", self.of, given, _OF)
        items.refuse_idle_keys("of", self.of, {self.measure}, _MEASURES)
        items.refuse_idle_keys("measure", self.measure, given, _USES)
        if self.measure in ("share_within", "change_failure_share"):
            items.require(self.measure, "within", self.within, "2 days")
        if self.measure == "change_failure_share":
            items.require_settled(self.within, self.settle)
        return self
