"""A worked example for each criterion: a charter's part, the numbers, and the answer that they must get.

The reference is printed from here, and a test plays each example by the rules of real journeys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bst.criteria_play import Value
from domain.charter import Stage
from domain.commands import HoldJourney, OfMembers, ProposeExemption
from domain.verdicts import Status

OUTCOME = "share on time"
# Over this charter the examples are put, the keys of `outcome` one by one, all others as a whole.
BASE = """\
team: parcels
outcome:
  statement: 9 of 10 parcels are with the customer on the promised day by 30 June 2028
  beneficiary: customers who wait for a parcel
  metric: share on time
  unit: share
  measure: share
  direction: up
  baseline: 0.7
  target: 0.9
  promise: 0.65
  deadline: 2028-06-30
  source: {kind: files, path: parcels.csv}
members: {Ana: Dispatch, Ben: IT}
metrics:
  - name: minutes per parcel
    layer: efficiency
    unit: minutes
    measure: duration
    direction: down
    source: {kind: files, path: minutes.csv}
  - name: complaints
    layer: guardrail
    unit: complaints
    measure: count
    direction: down
    margin: 2
    source: {kind: files, path: complaints.csv}
"""
# Around 0, with a mean step of about 1: a calm process, to be repeated.
_CALM = (0, 1, 0, -1, 0, -1, 0, 1, 0, -1, 0, 1, 0, 1, 0, -1)


def calm(count: int, centre: float, step: float, cases: float | None = None) -> list[Value]:
    """Return a calm series; with cases, shares or rates of so many each."""
    values = [round(centre + step * _CALM[i % len(_CALM)], 6) for i in range(count)]
    return [value if cases is None else (value, cases) for value in values]


_WEEKS = 30  # the default gate: 20 frozen, 10 judged
_SHARE = calm(_WEEKS, 0.7, 0.02, 400)
SOUND: Mapping[str, Sequence[Value]] = {
    OUTCOME: _SHARE,
    "minutes per parcel": calm(_WEEKS, 9, 0.5),
    "complaints": calm(_WEEKS, 6, 1),
}
_BETTER: dict[str, Sequence[Value]] = {
    OUTCOME: calm(12, 0.82, 0.02, 400),
    "minutes per parcel": calm(12, 7, 0.4),
    "complaints": calm(12, 6, 1),
}
_AT_TARGET: Mapping[str, Sequence[Value]] = {
    name: [*values, *calm(14, centre, step, cases)]
    for (name, values), (centre, step, cases) in zip(
        _BETTER.items(), ((0.91, 0.005, 400), (7, 0.4, None), (6, 1, None)), strict=True
    )
}


@dataclass(frozen=True, slots=True)
class Example:
    """One criterion at work: `yaml` goes over `BASE`, `before` over `SOUND`; `told` says the numbers."""

    criterion: str
    told: str
    status: Status
    yaml: str = ""
    stage: Stage = "stability"
    before: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    after: Mapping[str, Sequence[Value]] | None = None
    asked: OfMembers | None = None


def _last(*values: Value) -> list[Value]:
    return [*_SHARE[: _WEEKS - len(values)], *values]


def _own(criterion: str, stage: Stage = "stability") -> str:
    return f"stages:\n  {stage}:\n    criteria:\n      - {criterion}\n"


STANDARD: tuple[Example, ...] = (
    Example("functions", "Dispatch and IT each have a member.", "met"),
    Example("confirmations", "Ana and Ben confirmed the outcome.", "met"),
    Example("exchange", "Nobody has posted anything yet.", "not_met", "forming: {exchange: true}", "forming"),
    Example("drift", "No flag is up.", "met", "drift: {cycle: 13 weeks}"),
    Example("hold", "Ana holds the journey.", "not_met",
            asked=HoldJourney(by="Ana", reason="the scanner is broken")),
    Example("exemption", "The team moves house until 15 January, and everybody agreed.", "undecided",
            stage="optimization", after={name: values[:2] for name, values in _BETTER.items()},
            asked=ProposeExemption(by="Ana", reason="we move house", until=date(2027, 1, 15))),
    Example("milestone:one till", "Nobody has signalled it.", "not_met",
            "milestones: {one till: Ben}\nstages: {stability: {milestones: [one till]}}"),
    Example("limits", "There are 12 weeks so far.", "undecided", before={OUTCOME: _SHARE[:12]}),
    Example("control", "One of the last ten weeks was at 55 %.", "not_met",
            before={OUTCOME: _last((0.55, 400), (0.7, 400))}),
    Example("promise", "Two weeks were below the promised 65 %.", "not_met",
            before={OUTCOME: _last((0.64, 400), (0.7, 400), (0.64, 400), (0.7, 400))}),
    Example("gaps", "The newest three weeks are missing.", "not_met",
            before={OUTCOME: _last(None, None, None)}),
    Example("improvement", "Five weeks of the stage are over; a look takes twelve.", "undecided",
            stage="optimization", after={name: values[:5] for name, values in _BETTER.items()}),
    Example("test", "Twelve weeks around 82 %, after thirty around 70 %.", "met",
            stage="optimization", after=_BETTER),
    Example("margin", "The same; 15 points were promised.", "not_met",
            "stages: {optimization: {margin: 0.15}}", "optimization", after=_BETTER),
    Example("good_signal", "Twelve weeks around 71 %, one point better.", "not_met",
            stage="optimization", after=_BETTER | {OUTCOME: calm(12, 0.71, 0.02, 400)}),
    Example("in_control", "Better, and one week fell to 60 %.", "not_met", stage="optimization",
            after=_BETTER | {OUTCOME: [*calm(11, 0.82, 0.02, 400), (0.6, 400)]}),
    Example("no_wider", "Better, and it swings by 15 points from week to week.", "not_met",
            stage="optimization", after=_BETTER | {OUTCOME: calm(12, 0.82, 0.15, 400)}),
    Example("efficiency:minutes per parcel", "Five weeks of the stage are over.", "undecided",
            stage="optimization", after={name: values[:5] for name, values in _BETTER.items()}),
    Example("guardrail:complaints", "Complaints rose from about 6 a week to about 12; 2 more are accepted.",
            "not_met", stage="optimization", after=_BETTER | {"complaints": calm(12, 12, 1)}),
    Example("stability", "The newest week of the stage fell to 50 %.", "not_met",
            stage="optimization", after=_BETTER | {OUTCOME: [*calm(11, 0.82, 0.02, 400), (0.5, 400)]}),
    Example("target", "Fourteen weeks of innovation, all above 90 %.", "met",
            stage="innovation", after=_AT_TARGET),
)  # fmt: skip

OWN: tuple[Example, ...] = (
    Example("own:1", "One of the last eight weeks was below 68 %; one may be.", "met",
            _own("{kind: level, at_least: 0.68, of: 8, misses: 1, in_a_row: 1}"),
            before={OUTCOME: _last((0.7, 400), (0.66, 400), *_SHARE[:3])}),
    Example("own:1", "Of the last twelve weeks two in a row had more than 7 complaints.", "not_met",
            _own("{kind: level, metric: complaints, at_most: 7, of: 12, misses: 3, in_a_row: 1}"),
            before={"complaints": [*calm(26, 6, 1), 8, 9, 6, 6]}),
    Example("own:1", "By the rules of the NHS two of three points near a limit are a signal.", "not_met",
            _own("{kind: control, rules: nhs}"),
            before={OUTCOME: _last((0.763, 400), (0.71, 400), (0.763, 400), (0.7, 400))}),
    Example("own:1", "The same criterion as a dry run: shown, and the gate does not wait for it.", "not_met",
            _own("{kind: control, rules: nhs, dry_run: true}"),
            before={OUTCOME: _last((0.763, 400), (0.71, 400), (0.763, 400), (0.7, 400))}),
    Example("own:1", "The calm weeks cross their median often enough.", "met",
            _own("{kind: run_chart, of: 20}")),
    Example("own:1", "20 of 20 weeks kept the promise; for sure that is 84 % of all weeks.", "not_met",
            _own("{kind: promise, share: 0.9, of: 20, surely: true}")),
    Example("own:1", "Minutes vary little within 12; as logarithms the index is well above 1.", "met",
            _own("{kind: capability, metric: minutes per parcel, upper: 12}")),
    Example("own:1", "The limits reach down to 64 %: 60 % will always be kept.", "met",
            _own("{kind: assurance, target: 0.6}")),
    Example("own:1", "Every later week is better than nearly every earlier one.", "met",
            _own("{kind: improvement, margin: 0.05, cliffs_delta: 0.5}", "optimization"),
            "optimization", after=_BETTER),
    Example("own:1", "One of the last twelve weeks rests on 20 parcels only.", "not_met",
            _own("{kind: data, of: 12, cases: 30}"), before={OUTCOME: _last((0.7, 20), (0.7, 400))}),
    Example("own:1", "The milestone is not reached; the level holds.", "met",
            "milestones: {one till: Ben}\n" + _own(
                "{kind: any, of: [{kind: milestone, milestone: one till}, "
                "{kind: level, at_least: 0.6}]}")),
    Example("own:1", "Both parts hold.", "met",
            _own("{kind: all, of: [{kind: level, at_least: 0.6}, {kind: data, of: 4}]}")),
    Example("own:1", "Two of three hold.", "met",
            _own("{kind: k_of_n, k: 2, of: [{kind: level, at_least: 0.6}, {kind: data, of: 4}, "
                 "{kind: level, at_least: 0.99}]}")),
    Example("own:1", "A part that must have data has none; the other does not make up for it.", "not_met",
            _own("{kind: any, of: [{kind: level, at_least: 0.6}, "
                 "{kind: run_chart, of: 100, must_have_data: true}]}")),
)  # fmt: skip
