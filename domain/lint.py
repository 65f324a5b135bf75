"""The outcome's lint: what an outcome lacks before anybody could recognise it.

Errors E1 to E12 refuse, warnings W1 to W6 ask, all C check the charter's
parts against one another. The lint judges form; only readers can judge
tangibility. Word hits alone warn and never refuse, since such rules are wrong
too often: precision 59 %, recall 82 % in Femmer et al., "Rapid quality
assurance with requirements smells", 2017.
"""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from domain import words
from domain.charter import Charter
from domain.crosschecks import crosschecks
from domain.draft import Draft, OutcomeDraft, draft_of
from domain.finding import Finding
from domain.gate_checks import gate_checks
from domain.key_checks import key_checks
from domain.periods import Cadence, length, noun
from domain.pulse_checks import pulse_checks
from domain.sources.inside import place_of

# A change can be seen from one period to the next at the earliest.
_MIN_PERIODS = 2
# Longer sentences are not remembered, and so not recognised (words).
_MAX_WORDS = 30


def lint(charter: Charter | Draft, today: date) -> tuple[Finding, ...]:
    """Return everything that is wrong or doubtful about a charter, complete or not.

    `today` is an argument because a journey may play the past. The order is
    the rules' own: E, W, C.
    """
    draft = draft_of(charter) if isinstance(charter, Charter) else charter
    return tuple(sorted(_findings(draft, today), key=_rank))


def _rank(finding: Finding) -> tuple[int, int]:
    return "EWC".index(finding.code[0]), int(finding.code[1:])


def _findings(draft: Draft, today: date) -> Iterator[Finding]:
    if draft.outcome is not None:
        yield from _missing(draft.outcome)
        yield from _baseline(draft.outcome, today)
        yield from _deadline(draft.outcome, draft.cadence, today)
        yield from _beneficiary(draft.outcome, draft)
        yield from _numbers(draft.outcome)
        yield from _function_metric(draft.outcome)
        yield from _self_referring(draft.outcome)
        if draft.outcome.statement:
            yield from _statement(draft.outcome.statement)
            yield from _acronyms(draft.outcome, draft)
    for checks in (crosschecks, gate_checks, key_checks, pulse_checks):
        yield from checks(draft)


def _error(code: str, key: str, message: str) -> Finding:
    return Finding(code, ("outcome", key), message)


def _warning(code: str, message: str, key: str = "statement") -> Finding:
    return Finding(code, ("outcome", key), message, "warning")


def _missing(outcome: OutcomeDraft) -> Iterator[Finding]:
    parts = (
        (
            "E1",
            "metric",
            outcome.metric,
            "no metric: say what is measured, e.g. `metric: days from claim to payment`",
        ),
        ("E2", "unit", outcome.unit, "no unit: say what one of it is, e.g. `unit: days`"),
        (
            "E4",
            "target",
            outcome.target,
            "no target: say where the metric will be at the deadline, e.g. `target: 3`",
        ),
        ("E5", "deadline", outcome.deadline, "no deadline: say by when, e.g. `deadline: 2027-06-30`"),
        (
            "E6",
            "beneficiary",
            outcome.beneficiary,
            "no beneficiary: say who outside the team is better off, e.g. `beneficiary: bus passengers`",
        ),
        (
            "E7",
            "source",
            outcome.source,
            "no source: say where the numbers come from, e.g. `source: {kind: files, path: claims.csv}`",
        ),
    )
    for code, key, value, message in parts:
        if value is None and key not in outcome.unclear:
            yield _error(code, key, message)


def _baseline(outcome: OutcomeDraft, today: date) -> Iterator[Finding]:
    if outcome.baseline is not None or "baseline" in outcome.unclear:
        return
    by = outcome.baseline_by
    if by is None:
        if "baseline_by" not in outcome.unclear:
            yield _error(
                "E3",
                "baseline",
                "no baseline: say where the metric stands today, e.g. `baseline: 11`, "
                "or when that will have been measured, e.g. `baseline_by: 2027-01-31`",
            )
    elif by <= today:
        yield _error(
            "E3",
            "baseline_by",
            f"the baseline was to be measured by {by}, which is not after today, {today}: "
            "say it as `baseline`, or set a later day",
        )
    elif outcome.deadline is not None and by >= outcome.deadline:
        yield _error(
            "E3",
            "baseline_by",
            f"the baseline comes {by}, not before the deadline {outcome.deadline}: measure it earlier",
        )


def _deadline(outcome: OutcomeDraft, cadence: Cadence | None, today: date) -> Iterator[Finding]:
    if outcome.deadline is None:
        return
    if outcome.deadline <= today:
        yield _error(
            "E5",
            "deadline",
            f"the deadline {outcome.deadline} is not after today, {today}: set one in the future",
        )
    elif cadence is not None and outcome.deadline - today < _MIN_PERIODS * length(cadence):
        yield _error(
            "E12",
            "deadline",
            f"the deadline {outcome.deadline} is less than {_MIN_PERIODS} {noun(cadence, _MIN_PERIODS)} from "
            f"today, {today}: no change could be seen; set a later one, or measure more often (`cadence`)",
        )


