"""The `servicenow` source of a charter."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.model import Sent
from domain.sources import items
from domain.sources.items import DurationUnit, Statistic
from domain.sources.web import Auth, Tls, WebUrl
from domain.values import Query, Span

_DURATIONS = ("cycle_time", "share_within")
_USES = {
    "opened": _DURATIONS,
    "within": ("share_within",),
    "failed": ("change_failure_share",),
    "statistic": ("cycle_time",),
    "unit": ("cycle_time",),
}
# Tables and fields are named like this; anything else in a path or a query would be something else.
TABLE = r"^[a-z][a-z0-9_]*$"
COLUMN = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
Table = Annotated[str, Field(pattern=TABLE, max_length=80)]
Column = Annotated[str, Field(pattern=COLUMN, max_length=160)]
# Parts of an encoded query that would reach beyond the conditions that are added to it.
_BEYOND = re.compile(r"\^NQ|\^?(?:ORDERBY|GROUPBY)", re.IGNORECASE)


class ServiceNowSource(Sent):
    """Records of one table of ServiceNow, chosen by an encoded query, counted when they are closed.

    `docs/trackers.md` has the exact definition of each measure.
    """

    kind: Literal["servicenow"] = Field(description="`servicenow` for this kind of source.")
    url: WebUrl = Field(description="The instance's address.", examples=["https://example.service-now.com"])
    auth: Auth = Field(
        description="A user who may read the table, with the password; or `bearer`, an OAuth access token.",
        examples=[{"user": "${SERVICENOW_USER}", "password": "${SERVICENOW_PASSWORD}"}],
    )
    tls: Tls | None = Field(default=None, description="Certificates, where the system's do not do.")
    table: Table = Field(
        description="Small letters, digits and underscores, as ServiceNow names tables.",
        examples=["incident"],
    )
    query: Query | None = Field(
        default=None,
        description="An encoded query, as a list's breadcrumbs give it, without times and without order.",
        examples=["assignment_group.name=Claims desk^priority<=2"],
    )
    measure: Literal["throughput", "cycle_time", "share_within", "change_failure_share"] = Field(
        examples=["cycle_time"],
        description="throughput, cycle_time, share_within (the promise) or change_failure_share (of the "
        "changes closed, those that match `failed`).",
    )
    opened: Column = Field(default="opened_at", description="The field that a record's time begins with.")
    closed: Column = Field(
        default="closed_at",
        description="The field that says when a record was finished.",
        examples=["resolved_at"],
    )
    within: Span | None = Field(default=None, description=items.PROMISE)
    failed: Query | None = Field(
        default=None,
        description="An encoded query of the changes that failed, for `change_failure_share`, such as "
        "`close_code=unsuccessful`.",
    )
    statistic: Statistic = Field(default="median", description=items.STATISTIC)
    unit: DurationUnit = Field(default="days", description=items.UNIT)
    settle: Span = Field(default=timedelta(0), description=items.SETTLE)

    @model_validator(mode="after")
    def _fits(self) -> "ServiceNowSource":
        items.refuse_idle_keys("measure", self.measure, items.given(self), _USES)
        if self.measure == "share_within":
            items.require(self.measure, "within", self.within, "5 days")
        if self.measure == "change_failure_share":
            items.require(self.measure, "failed", self.failed, "close_code=unsuccessful")
        for text in (self.query or "", self.failed or ""):
            beyond = _BEYOND.search(text)
            if beyond is not None:
                msg = (
                    f"`{beyond[0]}` cannot stand in this query, to which the period's conditions are added: "
                    "leave order and groups out, and write two alternatives with ^OR"
                )
                raise ValueError(msg)
        return self
