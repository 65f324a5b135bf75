"""What the numbers of a metric say, in sentences that somebody who never saw a control chart understands.

The numbers are recorded; the sentences are made when they are read, so that better words need no new record.
"""

from collections.abc import Iterator

from domain.charting import BETWEEN_EVENTS, BY_CASES, Chart
from domain.limits import lowest
from domain.measurement import Control, FrozenLimits, MetricEvidence
from domain.periods import Cadence, Calendar, label, noun
from domain.readings import Association, Assurance, SignalFound, Variation
from domain.state import Gauge
from domain.wording import counted, figure, listed, share

# What each chart is called in sentences.
CHARTS: dict[Chart, str] = {
    "individuals": "individuals chart",
    "log_individuals": "individuals chart of logarithms",
    "root_individuals": "individuals chart of the 3.6th root",
    "p": "p chart",
    "p_prime": "Laney's P' chart",
    "c": "c chart",
    "u": "u chart",
    "u_prime": "Laney's U' chart",
    "weighted": "individuals chart weighted by cases",
    "g": "g chart of periods between events",
    "t": "t chart of time between events",
}
# Where the limits follow from the centre, there are no moving ranges to take them from.
_FROM_CENTRE: frozenset[Chart] = frozenset({"p", "c", "u", "g"})
VARIATION: dict[Variation, str] = {
    "common_cause": "nothing but ordinary variation",
    "improvement_high": "an improvement (higher)",
    "improvement_low": "an improvement (lower)",
    "concern_high": "a concern (higher)",
    "concern_low": "a concern (lower)",
    "neutral_high": "a change (higher)",
    "neutral_low": "a change (lower)",
}
ASSURANCE: dict[Assurance, str] = {
    "consistent_pass": "the target will be kept always, if nothing changes",
    "consistent_fail": "the target will never be kept, unless something changes",
    "inconsistent": "the target will be kept at times and missed at times, unless something changes",
}
# Periods: rarer than that says no more to anybody, and rests on tails that no process has.
_RARELY = 1_000
# Lag-1 correlation from which a reader should be warned: at 0.3 a stable process is refused 27 times in 100.
_MEMORY = 0.3


def told(
    gauge: Gauge, evidence: MetricEvidence | None, limits: FrozenLimits | None, calendar: Calendar
) -> str:
    """Return one sentence about the newest points: calm, or held and by what, and how rare that is."""
    cadence = calendar.cadence
    if evidence is None or evidence.last_period is None:
        return "There are no numbers yet."
    found = evidence.control
    if limits is None:
        have = evidence.towards_limits
        so_far = f"{have} times between two events" if gauge.measure == "rare" else counted(have, cadence)
        return f"Not judged yet: {so_far} so far to freeze limits on."
    if limits.sigma == 0:
        return f"Not judged: all {limits.n} frozen points are the same, so limits cannot be drawn from them."
    if found is None:
        return f"Not judged yet: no {noun(cadence)} after the frozen ones."
    if not found.signals:
        plain = tuple(sorted({*found.outside, *found.runs}))  # recorded before signals were told by rule
        return (
            f"Held: signals in the {listed(plain, calendar)}."
            if plain
            else _calm(gauge, limits, found, cadence)
        )
    worse = tuple(signal for signal in found.signals if signal.meaning == "concern")
    better = any(signal.meaning == "improvement" for signal in found.signals)
    last = counted(found.judged, cadence)
    within = (
        f"in the time of {found.judged} events" if limits.chart in BETWEEN_EVENTS else f"of the last {last}"
    )
    parts = (
        f"{len(signal.periods)} {within} {_where(signal, gauge, limits, found)} "
        f"({listed(signal.periods, calendar)})"
        for signal in (worse or found.signals)
    )
    rare = f"; a stable process would show that {_rarely(found.once_in, cadence)}" if found.once_in else ""
    return f"{'Held' if worse else 'Better' if better else 'Changed'}: {'; '.join(parts)}{rare}."


def details(
    gauge: Gauge, evidence: MetricEvidence, limits: FrozenLimits | None, calendar: Calendar
) -> Iterator[str]:
    """Yield what a verdict on this metric should be read with, a line each."""
    cadence = calendar.cadence
    if limits is not None:
        yield _drawn(limits, evidence)
    if evidence.diagnostics is not None:
        yield _diagnosed(evidence, cadence, frozen=limits is not None)
    if evidence.left_out:
        yield f"{evidence.left_out:,} cases are too young to be counted yet"
    if evidence.variation is not None:
        assured = f"; {ASSURANCE[evidence.assurance]}" if evidence.assurance else ""
        yield f"newest point, by the rules of the NHS: {VARIATION[evidence.variation]}{assured}"
    if evidence.kept is not None:
        kept = evidence.kept
        sure = f"{share(kept.low)} to {share(kept.high)}"
        yield f"promise kept in {kept.kept} of {kept.of} (95 % interval {sure})"
    if evidence.capability is not None:
        found = evidence.capability
        numbers = (
            "" if found.cpk is None or found.ppk is None else f"Cpk {found.cpk:.3g}, Ppk {found.ppk:.3g}"
        )
        wanted = gauge.target if gauge.promise is None else gauge.promise
        against = "" if wanted is None else f" against {figure(wanted, gauge.unit, gauge.measure)}"
        yield f"capability{against}: {found.refusal or f'{numbers} on {found.points} points'}"
    for change in evidence.changes:
        old, new = (figure(level, gauge.unit, gauge.measure) for level in (change.before, change.after))
        yield (
            f"the level may have changed in the {noun(cadence)} of {label(change.period, calendar)}, from "
            f"{old} to {new}: if so, and the team knows why and wants it, `bst rebase`"
        )
    if evidence.contribution is not None:
        yield contributed(evidence.contribution, cadence)


