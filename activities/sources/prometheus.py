"""The `prometheus` source: one series by PromQL, its value at the end of each period.

Where periods are equally long their ends are asked for in one range query; months,
and days on which a clock changes, in several. A single period is asked for in the
same way, because an instant query means something else to VictoriaMetrics. A sample
that is too old, NaN or infinity is a gap. Whatever the server says about an answer
that may be incomplete refuses it.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from activities.sources.allowance import Allowance
from activities.sources.prometheus_plan import Batch, batches, promql
from activities.sources.rows import SHARE, VALUE, Picked, observations
from activities.sources.web import Answer, Session, opened
from activities.sources.window import Window
from domain.measurement import Observation
from domain.periods import start_of
from domain.sources.prometheus import PrometheusSource

# What a mistake in a query is answered with: bad_data, and an error while it was evaluated.
_QUERY_ERRORS = frozenset({400, 422})
# Characters from which a query is sent as a form: addresses are cut at 8,000 by many servers, and letters
# outside ASCII take up to nine there.
_LONG = 800
# Characters of the server's words, and series, that a message repeats.
_SAID, _LISTED = 300, 5
# What others than Prometheus need to be told; who does not know a name lets it be.
_AS_ASKED = {
    # Thanos, VictoriaMetrics: an answer without some of the data is no answer.
    "partial_response": "false",
    "deny_partial_response": "1",
    # VictoriaMetrics moves the moments to where its cache has them, and looks back a whole step for a sample,
    # where Prometheus looks back 5 minutes.
    "nocache": "1",
    "max_lookback": "5m",
}

Labels = tuple[tuple[str, str], ...]
Series = Mapping[int, float]


def fetch(
    source: PrometheusSource,
    window: Window,
    *,
    data_root: Path,  # noqa: ARG001 - every reader is asked alike
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window, in order.

    Raises:
        SourceFailed: what failed, where, and what would be right.
    """
    allowance = allowance or Allowance()
    queries = _queries(source)
    planned = batches(window, [query for _, query in queries])
    with opened(source.url, allowance, headers=source.headers, auth=source.auth, tls=source.tls) as session:
        if len(planned) * len(queries) > allowance.pages:
            raise session.fail(
                "too_many_pages",
                f"{len(planned):,} periods would have to be asked for one by one. Leave `@ start()` and "
                "`@ end()` out of the query.",
            )
        columns = [_series(session, key, query, planned) for key, query in queries]
        shown = session.place.shown
    periods = [period for batch in planned for period in batch.periods]
    rows = [
        (start_of(period, window.calendar), *(column.get(period) for column in columns)) for period in periods
    ]
    form = VALUE if source.query is not None else SHARE
    return observations(Picked(form, form), rows, window, f"{shown}, query")


def _queries(source: PrometheusSource) -> list[tuple[str, str]]:
    pairs = (("query", source.query), ("numerator", source.numerator), ("denominator", source.denominator))
    return [(key, query) for key, query in pairs if query is not None]


def _series(session: Session, key: str, query: str, planned: Sequence[Batch]) -> Series:
    """Return the values of the one series that the query gives, by period; gaps are left out.

    Raises:
        SourceFailed: `too_many_series`, with the labels of some, and whatever `_answered` refuses.
    """
    found: dict[Labels, dict[int, float]] = {}
    for batch in planned:
        for labels, samples in _answered(session, key, promql(query, batch), batch):
            found.setdefault(labels, {}).update(samples)
    if len(found) > 1:
        listed = "; ".join(_written(labels) for labels in list(found)[:_LISTED])
        more = f" and {len(found) - _LISTED:,} more" if len(found) > _LISTED else ""
        raise session.fail(
            "too_many_series",
            f"`{key}` gives {len(found):,} series, and one is needed: {listed}{more}. Aggregate them, as in "
            "sum(...), or select one by its labels.",
        )
    return next(iter(found.values()), {})


def _written(labels: Labels) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels) + "}"


def _answered(session: Session, key: str, query: str, batch: Batch) -> list[tuple[Labels, dict[int, float]]]:
    """Return the series of one answer: labels, and values by period."""
    params = {
        "query": query,
        "start": str(batch.first),
        "end": str(batch.last),
        "step": str(batch.length),
        "timeout": f"{session.allowance.seconds:g}s",
        **_AS_ASKED,
    }
    url = session.under("api/v1/query_range")
    if len(query) > _LONG:
        answer = session.post(url, data=params, taking=_QUERY_ERRORS)
    else:
        answer = session.get(url, params=params, taking=_QUERY_ERRORS)
    data = _data(session, key, answer)
    at = {batch.first + place * batch.length: period for place, period in enumerate(batch.periods)}
    try:
        return [_one(entry, at) for entry in _entries(data)]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise session.fail(
            "bad_answer",
            f"`{key}`: the answer has not the form of Prometheus's, or is of other moments than were asked "
            f"for (result type {str(data.get('resultType'))[:40]!r}). A query has to give numbers, not "
            "histograms or texts; a cache in between must not move its start and end.",
        ) from None


def _data(session: Session, key: str, answer: Answer) -> dict[str, Any]:
    """Return the answer's data, if it is whole.

    Raises:
        SourceFailed: `query_failed`, `partial_answer` or `bad_answer`.
    """
    body = answer.json()
    if not isinstance(body, dict):
        body = {}
    if body.get("status") == "error" or answer.status in _QUERY_ERRORS:
        said = " ".join(str(body.get("error", answer.excerpt())).split())[:_SAID].rstrip(".")
        raise session.fail("query_failed", f"`{key}`: {said}. Correct the query; it is PromQL.")
    warnings = body.get("warnings") or (["isPartial"] if body.get("isPartial") else [])
    if warnings:
        said = " ".join(str(warnings[0] if isinstance(warnings, list) else warnings).split())[:_SAID]
        raise session.fail(
            "partial_answer",
            f"`{key}`: the server warns that its answer may be wrong or incomplete ({said.rstrip('.')}), so "
            "it is not taken. It is asked again next time.",
        )
    data = body.get("data")
    if body.get("status") != "success" or not isinstance(data, dict):
        raise session.fail(
            "bad_answer", "the answer is not one of Prometheus's interface. Check the address and its path."
        )
    return data


def _entries(data: dict[str, Any]) -> list[tuple[dict[str, str], list[list[Any]]]]:
    """Return the labels and the samples of each series.

    Raises:
        KeyError, TypeError, ValueError: it has another form, or histograms, which are no single number.
    """
    if data["resultType"] != "matrix" or any("histograms" in entry for entry in data["result"]):
        raise ValueError
    return [(dict(entry["metric"]), list(entry["values"])) for entry in data["result"]]


def _one(
    entry: tuple[dict[str, str], list[list[Any]]], at: Mapping[int, int]
) -> tuple[Labels, dict[int, float]]:
    labels, samples = entry
    values: dict[int, float] = {}
    for moment, text in samples:
        if float(moment) != int(moment):
            raise ValueError
        value = float(text)
        period = at[int(moment)]
        if math.isfinite(value):
            values[period] = value
    return tuple(sorted((str(name), str(value)) for name, value in labels.items())), values
