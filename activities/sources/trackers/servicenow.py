"""The `servicenow` source: records of one table, in the period in which they were closed.

`GET /api/now/table/{table}` with `sysparm_query`, `sysparm_fields`, `sysparm_limit` and `sysparm_offset`,
whose `Link` header names the next page (ServiceNow's "Table API" reference). Times are asked for as they
are stored, in UTC (`sysparm_display_value=false`). Records are read in the order of `sys_id`, each page
from the last one on, so that a record that comes or goes shifts nothing.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from activities.sources.allowance import Allowance
from activities.sources.trackers.asking import Absent, Api, Reply, opened
from activities.sources.trackers.items import Item, bounds, observed
from activities.sources.trackers.reading import Entry
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.sources import ServiceNowSource

# Whether a time in an encoded query is read as UTC or by the clock of the user who asks depends on how it is
# written and on the instance; clocks are at most 14 hours from UTC. So a day more is asked for on each side,
# and what is outside is left out here, by the stored times.
_ANY_CLOCK = timedelta(days=1)
_TIME = "%Y-%m-%d %H:%M:%S"
# Records per page: ServiceNow advises against its default of 10,000 for large tables.
_PAGE = 1_000
_NO_RECORD = "No Record found"
# A condition begins with the name of its field, in small letters; operators are signs or in capitals.
_FIELD = re.compile(r"^(?:OR)?([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)(?=[^a-z0-9_.]|$)")


def fetch(
    source: ServiceNowSource,
    window: Window,
    *,
    data_root: Path,  # noqa: ARG001 - every reader is asked in the same way
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window.

    Raises:
        SourceFailed: what ServiceNow refused, in its own words, or what in its answer is not as documented.
    """
    root = f"{source.url.rstrip('/')}/api/now/table"
    with opened(root, source.auth, source.tls, allowance or Allowance(), _words) as api:
        first, until = bounds(window)
        items = _items(api, source, _closed(source, first, until))
        return observed(source, items, window, api.where, partial(_counted_since, api, source, first))


def _closed(source: ServiceNowSource, first: datetime | None, until: datetime) -> tuple[str, ...]:
    since = "ISNOTEMPTY" if first is None else f">={first - _ANY_CLOCK:{_TIME}}"
    return f"{source.closed}{since}", f"{source.closed}<{until + _ANY_CLOCK:{_TIME}}"


def _items(api: Api, source: ServiceNowSource, closed: tuple[str, ...]) -> list[Item]:
    failed: frozenset[str] = frozenset()
    if source.failed is not None:
        conditions = (*_given(source.query), source.failed, *closed)
        failed = frozenset(_records(api, source, conditions, _fields_of(source.query, source.failed)))
    timed = source.measure in ("cycle_time", "share_within")
    wanted = {source.closed, *((source.opened,) if timed else ())}
    found = []
    records = _records(api, source, (*_given(source.query), *closed), wanted | _fields_of(source.query))
    for key, record in records.items():
        name = record.text_or_none("number") or key
        finished = record.named(name).utc_or_none(source.closed)
        if finished is None:  # reopened since it was found
            continue
        began = record.named(name).utc_or_none(source.opened) if timed else None
        found.append(Item(name, finished, began, failed=key in failed))
    return found


def _given(query: str | None) -> tuple[str, ...]:
    return () if query is None else (query,)


def _fields_of(*queries: str | None) -> set[str]:
    """Return the fields that encoded queries name."""
    parts = (part for query in queries if query for part in query.split("^"))
    return {found[1] for part in parts if (found := _FIELD.match(part))}


def _records(
    api: Api, source: ServiceNowSource, conditions: tuple[str, ...], fields: set[str]
) -> dict[str, Entry]:
    """Return the records by their `sys_id`; each has all the fields."""
    found: dict[str, Entry] = {}
    last, skipped = "", 0
    while True:
        after = (f"sys_id>{last}",) if last else ()
        reply = _asked(
            api,
            source,
            {
                "sysparm_query": "^".join((*conditions, *after, "ORDERBYsys_id")),
                "sysparm_fields": ",".join(sorted({"sys_id", "number"} | fields)),
                "sysparm_limit": str(_PAGE),
                "sysparm_offset": str(skipped),
                "sysparm_display_value": "false",
                "sysparm_exclude_reference_link": "true",
            },
        )
        records = _results(reply.entry(), api)
        for record in records:
            _check(record, source, fields, api)
            found[record.text("sys_id")] = record
        api.bound.check(len(found))
        if not reply.more:
            return found
        # Records that the login may not read are left out of a page, so that an empty one need not be the
        # last.
        last, skipped = (records[-1].text("sys_id"), 0) if records else (last, _offset(reply, skipped))


def _asked(api: Api, source: ServiceNowSource, params: Mapping[str, str]) -> Reply:
    """Return the answer for the table; some instances say that there is no record with a 404."""
    try:
        return api.get(f"/{source.table}", params)
    except Absent as absent:
        if _NO_RECORD not in str(absent):
            raise
        return Reply({"result": []}, api.where, more=False)


def _offset(reply: Reply, skipped: int) -> int:
    """Return where the next page begins, as the link says: an instance may give fewer than asked for.

    Raises:
        SourceFailed: `bad_answer`; the link leads to no later place.
    """
    (offset,) = parse_qs(urlsplit(reply.link or "").query).get("sysparm_offset", ["0"])[:1]
    if not (offset.isascii() and offset.isdecimal() and int(offset) > skipped):
        raise SourceFailed("bad_answer", f"{reply.where}: the link to the next page leads to no later one.")
    return int(offset)


def _results(answer: Entry, api: Api) -> list[Entry]:
    """Return the records of an answer; a query that ran too long is cut short, with an error beside them."""
    if answer.data.get("error"):
        raise SourceFailed(
            "partial_answer",
            f"{api.where}: ServiceNow did not finish and says: {_words(answer.data)}. Choose fewer records, "
            "by fields that have an index.",
        )
    return answer.entries("result")


def _check(record: Entry, source: ServiceNowSource, fields: set[str], api: Api) -> None:
    """Refuse a field that is not there: ServiceNow drops a condition on it, and answers with all records."""
    missing = sorted(field for field in fields if field not in record.data)
    if missing:
        raise SourceFailed(
            "no_such_column",
            f"{api.where}/{source.table}: no field {missing[0]}, or the login may not read it. Write the "
            "field's name as the table has it, not its label.",
        )


def _counted_since(api: Api, source: ServiceNowSource, first: datetime | None) -> datetime | None:
    """Return the first moment asked for if records were closed before it: then none means none."""
    if first is None:
        return None
    conditions = (*_given(source.query), f"{source.closed}<{first - _ANY_CLOCK:{_TIME}}")
    fields = {source.closed} | _fields_of(source.query)
    asked = {
        "sysparm_query": "^".join(conditions),
        "sysparm_fields": ",".join(sorted({"sys_id"} | fields)),
        "sysparm_limit": "1",
        "sysparm_display_value": "false",
        "sysparm_exclude_reference_link": "true",
    }
    earlier = _results(_asked(api, source, asked).entry(), api)
    for record in earlier:
        _check(record, source, fields, api)
    return first if earlier else None


def _words(data: Any) -> str:
    """Return ServiceNow's own words for a refusal."""
    error = data.get("error") if isinstance(data, Mapping) else None
    if not isinstance(error, Mapping):
        return ""
    return ". ".join(said for said in (error.get("message"), error.get("detail")) if isinstance(said, str))
