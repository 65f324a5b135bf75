"""The `jira` source: issues that JQL chooses, in the period of their resolution.

Jira Cloud: `GET /rest/api/3/search/jql`, whose pages follow `nextPageToken` and whose `changelog` holds the
newest 40 entries of an issue; the others come from `GET /rest/api/3/issue/{id}/changelog`
(developer.atlassian.com/cloud/jira/platform/rest/v3: api-group-issue-search, api-group-issues).
Jira Data Center: `GET /rest/api/2/search` with `startAt`, whose changelog is whole
(docs.atlassian.com/software/jira/docs/api/REST). Statuses and their categories: `GET .../status`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from activities.sources.allowance import Allowance
from activities.sources.trackers.asking import Api, opened
from activities.sources.trackers.items import Item, bounds, observed
from activities.sources.trackers.paging import Page, by_token, overlapping
from activities.sources.trackers.reading import Entry
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.sources import JiraSource

# JQL reads times by the clock of the user who asks, which is at most 14 hours from UTC (Kiritimati). So a
# day more is asked for on each side, and what is outside is left out here, by Jira's own times.
_ANY_CLOCK = timedelta(days=1)
_JQL_TIME = "%Y/%m/%d %H:%M"
# Issues per page: what Jira gives at most together with a changelog.
_PAGE = "100"
# Statuses that a message lists.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class _Beginning:
    """Which statuses mean that work has started, by id and, for those since deleted, by name."""

    ids: frozenset[str]
    names: frozenset[str]

    def holds(self, status_id: Any, name: Any) -> bool:
        return status_id in self.ids or (isinstance(name, str) and name.casefold() in self.names)


def fetch(
    source: JiraSource,
    window: Window,
    *,
    data_root: Path,  # noqa: ARG001 - every reader is asked in the same way
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window.

    Raises:
        SourceFailed: what Jira refused, in its own words, or what in its answer is not as documented.
    """
    version = "3" if source.edition == "cloud" else "2"
    root = f"{source.url.rstrip('/')}/rest/api/{version}"
    with opened(root, source.auth, source.tls, allowance or Allowance(), _words) as api:
        first, until = bounds(window)
        items = _items(api, source, _resolved(first, until))
        return observed(source, items, window, api.where, partial(_counted_since, api, source, first))


def _resolved(first: datetime | None, until: datetime) -> str:
    since = "" if first is None else f' AND resolved >= "{first - _ANY_CLOCK:{_JQL_TIME}}"'
    return f'{since} AND resolved < "{until + _ANY_CLOCK:{_JQL_TIME}}"'


def _items(api: Api, source: JiraSource, resolved: str) -> list[Item]:
    timed = source.measure in ("cycle_time", "share_within")
    beginning = _beginning(api, source) if timed and source.clock == "started" else None
    failed: frozenset[str] = frozenset()
    if source.failed is not None:
        jql = f"({source.jql}) AND ({source.failed}){resolved}"
        failed = frozenset(issue.text("id") for issue in _search(api, source, jql, changes=False))
    found = []
    for issue in _search(api, source, f"({source.jql}){resolved}", changes=beginning is not None):
        finished = issue.moment_or_none("fields", "resolutiondate")
        if finished is None:  # reopened since it was found
            continue
        began = issue.moment("fields", "created") if timed else None
        if beginning is not None:
            began = _began(api, source, issue, beginning)
        found.append(Item(issue.text("key"), finished, began, failed=issue.text("id") in failed))
    return found


def _search(api: Api, source: JiraSource, jql: str, *, changes: bool) -> list[Entry]:
    asked = {"jql": f"{jql} ORDER BY key ASC", "fields": "created,resolutiondate", "maxResults": _PAGE}
    if changes:
        asked["expand"] = "changelog"
    if source.edition == "cloud":
        return by_token(partial(_cloud_page, api, asked), _id, api.bound)
    return overlapping(partial(_data_center_page, api, asked), _id, api.bound)


def _cloud_page(api: Api, asked: Mapping[str, str], token: str | None) -> tuple[list[Entry], str | None]:
    answer = api.get("/search/jql", asked if token is None else {**asked, "nextPageToken": token}).entry()
    last = answer.data.get("isLast") is True
    return _named(answer), None if last else answer.text_or_none("nextPageToken")


