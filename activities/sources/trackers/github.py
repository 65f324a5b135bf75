"""The `github` source: pull requests, issues or deployments of one repository.

docs.github.com/rest: "List pull requests" (`GET /repos/{owner}/{repo}/pulls`), "List repository issues"
(`/issues`, which has pull requests among them), "List deployments" (`/deployments`, newest first), "List
deployment statuses" (`/deployments/{id}/statuses`), "Compare two commits" (`/compare/{base}...{head}`); the
shapes are those of github/rest-api-description.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, assert_never

from activities.sources.allowance import Allowance
from activities.sources.trackers.asking import Absent, Api, opened
from activities.sources.trackers.incidents import Deployment, ended_items, followed_items
from activities.sources.trackers.items import Item, bounds, observed
from activities.sources.trackers.paging import Page, moving_start, newest_first
from activities.sources.trackers.reading import Entry
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.sources import GithubSource

_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
# Entries per page, GitHub's most.
_PAGE = "100"
# How a deployment can have ended; `inactive` comes later, when another one took its place.
_SUCCEEDED, _FAILED = "success", ("failure", "error")
# Reasons for closing an issue that say that something was done; it is null for those closed before GitHub
# asked.
_DONE = (None, "completed")


def fetch(
    source: GithubSource,
    window: Window,
    *,
    data_root: Path,  # noqa: ARG001 - every reader is asked in the same way
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window.

    Raises:
        SourceFailed: what GitHub refused, in its own words, or what in its answer is not as documented.
    """
    root = f"{source.url.rstrip('/')}/repos/{source.repository}"
    with opened(root, source.auth, source.tls, allowance or Allowance(), _words, _HEADERS) as api:
        first, until = bounds(window)
        items = _items(api, source, first, until)
        return observed(source, items, window, api.where, partial(_counted_since, api, source))


def _items(api: Api, source: GithubSource, first: datetime | None, until: datetime) -> list[Item]:
    match source.of:
        case "pull_requests":
            return list(_merged(api, source, first))
        case "issues":
            return list(_closed(api, source, first))
        case "deployments":
            return _deployed(api, source, first, until)
        case _:
            assert_never(source.of)


def _merged(api: Api, source: GithubSource, first: datetime | None) -> Iterable[Item]:
    # Open ones, too: what is reopened or closed while the list is read must not shift it.
    asked = {
        "state": "all",
        "sort": "updated",
        "direction": "desc",
        **({"base": source.base} if source.base else {}),
    }
    for entry in newest_first(partial(_page, api, "/pulls", asked), first, _id, api.bound):
        merged = entry.moment_or_none("merged_at")
        if merged is not None and _has_labels(entry, source.labels):
            yield Item(f"#{entry.number('number')}", merged, entry.moment("created_at"))


def _closed(api: Api, source: GithubSource, first: datetime | None) -> Iterable[Item]:
    for entry in _issues(api, {"state": "closed", **_labelled(source.labels)}, first):
        closed = entry.moment_or_none("closed_at")
        if closed is not None and entry.data.get("state_reason") in _DONE:
            yield Item(f"#{entry.number('number')}", closed, entry.moment("created_at"))


