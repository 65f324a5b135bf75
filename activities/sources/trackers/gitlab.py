"""The `gitlab` source: merge requests, issues or deployments of one project.

docs.gitlab.com/api: "List project merge requests" (`GET /projects/:id/merge_requests`), "List project issues"
(`/issues`), "List project deployments" (`/deployments`, whose filter goes with `order_by=updated_at`), "List
of merge requests associated with a deployment" (`/deployments/:deployment_id/merge_requests`), and
"REST API, Pagination" (`x-next-page`, `Link`).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, assert_never
from urllib.parse import quote

from activities.sources.allowance import Allowance
from activities.sources.trackers.asking import Api, opened
from activities.sources.trackers.incidents import Deployment, ended_items, followed_items
from activities.sources.trackers.items import Item, bounds, observed
from activities.sources.trackers.paging import Page, moving_start
from activities.sources.trackers.reading import Entry
from activities.sources.window import Window
from domain.measurement import Observation
from domain.sources import GitlabSource

# Entries per page, GitLab's most.
_PAGE = "100"
_SUCCEEDED, _FAILED = "success", "failed"


def fetch(
    source: GitlabSource,
    window: Window,
    *,
    data_root: Path,  # noqa: ARG001 - every reader is asked in the same way
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window.

    Raises:
        SourceFailed: what GitLab refused, in its own words, or what in its answer is not as documented.
    """
    root = f"{source.url.rstrip('/')}/api/v4/projects/{quote(source.project, safe='')}"
    with opened(root, source.auth, source.tls, allowance or Allowance(), _words) as api:
        first, until = bounds(window)
        items = _items(api, source, first, until)
        return observed(source, items, window, api.where, partial(_counted_since, api, source))


def _items(api: Api, source: GitlabSource, first: datetime | None, until: datetime) -> list[Item]:
    match source.of:
        case "merge_requests":
            entries = _changed(api, "/merge_requests", {"state": "merged", **_filter(source)}, first)
            return list(_finished(entries, "merged_at", "!"))
        case "issues":
            entries = _changed(api, "/issues", {"state": "closed", **_filter(source)}, first)
            return list(_finished(entries, "closed_at", "#"))
        case "deployments":
            return _deployed(api, source, first, until)
        case _:
            assert_never(source.of)


def _finished(entries: Iterable[Entry], field: str, sign: str) -> Iterable[Item]:
    for entry in entries:
        finished = entry.moment_or_none(field)
        if finished is not None:  # null in what was imported from elsewhere
            yield Item(f"{sign}{entry.number('iid')}", finished, entry.moment("created_at"))


def _deployed(api: Api, source: GitlabSource, first: datetime | None, until: datetime) -> list[Item]:
    deployments = dict(_deployments(api, source, first))
    match source.measure:
        case "throughput":
            return ended_items(d for d in deployments.values() if d.succeeded)
        case "deployment_failure_share":
            return ended_items(deployments.values())
        case "change_failure_share":
            kind = {"issue_type": "incident"} if source.incidents is None else {"labels": source.incidents}
            incidents = [entry.moment("created_at") for entry in _changed(api, "/issues", kind, first)]
            return followed_items(deployments.values(), incidents, source.within or timedelta(0))
        case _:
            return list(_delivered(api, deployments, first, until))


def _deployments(api: Api, source: GitlabSource, first: datetime | None) -> Iterable[tuple[int, Deployment]]:
    """Yield what ended at `first` or later, by its id: a deployment does not end after its last change."""
    for entry in _changed(api, "/deployments", {"environment": source.environment}, first):
        status, key = entry.text("status"), entry.number("id")
        if status in (_SUCCEEDED, _FAILED):
            job = entry.data.get("deployable")
            ended = entry.moment_or_none("deployable", "finished_at") if job else None
            name = f"deployment {key}"
            yield (
                key,
                Deployment(
                    name, entry.text("sha"), ended or entry.moment("updated_at"), status == _SUCCEEDED
                ),
            )


def _delivered(
    api: Api, deployments: Mapping[int, Deployment], first: datetime | None, until: datetime
) -> Iterable[Item]:
    """Yield one item per merge request that a successful deployment was the first to bring."""
    for key, deployment in deployments.items():
        if not deployment.succeeded or deployment.ended >= until or (first and deployment.ended < first):
            continue
        number, more = 1, True
        while more:
            page = _page(api, f"/deployments/{key}/merge_requests", {}, number)
            for entry in page.entries:
                merged = entry.moment_or_none("merged_at")
                # One that was deployed from its branch and merged later was not waiting.
                began = merged if merged is not None and merged <= deployment.ended else None
                yield Item(f"!{entry.number('iid')}", deployment.ended, began)
            more, number = page.more, number + 1


def _counted_since(api: Api, source: GitlabSource) -> datetime | None:
    """Return when the project was created, if it has anything of what is asked for at all."""
    match source.of:
        case "merge_requests":
            asked = {"state": "merged", **_filter(source)}
        case "issues":
            asked = {"state": "closed", **_filter(source)}
        case "deployments":
            asked = {"environment": source.environment}
        case _:
            assert_never(source.of)
    there = api.get(f"/{source.of}", {**asked, "per_page": "1"}).entries()
    return api.get("", {}).entry().moment("created_at") if there else None


def _changed(api: Api, path: str, asked: Mapping[str, str], first: datetime | None) -> list[Entry]:
    """Return what changed at `first` or later, oldest change first."""

    def page(start: datetime | None, number: int) -> Page:
        since = {} if start is None else {"updated_after": _iso(start)}
        return _page(api, path, {"order_by": "updated_at", "sort": "asc", **asked, **since}, number)

    return moving_start(page, first, _id, api.bound)


def _page(api: Api, path: str, asked: Mapping[str, str], number: int) -> Page:
    reply = api.get(path, {**asked, "per_page": _PAGE, "page": str(number)})
    return Page(reply.entries(), reply.more)


def _filter(source: GitlabSource) -> dict[str, str]:
    branch = {} if source.target_branch is None else {"target_branch": source.target_branch}
    return branch | ({"labels": ",".join(source.labels)} if source.labels else {})


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _id(entry: Entry) -> str:
    return str(entry.number("id"))


def _words(data: Any) -> str:
    """Return GitLab's own words for a refusal (docs.gitlab.com/api/rest, "Status codes")."""
    if not isinstance(data, Mapping):
        return ""
    said = (data.get("message"), data.get("error"), data.get("error_description"))
    return ". ".join(one if isinstance(one, str) else repr(one) for one in said if one)
