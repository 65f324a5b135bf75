"""Every code of `bst check`: what it means, a text that has it, and how to say it right.

The reference is printed from here, and a test runs each example.
"""

from dataclasses import dataclass
from datetime import date

# The day on which the examples are checked.
TODAY = date(2026, 11, 23)
# The examples are put over this charter: the keys of `outcome` one by one, all others as a whole.
BASE = """\
team: claims
outcome:
  statement: A customer who files a simple claim is paid in 3 days instead of 11 by 30 June 2027
  beneficiary: customers who file a simple claim
  metric: days from claim to payment
  unit: days
  measure: duration
  direction: down
  baseline: 11
  target: 3
  deadline: 2027-06-30
  source: {kind: files, path: claims.csv}
members: {Maria: Claims handling, Ben: IT}
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A code with an example of each side, as YAML; `whole` when it is a file and no part of one."""

    code: str
    meaning: str
    wrong: str
    right: str
    whole: bool = False


_SQL = """\
outcome:
  source:
    kind: sql
    query: select week as period, days as value from claims
    url: """
_MORE = """\
metrics:
  - layer: support
    unit: hours
    direction: down
    source: {kind: files, path: hours.csv}
    """

# Keys for examples: whoever copies them locks everybody out, because nobody has their private halves.
_KEYS = (
    "ed25519:n/GOvnRJNJ81jjrwtXz3oDLBxrInLLJlb/hesRIjLxY=",
    "ed25519:Aw11YoblnyKkZMNuH7/2BqeV38cKrwEIvYbyqhk9BfQ=",
)


def _keys(**members: int) -> str:
    return "\n".join(["keys:", *(f"  {name}: {_KEYS[which]}" for name, which in members.items())])


