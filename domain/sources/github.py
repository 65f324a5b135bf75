"""The `github` source of a charter."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.model import Sent
from domain.sources import items
from domain.sources.items import DurationUnit, Statistic
from domain.sources.web import Auth, Tls, WebUrl
from domain.values import Name, Span

REPOSITORY = r"^[\w.-]+/[\w.-]+$"
# What each measure is of, and which keys are for what.
_MEASURES = {
    "cycle_time": ("pull_requests", "issues"),
    "lead_time": ("deployments",),
    "deployment_failure_share": ("deployments",),
    "change_failure_share": ("deployments",),
}
_OF = {
    "base": ("pull_requests",),
    "labels": ("pull_requests", "issues"),
    "environment": ("deployments",),
    "look_back": ("deployments",),
}
_USES = {
    "within": ("share_within", "change_failure_share"),
    "incidents": ("change_failure_share",),
    "statistic": ("cycle_time", "lead_time"),
    "unit": ("cycle_time", "lead_time"),
}


class GithubSource(Sent):
    """Pull requests, issues or deployments of one repository on GitHub or GitHub Enterprise Server.

    `docs/trackers.md` has the exact definition of each measure.
    """

    kind: Literal["github"] = Field(description="`github` for this kind of source.")
    url: WebUrl = Field(
        default="https://api.github.com",
        description="The API's address; of GitHub Enterprise Server `https://HOST/api/v3`.",
    )
    repository: Annotated[str, Field(pattern=REPOSITORY, max_length=200)] = Field(
        description="Owner and name.", examples=["example/claims"]
    )
    auth: Auth | None = Field(
        default=None,
        description="`bearer`, an access token that may read the repository; without one, GitHub answers 60 "
        "requests an hour.",
        examples=[{"bearer": "${GITHUB_TOKEN}"}],
    )
    tls: Tls | None = Field(default=None, description="Certificates, where the system's do not do.")
    of: Literal["pull_requests", "issues", "deployments"] = Field(
        description="Of what.", examples=["pull_requests"]
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
        description="throughput, share_within; cycle_time of pull requests and issues; lead_time, "
        "deployment_failure_share and change_failure_share of deployments.",
    )
    base: Name | None = Field(
        default=None,
        description="Only pull requests into this branch; into any unless said.",
        examples=["main"],
    )
    labels: tuple[items.Label, ...] = Field(
        default=(), max_length=20, description="Only issues or pull requests that have all of these."
    )
    environment: Name = Field(default="production", description="Deployments to this environment.")
    incidents: items.Label | None = Field(
        default=None,
        description="The label of issues that report an incident, for `change_failure_share`.",
    )
    within: Span | None = Field(default=None, description=items.WITHIN)
    look_back: Span = Field(
        default=timedelta(days=7),
        description="How long a deployment may take: one that was created earlier than this before the first "
        "period asked for is not looked at.",
    )
    statistic: Statistic = Field(default="median", description=items.STATISTIC)
    unit: DurationUnit = Field(default="days", description=items.UNIT)
    settle: Span = Field(default=timedelta(0), description=items.SETTLE)

    @model_validator(mode="after")
    def _fits(self) -> "GithubSource":
        given = items.given(self)
        items.refuse_idle_keys("of", self.of, given, _OF)
        items.refuse_idle_keys("of", self.of, {self.measure}, _MEASURES)
        items.refuse_idle_keys("measure", self.measure, given, _USES)
        if self.measure in ("share_within", "change_failure_share"):
            items.require(self.measure, "within", self.within, "2 days")
        if self.measure == "change_failure_share":
            items.require(self.measure, "incidents", self.incidents, "incident")
            items.require_settled(self.within, self.settle)
        return self