def _beneficiary(outcome: OutcomeDraft, draft: Draft) -> Iterator[Finding]:
    if outcome.beneficiary is None:
        return
    name = words.folded(outcome.beneficiary)
    inside = {words.folded(member) for member, _ in draft.members or ()}
    inside |= {words.folded(function) for function in draft.own_functions}
    if name in inside:
        yield _error(
            "E6",
            "beneficiary",
            f"`{outcome.beneficiary}` is on the team: name a person or a group outside it who is better off",
        )
    elif name in words.NOBODY:
        yield _error(
            "E6",
            "beneficiary",
            f"`{outcome.beneficiary}` is the team itself or nobody in particular: "
            "name the persons outside the team who are better off",
        )


def _numbers(outcome: OutcomeDraft) -> Iterator[Finding]:
    start, target = outcome.baseline, outcome.target
    if start is None or target is None:
        return
    if start == target:
        yield _error(
            "E8",
            "target",
            f"the target {target:g} equals the baseline: nothing would change; say what it is to become",
        )
        return
    match outcome.direction:
        case None:
            return
        case "up":
            against = target < start
        case "down":
            against = target > start
        case _:
            assert_never(outcome.direction)
    if against:
        yield _error(
            "E9",
            "direction",
            f"`direction: {outcome.direction}`, but the target {target:g} is "
            f"{'below' if outcome.direction == 'up' else 'above'} the baseline {start:g}: "
            "turn the direction, or swap the numbers",
        )


def _function_metric(outcome: OutcomeDraft) -> Iterator[Finding]:
    if outcome.metric is None:
        return
    hits = words.found(outcome.metric, words.FUNCTION_METRICS)
    if outcome.unit is not None:
        hits += words.found(outcome.unit, words.FUNCTION_METRICS)
    if words.folded(outcome.metric) in words.FUNCTION_METRICS_ALONE:
        hits += (words.folded(outcome.metric),)
    if hits:
        yield _error(
            "E10",
            "metric",
            f"`{hits[0]}` is one function's own measure: take what the beneficiary notices as the outcome's "
            "metric, and keep this one under `metrics` with `layer: support`",
        )


def _self_referring(outcome: OutcomeDraft) -> Iterator[Finding]:
    metric = outcome.metric
    if metric is None:
        return
    vague = words.found(metric, words.VAGUE)
    echoed = next((word for word in vague if _echoes(word, outcome.statement or "")), None)
    score = words.found(f"{metric} {outcome.unit or ''}", words.SCORES)
    own = words.found(metric, words.OWN | words.SELF_ASSESSED) + words.found(
        _place(outcome), words.SELF_ASSESSED
    )
    if echoed is not None:
        yield _error(
            "E11",
            "metric",
            f"`{metric}` measures the statement by its own vague word `{echoed}`: "
            "name what somebody would see or count, e.g. days, orders, persons",
        )
    elif score and (vague or own):
        yield _error(
            "E11",
            "metric",
            f"`{metric}` is a mark (`{score[0]}`) that the team could give itself (`{(own or vague)[0]}`): "
            "name what somebody outside would see or count, e.g. days, orders, persons",
        )


def _echoes(word: str, statement: str) -> bool:
    # Flexible and flexibility, efficient and efficiency: the same word in other clothes.
    stem = word[:5]
    hits = words.found(statement, words.VAGUE)
    return word not in words.COUNTABLE and any(hit.startswith(stem) for hit in hits)


def _place(outcome: OutcomeDraft) -> str:
    if outcome.source is None:
        return ""
    text = place_of(outcome.source)
    return text.replace("/", " ").replace("_", " ").replace("-", " ").replace(".", " ")


def _statement(statement: str) -> Iterator[Finding]:
    vague = words.found(statement, words.VAGUE)
    if any(char.isdigit() for char in statement):
        vague = tuple(word for word in vague if word not in words.COMPARATIVE)
    if vague:
        listed = ", ".join(f"`{word}`" for word in vague)
        yield _warning(
            "W1", f"{listed}: readers will differ on it; say who would see what, and how much of it"
        )
    verb = words.output_verb(statement)
    if verb is not None:
        yield _warning(
            "W2",
            f"`{verb}` is done when something is handed over: say what is different for the beneficiary then",
        )
    if " and " in f" {words.folded(statement)} " and not _one_range(statement):
        yield _warning(
            "W3", "`and` often joins two outcomes: keep the one that matters most to the beneficiary"
        )
    solution = words.found(statement, words.SOLUTIONS)
    if solution and verb is None:  # said already: the verb's object is the solution
        yield _warning(
            "W4", f"`{solution[0]}` is one way to get there: say what it is for, and leave the way open"
        )
    count = len(statement.split())
    if count > _MAX_WORDS:
        yield _warning("W6", f"{count} words: at most {_MAX_WORDS} can be told to a colleague from memory")


def _one_range(statement: str) -> bool:
    return " between " in f" {words.folded(statement)} " and words.folded(statement).count(" and ") == 1


def _acronyms(outcome: OutcomeDraft, draft: Draft) -> Iterator[Finding]:
    if draft.glossary is None:
        return
    for key in ("statement", "beneficiary", "metric"):
        text = getattr(outcome, key) or ""
        unknown = [hit for hit in words.acronyms(text) if hit not in draft.glossary]
        if unknown:
            yield _warning(
                "W5",
                f"{', '.join(unknown)}: not everyone knows it; write it out, or explain it under `glossary`",
                key,
            )
