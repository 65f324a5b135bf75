"""What one reading says against the numbers of its criterion: all that own criteria compare."""

from typing import NamedTuple, assert_never

from domain.criteria.improvement import shift_words
from domain.criterion import Assured, Better, Capable, Control, Data, Kept, Level, Measured, Runs
from domain.readings import Reading
from domain.state import Gauge, State
from domain.verdicts import Status
from domain.wording import counted, difference, figure, listed, share

_ASSURANCE = {
    "consistent_pass": "always kept",
    "consistent_fail": "never kept",
    "inconsistent": "sometimes kept",
    "": "not known",
}


class Said(NamedTuple):
    """A criterion in words: what it asks, what there is, what would meet it, and the deciding number."""

    title: str
    actual: str
    needed: str
    number: float | None = None


def leaf_said(
    criterion: Measured, gauge: Gauge, state: State, reading: Reading | None
) -> tuple[Status, Said]:
    """Return status and words; without a reading, what is asked, undecided."""
    title, needed = _asked(criterion, gauge, state)
    if reading is None:
        return "undecided", Said(title, "not measured yet", needed)
    if reading.obstacle:
        return "undecided", Said(title, reading.obstacle, needed)
    status, actual, number = _answer(criterion, gauge, state, reading)
    return status, Said(title, actual, needed, number)


def _asked(  # noqa: PLR0911 - one case per kind
    criterion: Measured, gauge: Gauge, state: State
) -> tuple[str, str]:
    """Return the title and what would meet the criterion."""
    name, cadence = gauge.name, state.charter.cadence
    match criterion:
        case Level():
            bound = criterion.at_least if criterion.at_most is None else criterion.at_most
            words = "at least" if criterion.at_most is None else "at most"
            assert bound is not None  # one of the two is there
            asked = f"{name} {words} {figure(bound, gauge.unit, gauge.measure)}"
            newest = f", the newest {criterion.newest} among them" if criterion.newest else ""
            return asked, f"in {criterion.of - criterion.misses} of {criterion.of}{_row(criterion)}{newest}"
        case Control():
            rules = "" if criterion.rules == "gate" else f" by the rules of {criterion.rules}"
            worse = " for the worse" if criterion.worse_only else ""
            allowed = f"at most {criterion.misses}" if criterion.misses else "none"
            return (
                f"{name} stays within its limits{rules}",
                f"of {criterion.of} points {allowed} a signal{worse}{_row(criterion)}",
            )
        case Runs():
            return (
                f"{name} runs calmly around its median",
                f"no signal of Anhoej's rules in {criterion.of} points",
            )
        case Kept():
            surely = " for sure (lower end of the 95 % interval)" if criterion.surely else ""
            return f"The promise is kept in {share(criterion.share)} of the periods", (
                f"{share(criterion.share)} of {criterion.of}{surely}"
            )
        case Capable():
            return f"{name} fits its specification", f"{criterion.index} of at least {criterion.at_least:g}"
        case Assured():
            target = gauge.target if criterion.target is None else criterion.target
            asked = "no target" if target is None else figure(target, gauge.unit, gauge.measure)
            return f"{name} will always keep {asked}", "a stable process with its limits on the good side"
        case Better():
            delta = f", Cliff's delta of {criterion.cliffs_delta:g}" if criterion.cliffs_delta else ""
            beyond = difference(criterion.margin, gauge.unit, gauge.measure)
            return f"{name} is better than its baseline", f"more than {beyond} for sure, with a test{delta}"
        case Data():
            cases = f", each on {criterion.cases:g} cases" if criterion.cases else ""
            there = criterion.of - criterion.misses
            return (
                f"Data of {name} is there",
                f"{counted(there, cadence)} of {criterion.of}{cases}{_row(criterion)}",
            )
        case _:
            assert_never(criterion)


def _answer(  # noqa: PLR0911 - one case per kind
    criterion: Measured, gauge: Gauge, state: State, reading: Reading
) -> tuple[Status, str, float | None]:
    match criterion:
        case Level() | Control() | Data():
            return _counts(criterion, state, reading)
        case Kept():
            number = reading.number or 0.0
            enough: Status = "met" if number >= criterion.share else "not_met"
            kept = f"in {reading.seen - len(reading.misses)} of {reading.seen}"
            words = f"{kept}, at least {share(number)}" if criterion.surely else kept
            return ("undecided" if reading.seen < criterion.of else enough), words, number
        case Runs():
            if reading.seen < criterion.of:
                return "undecided", f"{reading.seen} of {criterion.of} points", reading.seen
            return ("not_met" if reading.number else "met"), reading.word, reading.number
        case Capable():
            number = reading.number if reading.number is not None else float("-inf")
            fits: Status = "met" if number >= criterion.at_least else "not_met"
            return fits, f"{criterion.index} {number:.3g} on {reading.seen} points", reading.number
        case Assured():
            need = state.charter.stages.stability.judged_points
            if reading.seen < need:
                return "undecided", f"{reading.seen} of {need} points", reading.seen
            kept_always: Status = "met" if reading.word == "consistent_pass" else "not_met"
            return kept_always, _ASSURANCE.get(reading.word, reading.word), None
        case Better():
            return _better(criterion, gauge, state, reading)
        case _:
            assert_never(criterion)


def _counts(criterion: Level | Control | Data, state: State, reading: Reading) -> tuple[Status, str, float]:
    """Judge by how many count against it; too many is `not_met`, however few points there are."""
    against = len(reading.misses)
    row = criterion.in_a_row is not None and reading.in_a_row > criterion.in_a_row
    newest = isinstance(criterion, Level) and reading.newest < min(criterion.newest, reading.seen)
    status: Status = "met"
    if against > criterion.misses or row or newest:
        status = "not_met"
    elif reading.seen < criterion.of:
        status = "undecided"
    good = f"in {reading.seen - against} of {reading.seen}"
    where = f", not in the {listed(reading.misses, state.charter.calendar)}" if against else ""
    after = f", {reading.in_a_row} in a row" if row else ""
    return status, f"{good}{where}{after}", float(against)


def _better(
    criterion: Better, gauge: Gauge, state: State, reading: Reading
) -> tuple[Status, str, float | None]:
    evidence = state.evidence.get(gauge.name)
    look = None if evidence is None else evidence.improvement
    if look is None or reading.number is None:
        return "undecided", "no look is due yet", None
    tested = look.p_value < look.alpha and look.p_guard < state.charter.stages.optimization.alpha
    strong = criterion.cliffs_delta is None or look.cliffs_delta >= criterion.cliffs_delta
    holds = tested and strong and reading.number > 0
    words = (
        f"p = {look.p_value:.3g}, at least {shift_words(look.shift_low, gauge, state)}, "
        f"Cliff's delta {look.cliffs_delta:.2f}"
    )
    return ("met" if holds else "not_met"), words, reading.number


def _row(criterion: Level | Control | Data) -> str:
    limit = criterion.in_a_row
    return "" if limit is None else f", at most {limit} in a row not"
