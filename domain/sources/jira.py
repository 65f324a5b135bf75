"""The `jira` source of a charter."""

import re
from datetime import timedelta
from typing import Literal

from pydantic import Field, model_validator

from domain.model import Sent
from domain.sources import items
from domain.sources.items import DurationUnit, Statistic
from domain.sources.web import Auth, Tls, WebUrl
from domain.values import Name, Query, Span

_DURATIONS = ("cycle_time", "share_within")
_USES = {
    "clock": _DURATIONS,
    "started": _DURATIONS,
    "within": ("share_within",),
    "failed": ("change_failure_share",),
    "statistic": ("cycle_time",),
    "unit": ("cycle_time",),
}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)


class JiraSource(Sent):
    """Issues of Jira Cloud or Jira Data Center, chosen by JQL, counted when they are resolved.

    `docs/trackers.md` has the exact definition of each measure.
    """

    kind: Literal["jira"] = Field(description="`jira` for this kind of source.")
    url: WebUrl = Field(description="Jira's address.", examples=["https://example.atlassian.net"])
    edition: Literal["cloud", "data_center"] = Field(
        default="cloud", description="Jira Cloud (`cloud`), or one that runs elsewhere: their APIs differ."
    )
    auth: Auth = Field(
        description="Cloud: `user` (the account's mail address) and `password` (its API token). Data Center: "
        "`bearer` (a personal access token), or user and password.",
        examples=[{"user": "${JIRA_USER}", "password": "${JIRA_TOKEN}"}],
    )
    tls: Tls | None = Field(default=None, description="Certificates, where the system's do not do.")
    jql: Query = Field(
        description="Which issues, without times and without order; the period is added.",
        examples=["project = CLAIMS and issuetype = Story"],
    )
    measure: Literal["throughput", "cycle_time", "share_within", "change_failure_share"] = Field(
        examples=["cycle_time"],
        description="throughput, cycle_time, share_within (the promise) or change_failure_share (of the "
        "issues resolved, those that match `failed`).",
    )
    clock: Literal["started", "created"] = Field(
        default="started",
        description="When an issue's time begins: when work first started on it, or when it was created.",
    )
    started: tuple[Name, ...] = Field(
        default=(),
        max_length=20,
        description="Statuses that mean that work has started; all of the category In Progress unless said "
        "otherwise.",
    )
    within: Span | None = Field(default=None, description=items.PROMISE)
    failed: Query | None = Field(
        default=None,
        description="JQL of the changes that failed, for `change_failure_share`.",
    )
    statistic: Statistic = Field(default="median", description=items.STATISTIC)
    unit: DurationUnit = Field(default="days", description=items.UNIT)
    settle: Span = Field(default=timedelta(0), description=items.SETTLE)

    @model_validator(mode="after")
    def _fits(self) -> "JiraSource":
        items.refuse_idle_keys("measure", self.measure, items.given(self), _USES)
        items.refuse_idle_keys("clock", self.clock, items.given(self), {"started": ("started",)})
        if self.measure == "share_within":
            items.require(self.measure, "within", self.within, "5 days")
        if self.measure == "change_failure_share":
            items.require(self.measure, "failed", self.failed, "labels = caused-incident")
        if any(_ORDER.search(_QUOTED.sub("", text)) for text in (self.jql, self.failed or "")):
            msg = "ORDER BY does nothing in this JQL, whose issues are only counted: leave it out"
            raise ValueError(msg)
        return self
