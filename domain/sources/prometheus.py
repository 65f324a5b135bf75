"""The `prometheus` source of a charter."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.model import Sent
from domain.sources.web import Auth, Headers, Tls, WebUrl
from domain.values import Query, Span

# Samples arrive a scrape and a forwarding later than they are of.
_SETTLE = timedelta(minutes=5)


class PrometheusSource(Sent):
    """One series from Prometheus, or from what answers like it: Thanos, Mimir, VictoriaMetrics.

    A query is evaluated at the end of each period, and has to give one series. Where it gives no sample, or
    NaN, or infinity, there is a gap. `{period}` in it is the period's length, as in
    `sum(increase(orders_total[{period}]))`: days and months are not all equally long.
    """

    kind: Literal["prometheus"] = Field(description="`prometheus` for this kind of source.")
    url: WebUrl = Field(
        description="Address that `/api/v1/query` is appended to.",
        examples=["https://prometheus.example.org", "https://mimir.example.org/prometheus"],
    )
    query: Query | None = Field(
        default=None,
        description="PromQL for the value.",
        examples=["histogram_quantile(0.5, sum by (le) (rate(order_days_bucket[{period}])))"],
    )
    numerator: Query | None = Field(
        default=None,
        description="PromQL for a share instead of `query`: how many of them.",
        examples=["sum(increase(orders_late_total[{period}])) or vector(0)"],
    )
    denominator: Query | None = Field(
        default=None,
        description="PromQL for a share instead of `query`: of how many.",
        examples=["sum(increase(orders_total[{period}]))"],
    )
    headers: Headers = Field(
        default_factory=dict,
        description="Headers that are sent along, each with its value.",
        examples=[{"X-Scope-OrgID": "claims"}],
    )
    auth: Auth | None = Field(default=None, description="Login.")
    tls: Tls | None = Field(default=None, description="Certificates.")
    settle: Span = Field(default=_SETTLE, description="How long late data may still arrive.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        share = (self.numerator is not None, self.denominator is not None)
        if share[0] != share[1]:
            raise ValueError("`numerator` and `denominator` go together: write both, or `query`")
        if all(share) == (self.query is not None):
            raise ValueError("write `query`, or `numerator` and `denominator`")
        return self