def _issues(api: Api, asked: Mapping[str, str], first: datetime | None) -> Iterable[Entry]:
    """Yield the issues that changed at `first` or later; pull requests are issues to GitHub, and left out."""

    def page(start: datetime | None, number: int) -> Page:
        since = {} if start is None else {"since": start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        return _page(api, "/issues", {"sort": "updated", "direction": "asc", **asked, **since}, number)

    found = moving_start(page, first, _id, api.bound)
    return (entry for entry in found if "pull_request" not in entry.data)


def _deployed(api: Api, source: GithubSource, first: datetime | None, until: datetime) -> list[Item]:
    later = source.within if source.measure == "change_failure_share" and source.within else timedelta(0)
    timed = source.measure in ("lead_time", "share_within")
    deployments = _deployments(api, source, first, until + later, with_former=timed)
    match source.measure:
        case "throughput":
            return ended_items(d for d in deployments if d.succeeded)
        case "deployment_failure_share":
            return ended_items(deployments)
        case "change_failure_share":
            assert source.incidents is not None  # the charter's model asks for it
            opened_since = _issues(api, {"state": "all", **_labelled((source.incidents,))}, first)
            incidents = [incident.moment("created_at") for incident in opened_since]
            return followed_items(deployments, incidents, later)
        case _:
            return _delivered(api, deployments, first)


def _deployments(
    api: Api, source: GithubSource, first: datetime | None, until: datetime, *, with_former: bool
) -> list[Deployment]:
    """Return those that ended, oldest first; with the last successful one before them, if asked for."""
    oldest = None if first is None else first - source.look_back
    found: dict[str, Deployment] = {}
    seen: set[str] = set()  # a deployment that comes meanwhile shifts others to the next page
    for entry in _created_before(api, source, until):
        old = oldest is not None and entry.moment("created_at") < oldest
        if old and not (with_former and not _has_former(found.values(), first)):
            break
        key = _id(entry)
        deployment = None if key in seen else _ended(api, entry)
        seen.add(key)
        api.bound.check(len(seen))
        if deployment is not None:
            found[key] = deployment
    return sorted(found.values(), key=lambda d: d.ended)


def _created_before(api: Api, source: GithubSource, until: datetime) -> Iterator[Entry]:
    """Yield the deployments that were created before `until`, newest first, as GitHub lists them."""
    number, more = 1, True
    while more:
        page = _page(api, "/deployments", {"environment": source.environment}, number)
        created = [entry.moment("created_at") for entry in page.entries]
        if any(earlier < later for earlier, later in pairwise(created)):
            raise SourceFailed(
                "bad_answer",
                f"{api.where}: the deployments are not listed newest first, as GitHub lists them.",
            )
        yield from (entry for entry, at in zip(page.entries, created, strict=True) if at < until)
        more, number = page.more, number + 1


def _has_former(found: Iterable[Deployment], first: datetime | None) -> bool:
    return first is not None and any(d.succeeded and d.ended < first for d in found)


def _ended(api: Api, entry: Entry) -> Deployment | None:
    """Return the deployment as its first final status says, None if it has none."""
    path, number = f"/deployments/{entry.number('id')}/statuses", 1
    statuses: list[Entry] = []
    more = True
    while more:
        page = _page(api, path, {}, number)
        statuses += page.entries
        more, number = page.more, number + 1
    final = [s for s in statuses if s.text("state") in (_SUCCEEDED, *_FAILED)]
    if not final:
        return None
    end = min(final, key=lambda status: status.moment("created_at"))
    name = f"deployment {entry.number('id')}"
    return Deployment(name, entry.text("sha"), end.moment("created_at"), end.text("state") == _SUCCEEDED)


def _delivered(api: Api, deployments: Iterable[Deployment], first: datetime | None) -> list[Item]:
    """Return one item per commit that a successful deployment brought beyond the one before it."""
    found = []
    for former, deployment in pairwise(d for d in deployments if d.succeeded):
        if first is not None and deployment.ended < first:
            continue
        for commit in _commits(api, former.sha, deployment.sha):
            committed = commit.moment("commit", "committer", "date")
            # A committer's own clock may be wrong, and then says nothing of how long it took.
            began = committed if committed <= deployment.ended else None
            found.append(Item(commit.text("sha")[:10], deployment.ended, began))
    return found


def _commits(api: Api, base: str, head: str) -> list[Entry]:
    """Return the commits that `head` has and `base` has not; none where history was rewritten meanwhile."""
    found: dict[str, Entry] = {}
    number, more = 1, True
    while more:
        try:
            reply = api.get(f"/compare/{base}...{head}", {"per_page": _PAGE, "page": str(number)})
        except Absent:
            return []
        found |= {commit.text("sha"): commit for commit in reply.entry().entries("commits")}
        api.bound.check(len(found))
        more, number = reply.more, number + 1
    return list(found.values())


def _counted_since(api: Api, source: GithubSource) -> datetime | None:
    """Return when the repository was created, if it has anything of what is asked for at all."""
    match source.of:
        case "pull_requests":
            there = _any_pull_request(api, source)
        case "issues":
            there = bool(_page(api, "/issues", {"state": "closed", **_labelled(source.labels)}, 1).entries)
        case "deployments":
            there = bool(_page(api, "/deployments", {"environment": source.environment}, 1).entries)
        case _:
            assert_never(source.of)
    return api.get("", {}).entry().moment("created_at") if there else None


def _any_pull_request(api: Api, source: GithubSource) -> bool:
    """Whether there are any into the branch, and any with the labels, for which only issues can be asked."""
    base = {} if source.base is None else {"base": source.base}
    if not _page(api, "/pulls", {"state": "closed", **base}, 1).entries:
        return False
    if not source.labels:
        return True
    labelled = _page(api, "/issues", {"state": "closed", **_labelled(source.labels)}, 1).entries
    return any("pull_request" in entry.data for entry in labelled)


def _page(api: Api, path: str, asked: Mapping[str, str], number: int) -> Page:
    reply = api.get(path, {**asked, "per_page": _PAGE, "page": str(number)})
    return Page(reply.entries(), reply.more)


def _id(entry: Entry) -> str:
    return str(entry.number("id"))


def _labelled(labels: tuple[str, ...]) -> dict[str, str]:
    return {"labels": ",".join(labels)} if labels else {}


def _has_labels(entry: Entry, labels: tuple[str, ...]) -> bool:
    if not labels:
        return True
    there = {label.text("name").casefold() for label in entry.entries("labels")}
    return all(label.casefold() in there for label in labels)


def _words(data: Any) -> str:
    """Return GitHub's own words for a refusal (docs.github.com/rest, "Troubleshooting the REST API")."""
    said = data.get("message") if isinstance(data, Mapping) else None
    return said if isinstance(said, str) else ""