RULES: tuple[Rule, ...] = (
    Rule("Y1", "The file cannot be read: it is missing, empty, no UTF-8, or larger than 1 MB.",
         "# nothing here yet", BASE, whole=True),
    Rule("Y2", "The file is no YAML.", "outcome: {unit: %}", 'outcome: {unit: "%"}', whole=True),
    Rule("Y3", "A key stands twice.", "team: claims\nteam: payments", "team: claims", whole=True),
    Rule("Y4", "YAML that is no plain data: tags, merge keys, aliases that grow, several documents.",
         "team: !!binary Y2xhaW1z", "team: claims", whole=True),
    Rule("Y5", "The file has no keys at its top.", "- team: claims", "team: claims", whole=True),
    Rule("S1", "A key is missing, or nothing stands after it.", "members:",
         "members: {Maria: Claims handling, Ben: IT}"),
    Rule("S2", "A key that a charter does not have at this place.", "cadance: weekly", "cadence: weekly"),
    Rule("S3", "A value that is none of the choices.",
         "outcome: {direction: lower}", "outcome: {direction: down}"),
    Rule("S4", "A value of another kind: a text for a number, a list for names.",
         "outcome: {target: 3 days}", "outcome: {target: 3}"),
    Rule("S5", "A day or a duration that cannot be read.",
         "outcome: {deadline: 30.06.2027}", "outcome: {deadline: 2027-06-30}"),
    Rule("S6", "A value beyond its limits, or two that exclude one another.",
         "team: Claims Team", "team: claims-team"),
    Rule("E1", "The outcome has no metric.",
         "outcome: {metric: }", "outcome: {metric: days from claim to payment}"),
    Rule("E2", "The metric has no unit.", "outcome: {unit: }", "outcome: {unit: days}"),
    Rule("E3", "No baseline, and no day in the future by which it will have been measured.",
         "outcome: {baseline: }", "outcome: {baseline: , baseline_by: 2027-01-31}"),
    Rule("E4", "The outcome has no target.", "outcome: {target: }", "outcome: {target: 3}"),
    Rule("E5", "No deadline, or one that is not in the future.",
         "outcome: {deadline: 2026-06-30}", "outcome: {deadline: 2027-06-30}"),
    Rule("E6", "No beneficiary, or one who is not a person or a group outside the team.",
         "outcome: {beneficiary: the business}", "outcome: {beneficiary: customers who file a simple claim}"),
    Rule("E7", "The metric has no source.", "outcome: {source: }",
         "outcome: {source: {kind: files, path: claims.csv}}"),
    Rule("E8", "The target equals the baseline.", "outcome: {target: 11}", "outcome: {target: 3}"),
    Rule("E9", "The direction contradicts the numbers.",
         "outcome: {direction: down, baseline: 48, target: 72}",
         "outcome: {direction: down, baseline: 72, target: 48}"),
    Rule("E10", "One function's own measure stands as the outcome's.",
         "outcome: {metric: portal uptime}", "outcome: {metric: days from claim to payment}"),
    Rule("E11", "The metric refers to itself: a vague word with a mark that the team gives itself.",
         "outcome: {statement: Improve business flexibility, metric: flexibility score, unit: points,\n"
         "          measure: amount, direction: up, baseline: 3, target: 4}",
         "outcome: {statement: A shop that orders a new size has it on the shelf in 10 days instead of 60,\n"
         "          metric: days from order to shelf, unit: days, baseline: 60, target: 10}"),
    Rule("E12", "The deadline is less than two periods away.",
         "outcome: {deadline: 2026-12-01}", "outcome: {deadline: 2026-12-01}\ncadence: daily"),
    Rule("W1", "A word that readers will understand differently.",
         "outcome: {statement: Claims handling is seamless}",
         "outcome: {statement: A customer who files a simple claim is asked for nothing twice}"),
    Rule("W2", "A verb of handing something over: done when it is delivered, whoever is better off.",
         "outcome: {statement: Launch the claims portal}",
         "outcome: {statement: A customer sees the same day whether a claim will be paid}"),
    Rule("W3", "Perhaps two outcomes in one.",
         "outcome: {statement: Customers are paid in 3 days and call half as often}",
         "outcome: {statement: Customers are paid in 3 days}"),
    Rule("W4", "A solution is named.",
         "outcome: {statement: Half of all claims come in through the app}",
         "outcome: {statement: Half of all claims are complete when they come in}"),
    Rule("W5", "An acronym that not everyone knows.",
         "outcome: {statement: A FNOL becomes a payment in 3 days}",
         "outcome: {statement: A FNOL becomes a payment in 3 days}\n"
         "glossary: {FNOL: first notice of loss}"),
    Rule("W6", "A statement of more than 30 words.",
         "outcome:\n  statement: A customer who files a simple claim with all of the papers that are\n"
         "    needed for it is paid in full on the account that he or she named in 3 days instead of 11",
         "outcome:\n  statement: A customer who files a simple claim is paid in 3 days instead of 11"),
    Rule("C1", "Nobody on the team is from IT: a function `IT` or one that begins so (`IT operations`).",
         "members: {Maria: Claims handling, Tom: Customer care}",
         "members: {Maria: Claims handling, Ben: IT}"),
    Rule("C2", "Everybody on the team is from IT.",
         "members: {Ben: IT operations, Kim: IT security}", "members: {Ben: IT, Maria: Claims handling}"),
    Rule("C3", "A required function has no member.",
         "functions: [IT, Claims handling, Payments]", "functions: [IT, Claims handling]"),
    Rule("C4", "A gate waits for a milestone that `milestones` does not have.",
         "milestones: {runbook agreed: Ben}\nstages: {stability: {milestones: [runbok agreed]}}",
         "milestones: {runbook agreed: Ben}\nstages: {stability: {milestones: [runbook agreed]}}"),
    Rule("C5", "A milestone's owner is not a member.",
         "milestones: {runbook agreed: Benn}", "milestones: {runbook agreed: Ben}"),
    Rule("C6", "Two metrics have one name.",
         _MORE + "name: days from claim to payment", _MORE + "name: hours of work per claim"),
    Rule("C7", "A share that is not between 0 and 1, or a duration that is not more than 0.",
         "outcome: {measure: share, unit: share, direction: up, baseline: 0.7, target: 85}",
         "outcome: {measure: share, unit: share, direction: up, baseline: 0.7, target: 0.85}"),
    Rule("C8", "The promise is harder than the target.", "outcome: {promise: 2}", "outcome: {promise: 14}"),
    Rule("C9", "A password or token in a source, in its address, login, headers or parameters.",
         _SQL + "'postgresql+psycopg://reader:secret@db/claims'",
         _SQL + "'postgresql+psycopg://reader:${CLAIMS_PASSWORD}@db/claims'"),
    Rule("C10", "Two members' names differ by case or spaces alone.",
         "members: {Ben: IT, ben: Claims handling}", "members: {Ben A: IT, Ben C: Claims handling}"),
    Rule("C11", "A metric belongs to a function that has no member.",
         _MORE + "name: hours of work per claim\n    function: Payments",
         _MORE + "name: hours of work per claim\n    function: IT"),
    Rule("C12", "A criterion names a metric that the charter does not have.",
         "stages: {stability: {criteria: [{kind: data, metric: days to pay}]}}",
         "stages: {stability: {criteria: [{kind: data, metric: days from claim to payment}]}}"),
    Rule("C13", "A criterion looks at a metric of the support layer, which never decides.",
         _MORE + "name: hours of work\n"
         "stages: {stability: {criteria: [{kind: level, metric: hours of work, at_most: 9}]}}",
         "stages: {stability: {criteria: [{kind: level, at_most: 14}]}}"),
    Rule("C14", "An improvement is asked for where nothing is compared with a frozen baseline.",
         "stages: {stability: {criteria: [{kind: improvement, cliffs_delta: 0.3}]}}",
         "stages: {optimization: {criteria: [{kind: improvement, cliffs_delta: 0.3}]}}"),
    Rule("C15", "A chart that cannot hold what is measured.",
         "outcome: {chart: {kind: p_prime}}", "outcome: {chart: {kind: individuals}}"),
    Rule("C16", "A criterion asks for a promise or a target that is not stated.",
         "stages: {stability: {criteria: [{kind: promise, share: 0.9}]}}",
         "outcome: {promise: 14}\nstages: {stability: {criteria: [{kind: promise, share: 0.9}]}}"),
    Rule("C17", "A plugin that is not installed where the check runs, or cannot be loaded.",
         "outcome: {source: {kind: plugin, name: our-own-plugin}}",
         "outcome: {source: {kind: files, path: claims.csv}}"),
    Rule("C18", "A criterion that could never be met, says nothing, or has the name of another one.",
         "outcome: {measure: share, unit: share, direction: up, baseline: 0.7, target: 0.85}\n"
         "stages: {stability: {criteria: [{kind: capability, lower: 0.6}]}}",
         "outcome: {measure: share, unit: share, direction: up, baseline: 0.7, target: 0.85}\n"
         "stages: {stability: {criteria: [{kind: assurance, target: 0.6}]}}"),
    Rule("C30", "A key of somebody who is not a member.",
         _keys(Maria=0, Benn=1), _keys(Maria=0, Ben=1)),
    Rule("C31", "Some members have a key, and not all of them.",
         _keys(Maria=0), _keys(Maria=0, Ben=1)),
    Rule("C32", "Two members have the same key.",
         _keys(Maria=0, Ben=0), _keys(Maria=0, Ben=1)),
    Rule("C40", "A pulse needs more answers than there are members.",
         "pulse: {k: 5}", "pulse: {k: 3}\nmembers: {Maria: Claims handling, Ben: IT, Kim: Payments}"),
)  # fmt: skip