def _data_center_page(api: Api, asked: Mapping[str, str], start: int) -> Page:
    answer = api.get("/search", {**asked, "startAt": str(start)}).entry()
    issues = _named(answer)
    return Page(issues, more=start + len(issues) < answer.number("total"))


def _id(issue: Entry) -> str:
    return issue.text("id")


def _named(answer: Entry) -> list[Entry]:
    return [issue.named(str(issue.data.get("key"))) for issue in answer.entries("issues")]


def _beginning(api: Api, source: JiraSource) -> _Beginning:
    statuses = api.get("/status", {}).entries()
    if not source.started:
        started = (s for s in statuses if s.text("statusCategory", "key") == "indeterminate")
        return _Beginning(frozenset(status.text("id") for status in started), frozenset())
    there = {status.text("name").casefold(): status.text("name") for status in statuses}
    for name in source.started:
        if name.casefold() not in there:
            near = get_close_matches(name.casefold(), there, n=1)
            meant = f" Did you mean {there[near[0]]}?" if near else ""
            listed = ", ".join(list(there.values())[:_LISTED])
            raise SourceFailed(
                "no_such_column", f"{api.where}: Jira has no status {name}; there are {listed}.{meant}"
            )
    wanted = frozenset(name.casefold() for name in source.started)
    ids = frozenset(status.text("id") for status in statuses if status.text("name").casefold() in wanted)
    return _Beginning(ids, wanted)


def _began(api: Api, source: JiraSource, issue: Entry, beginning: _Beginning) -> datetime | None:
    """Return when the issue first was in a status that means so; None if it never was."""
    changes = sorted(_status_changes(_histories(api, source, issue)), key=lambda change: change[0])
    if changes and beginning.holds(changes[0][1].get("from"), changes[0][1].get("fromString")):
        return issue.moment("fields", "created")
    entered = (at for at, item in changes if beginning.holds(item.get("to"), item.get("toString")))
    return next(entered, None)


def _status_changes(histories: list[Entry]) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    for history in histories:
        for item in history.entries("items"):
            # A field of the team's own may be called status, too; Data Center does not give the field's id.
            if item.data.get("field") == "status" and item.data.get("fieldId", "status") == "status":
                yield history.moment("created"), item.data


def _histories(api: Api, source: JiraSource, issue: Entry) -> list[Entry]:
    changelog = issue.entry("changelog")
    found = {history.text("id"): history for history in changelog.entries("histories")}
    total = changelog.data.get("total")
    if isinstance(total, int) and len(found) >= total:
        return list(found.values())
    if source.edition == "data_center":
        raise SourceFailed(
            "partial_answer",
            f"{issue.where}: Jira gave {len(found)} of {total} changes. Ask its administrator why.",
        )
    path, start = f"/issue/{_id(issue)}/changelog", 0
    while True:
        page = api.get(path, {"startAt": str(start), "maxResults": _PAGE}).entry().named(issue.text("key"))
        values = page.entries("values")
        found |= {history.text("id"): history for history in values}
        start += len(values)
        if page.data.get("isLast") is True or not values:
            return list(found.values())


def _counted_since(api: Api, source: JiraSource, first: datetime | None) -> datetime | None:
    """Return the first moment asked for if issues were resolved before it: then none means none."""
    if first is None:
        return None
    asked = {
        "jql": f'({source.jql}) AND resolved < "{first - _ANY_CLOCK:{_JQL_TIME}}" ORDER BY key ASC',
        "fields": "resolutiondate",
        "maxResults": "1",
    }
    earlier = api.get("/search/jql" if source.edition == "cloud" else "/search", asked).entry()
    return first if earlier.entries("issues") else None


def _words(data: Any) -> str:
    """Return Jira's own words for a refusal (its REST API, "Status codes": an error collection)."""
    if not isinstance(data, dict):
        return ""
    fields = data.get("errors")
    said = [*data.get("errorMessages", ()), *(fields.values() if isinstance(fields, dict) else ())]
    return " ".join(one for one in said if isinstance(one, str))
