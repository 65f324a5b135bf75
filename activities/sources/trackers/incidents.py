"""Deployments, and which of them an incident followed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from activities.sources.trackers.items import Item


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment that ended: what people call it, which commit, when, and how."""

    name: str
    sha: str
    ended: datetime
    succeeded: bool


def ended_items(deployments: Iterable[Deployment]) -> list[Item]:
    """Return one item per deployment that ended; failed are those that did not succeed."""
    return [Item(d.name, d.ended, failed=not d.succeeded) for d in deployments]


def followed_items(
    deployments: Iterable[Deployment], incidents: Sequence[datetime], within: timedelta
) -> list[Item]:
    """Return one item per successful deployment; failed are those that an incident followed.

    An incident counts against the newest deployment that was in place when it was opened, if that was so
    within `within`; so no incident counts twice, and a deployment fails once however many incidents followed.
    """
    placed = sorted((d for d in deployments if d.succeeded), key=lambda d: d.ended)
    found = []
    for deployment, successor in pairwise([*placed, None]):
        assert deployment is not None  # only the last one has no successor
        until = deployment.ended + within
        if successor is not None:
            until = min(until, successor.ended)
        failed = any(deployment.ended <= opened < until for opened in incidents)
        found.append(Item(deployment.name, deployment.ended, failed=failed))
    return found
