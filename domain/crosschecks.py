"""The parts of a charter checked against one another (C1 to C11).

A check is skipped when a part that it needs is not understood: nothing is
ever claimed about what somebody may have meant.
"""

import re
from collections.abc import Iterator

from domain import words
from domain.charter import Measure
from domain.draft import Draft, OutcomeDraft
from domain.finding import Finding, Where, nearest, share_way
from domain.sources import Source
from domain.sources.inside import addresses_in

# user:password@ of a URL, read as SQLAlchemy reads it: the password ends at the first `@`.
_PASSWORD = re.compile(r"://[^:/]*:(?P<secret>[^@]*)@")
_SECRET_OPTION = re.compile(r"[?&](?:password|passwd|pwd|sslpassword|token)=(?P<secret>[^&]*)", re.IGNORECASE)
_FILLED_IN = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def crosschecks(draft: Draft) -> Iterator[Finding]:
    """Yield what does not fit together in the parts of a charter that there are."""
    yield from _functions(draft)
    yield from _milestones(draft)
    yield from _metric_names(draft)
    yield from _values(draft)
    yield from _sources(draft)
    yield from _member_names(draft)


def _functions(draft: Draft) -> Iterator[Finding]:
    if draft.members is None:
        return
    present = list(dict.fromkeys(function for _, function in draft.members))
    if not any(words.is_it(function) for function in present):
        yield Finding(
            "C1", ("members",), "nobody is from IT: add a member with the function `IT`, or `IT ...`"
        )
    if all(words.is_it(function) for function in present):
        yield Finding(
            "C2",
            ("members",),
            "everybody is from IT: add members of the other functions that the outcome needs",
        )
    for place, function in enumerate(draft.functions or ()):
        if function not in present:
            yield Finding(
                "C3",
                ("functions", place),
                f"no member is from `{function}`{nearest(function, present) or ': add one, or leave it out'}",
            )
    for metric in draft.metrics:
        if metric.function is not None and draft.functions is not None:
            known = list(draft.own_functions)
            if metric.function not in known:
                yield Finding(
                    "C11",
                    ("metrics", metric.place, "function"),
                    f"no member is from `{metric.function}`"
                    f"{nearest(metric.function, known) or ': add one, or leave it out'}",
                    "warning",
                )


def _milestones(draft: Draft) -> Iterator[Finding]:
    if draft.milestones is None:
        return
    for stage, names in draft.gate_milestones.items():
        for place, name in enumerate(names):
            if name not in draft.milestones:
                way = nearest(name, list(draft.milestones)) or ": add it there, with the member who owns it"
                yield Finding(
                    "C4",
                    ("stages", stage, "milestones", place),
                    f"`{name}` is not under `milestones`{way}",
                )
    if draft.members is None:
        return
    members = [member for member, _ in draft.members]
    for name, owner in draft.milestones.items():
        if owner not in members:
            way = nearest(owner, members) or ": name the member who answers for the milestone"
            yield Finding("C5", ("milestones", name), f"`{owner}` is not a member{way}")


def _metric_names(draft: Draft) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    if draft.outcome is not None and draft.outcome.metric is not None:
        seen[words.folded(draft.outcome.metric)] = "the outcome's metric"
    for metric in draft.metrics:
        if metric.name is None:
            continue
        known = seen.setdefault(words.folded(metric.name), f"metrics[{metric.place}]")
        if known != f"metrics[{metric.place}]":
            yield Finding(
                "C6",
                ("metrics", metric.place, "name"),
                f"`{metric.name}` is the name of {known} too: give each metric a name of its own",
            )


def _values(draft: Draft) -> Iterator[Finding]:
    if draft.outcome is not None:
        for key in ("baseline", "target", "promise"):
            yield from _value(("outcome", key), getattr(draft.outcome, key), draft.outcome.measure)
        yield from _promise(draft.outcome)
    for metric in draft.metrics:
        if metric.measure == "share":
            yield from _value(("metrics", metric.place, "margin"), metric.margin, metric.measure)


def _value(where: Where, value: float | None, measure: Measure | None) -> Iterator[Finding]:
    if value is None:
        return
    if measure == "share" and not 0 <= value <= 1:
        yield Finding("C7", where, share_way(value))
    if measure == "duration" and value <= 0:
        yield Finding("C7", where, f"a duration is more than 0, this is {value:g}: write how long it takes")


def _promise(outcome: OutcomeDraft) -> Iterator[Finding]:
    promise, target = outcome.promise, outcome.target
    if promise is None or target is None or outcome.direction is None:
        return
    harder = promise > target if outcome.direction == "up" else promise < target
    if harder:
        yield Finding(
            "C8",
            ("outcome", "promise"),
            f"the promise {promise:g} is harder than the target {target:g}: promise what every period can "
            "keep from the start, and leave the rest to the target",
            "warning",
        )


def _sources(draft: Draft) -> Iterator[Finding]:
    if draft.outcome is not None and draft.outcome.source is not None:
        yield from _password(("outcome", "source"), draft.outcome.source)
    for metric in draft.metrics:
        if metric.source is not None:
            yield from _password(("metrics", metric.place, "source"), metric.source)


def _password(where: Where, source: Source) -> Iterator[Finding]:
    for key, text in addresses_in(source):
        secrets = [hit["secret"] for rule in (_PASSWORD, _SECRET_OPTION) for hit in rule.finditer(text)]
        # The finding must not repeat the secret: findings are printed and logged.
        if any(secret and not _FILLED_IN.fullmatch(secret) for secret in secrets):
            yield Finding(
                "C9",
                (*where, *key),
                "a password stands here, and the charter is kept forever: write ${CLAIMS_PASSWORD} in its "
                "place, and set that variable where the worker runs",
            )


def _member_names(draft: Draft) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for member, _ in draft.members or ():
        other = seen.get(words.folded(member))
        if other is not None:
            yield Finding(
                "C10",
                ("members", member),
                f"`{member}` and `{other}` differ by case or spaces alone: add a surname or a letter",
            )
        seen[words.folded(member)] = member