def _rarely(once_in: int, cadence: Cadence) -> str:
    if once_in > _RARELY:
        return f"less than once in {_RARELY:,} {noun(cadence, 2)}"
    return f"about once in {counted(once_in, cadence)}"


def _calm(gauge: Gauge, limits: FrozenLimits, found: Control, cadence: Cadence) -> str:
    if limits.chart in BETWEEN_EVENTS:
        return f"Calm: in the time of {found.judged} events, none came sooner or later than chance explains."
    edges = (max(found.lower, lowest(gauge.measure)), found.upper)
    low, high = (figure(edge, gauge.unit, gauge.measure) for edge in edges)
    return f"Calm: the last {counted(found.judged, cadence)} vary within the limits, now {low} to {high}."


def _where(signal: SignalFound, gauge: Gauge, limits: FrozenLimits, found: Control) -> str:
    """Return what is the matter with the points of one rule."""
    rule, meaning = signal.rule, signal.meaning
    was, its = ("was", "its") if len(signal.periods) == 1 else ("were", "their")
    if limits.chart in BETWEEN_EVENTS:
        return f"came {'sooner' if meaning == 'concern' else 'later'} than chance explains: {rule}"
    high = (gauge.direction == "up") == (meaning == "improvement")
    if rule == "outside the limits":
        side = "above the upper" if high else "below the lower"
        if limits.chart in BY_CASES:  # the limits of the newest point are not those of the others
            return f"{was} {side} limit of {its} own number of cases"
        return (
            f"{was} {side} limit of {figure(found.upper if high else found.lower, gauge.unit, gauge.measure)}"
        )
    if rule.endswith("on one side") and meaning != "neutral":
        centre = figure(limits.centre_in_unit, gauge.unit, gauge.measure)
        return f"{was} in a run {'above' if high else 'below'} the centre of {centre}"
    return f'{was} part of a signal by the rule "{rule}"'


def _drawn(limits: FrozenLimits, evidence: MetricEvidence) -> str:
    ranges = ""
    if limits.chart not in _FROM_CENTRE:
        constant = "1.128" if limits.moving_range == "mean" else "0.954"
        dropped = f", {limits.screened} left out as beyond chance" if limits.screened else ""
        ranges = f", sigma from the {limits.moving_range} moving range / {constant}{dropped}"
    extra = f", sigma z {limits.sigma_z:.3g}" if limits.chart in {"p_prime", "u_prime"} else ""
    rules = "gate" if evidence.control is None else evidence.control.rules
    return f"{CHARTS[limits.chart]}, 3 sigma{ranges}{extra}, frozen on {limits.n} points; rules: {rules}"


def _diagnosed(evidence: MetricEvidence, cadence: Cadence, *, frozen: bool) -> str:
    found = evidence.diagnostics
    assert found is not None  # the caller has looked
    began = " since the frozen ones began" if frozen else ", no limits frozen yet"
    words = [f"{found.points} {'point' if found.points == 1 else 'points'}{began}"]
    if found.missing:
        words.append(f"{found.missing} missing, {evidence.longest_gap} in a row")
    if found.explained:
        words.append(f"{found.explained} explained")
    if evidence.lag1 is not None:
        warned = " (it remembers: signals come more often than chance)" if evidence.lag1 >= _MEMORY else ""
        words.append(f"lag-1 correlation {round(evidence.lag1, 2) + 0.0:.2f}{warned}")
    if found.skew is not None:
        words.append(f"skewness {found.skew:.2f}")
    if found.tied:
        words.append(f"{share(found.tied)} tied")
    if found.fewest_cases is not None and found.most_cases is not None:
        words.append(f"{found.fewest_cases:g} to {found.most_cases:g} cases a {noun(cadence)}")
    return ", ".join(words)


def contributed(found: Association, cadence: Cadence) -> str:
    """Return how a support metric moves with the outcome, or that there is no evidence that it does."""
    if found.refusal or found.correlation is None or found.low is None or found.high is None:
        return f"with the outcome: no evidence ({found.refusal})"
    numbers = (
        f"rank correlation {found.correlation:.2f}, {found.low:.2f} to {found.high:.2f}, {found.pairs} pairs"
    )
    if not found.found:
        return f"with the outcome: no evidence that they move together ({numbers})"
    way = "with" if found.correlation > 0 else "against"
    after = f", {counted(found.lag, cadence)} before it" if found.lag else ""
    return f"moves {way} the outcome{after} ({numbers}); that is no proof of a cause"
