"""What the members of a rehearsed team say and do: in a word, or in a file.

Nobody knows what people would have answered, so every rehearsal states what it takes for granted.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from bst.charter_file import MAX_BYTES
from bst.yaml_text import YamlText, read_yaml
from domain.ballots import ObjectionKind
from domain.charter import Charter, GatedStage
from domain.duration import parse_duration, print_duration
from domain.errors import BadInput
from domain.finding import dotted, nearest
from domain.model import Sent
from domain.periods import noun, parse_label
from domain.state import gauges
from domain.values import Day, Name, Number, Sentence, Span, Whole
from domain.wording import named

# Two days: time to read the evidence and to talk, and well within a ballot's week.
USUALLY: Final = timedelta(days=2)
NEVER: Final = "never"
_FORMS = "say consent:2d, objects:NAME, or the path of a YAML file (docs/rehearsal.md)"


class Objection(Sent):
    """A member objects in the first rounds of ballots on leaving a stage, and consents in later ones."""

    by: Name
    stage: GatedStage | None = Field(default=None, description="Which gate's; any when left out.")
    kind: ObjectionKind = "stops_my_work"
    reason: Sentence = "an objection of the rehearsal's policy"
    rounds: Whole = Field(default=1, ge=1, le=10, description="In how many rounds of each proposal.")
    times: Whole | None = Field(default=None, ge=1, description="How often at most; no bound when left out.")
    since: Day | None = Field(default=None, description="Not before this day.")


class Explanation(Sent):
    """On a day, a member proposes to take a signal as explained."""

    on: Day
    by: Name
    period: Name = Field(description="A date in it.")
    metric: Name | None = None
    cause: Sentence


class Held(Sent):
    """A member holds the journey from a day until another."""

    by: Name
    on: Day
    until: Day
    reason: Sentence


class Counted(Sent):
    """What a member counted of a metric of the kind `manual`."""

    by: Name
    period: Name = Field(description="A date in it.")
    on: Day | None = Field(default=None, description="When it is recorded; as soon as the period is over.")
    metric: Name | None = None
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None


Delay = Span | Literal["never"]


class Answers(Sent):
    """The policy of a rehearsal. What is not said happens at once, and everybody consents after two days."""

    consent: Span = Field(default=USUALLY, description="From a ballot's opening until a member answers.")
    members: dict[Name, Delay] = Field(
        default_factory=dict, description="The same of single members, or `never` for silence."
    )
    confirm: dict[Name, Day | Literal["never"]] = Field(
        default_factory=dict, description="When a member confirms the outcome; at once when left out."
    )
    milestones: dict[Name, Day | Literal["never"]] = Field(
        default_factory=dict, description="When a milestone is reached; at once when left out."
    )
    objections: tuple[Objection, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    holds: tuple[Held, ...] = ()
    values: tuple[Counted, ...] = Field(default=(), description="What members count, of manual metrics.")

    def delay_of(self, member: str) -> timedelta | None:
        """Return how long a member takes to answer; None where no answer ever comes."""
        found = self.members.get(member, self.consent)
        return None if isinstance(found, str) else found


def answers_of(text: str, charter: Charter) -> Answers:
    """Return the policy that a word or a file says, which has to fit the charter.

    Raises:
        BadInput: it is neither, or names somebody or something that the charter does not have.
    """
    word, _, rest = text.partition(":")
    if word == "consent" and rest:
        try:
            found = Answers(consent=parse_duration(rest))
        except ValueError as error:
            raise BadInput(f"--answers {text}: {error}.") from None
    elif word == "objects" and rest:
        found = Answers(objections=(Objection(by=rest.strip(), times=1),))
    else:
        found = _read(text)
    return _fitting(found, charter, text)


def assumptions(answers: Answers, charter: Charter) -> list[str]:
    """Return what is taken for granted of people, a sentence each."""
    said = [f"every member consents {_after(answers.consent)}"]
    said += [
        f"{name} {'never answers' if isinstance(delay, str) else f'answers {_after(delay)}'}"
        for name, delay in answers.members.items()
    ]
    said += [
        f"{o.by} objects ({o.kind}) on leaving {o.stage or 'any stage'}"
        + (", once" if o.times == 1 else f", in {o.rounds} round{'s' * (o.rounds > 1)}")
        for o in answers.objections
    ]
    late = {name: when for name, when in answers.confirm.items() if name in charter.members}
    said.append(
        "the outcome is confirmed at once"
        + "".join(f", by {name} {_when(when)}" for name, when in late.items())
    )
    if charter.milestones:
        dated = [f"{name} {_when(when)}" for name, when in answers.milestones.items()]
        rest = [name for name in charter.milestones if name not in answers.milestones]
        at_once = f"{named(rest)} at once" if rest else ""
        said.append(f"milestones are reached: {', '.join([*dated, *([at_once] if at_once else [])])}")
    for one, many in (
        (answers.explanations, "explanations"), (answers.holds, "holds"), (answers.values, "values"),
    ):  # fmt: skip
        if one:
            said.append(f"{len(one)} {many if len(one) > 1 else many[:-1]} of the file")
    slow = [n for n in charter.members if (d := answers.delay_of(n)) and d >= charter.ballots.open_for]
    if slow:
        closes = print_duration(charter.ballots.open_for)
        said.append(f"{named(slow)} answer{'s' * (len(slow) == 1)} too late: ballots close after {closes}")
    return said


def _after(delay: timedelta) -> str:
    return f"{print_duration(delay)} after a ballot opens" if delay else "as soon as a ballot opens"


def _when(when: object) -> str:
    return NEVER if when == NEVER else f"on {when}"


def _read(path: str) -> Answers:
    try:
        with Path(path).open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"--answers {path}: there is no such file; {_FORMS}.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8"
        raise BadInput(f"--answers {path}: it cannot be read ({reason}); {_FORMS}.") from None
    if len(text) > MAX_BYTES:
        raise BadInput(f"--answers {path}: more than {MAX_BYTES:,} bytes: this is no such file.")
    yaml = read_yaml(text)
    flaws = [f"{path}:{flaw.mark.line}:{flaw.mark.column}: {flaw.message}" for flaw in yaml.flaws]
    if flaws:
        raise BadInput("\n".join(flaws))
    try:
        return Answers.model_validate(yaml.data if yaml.data is not None else {})
    except ValidationError as error:
        raise BadInput("\n".join(_said(error, yaml, path))) from None


def _said(error: ValidationError, yaml: YamlText, path: str) -> list[str]:
    """Return what does not fit, with its place; of a value that may be two things, it is said once."""
    lines: dict[tuple[int, int], str] = {}
    for detail in error.errors(include_url=False):
        loc = detail["loc"]
        while loc and loc not in yaml.values:  # the branches of a union are no keys of the file
            loc = loc[:-1]
        mark = yaml.place(loc)
        words = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "extra_forbidden":
            key = str(detail["loc"][-1])
            words = f"unknown key `{key}`{nearest(key, list(Answers.model_fields))}"
        lines.setdefault(mark, f"{path}:{mark.line}:{mark.column}: {dotted(loc) or 'the file'}: {words}")
    return list(lines.values())


def _fitting(answers: Answers, charter: Charter, where: str) -> Answers:
    """Refuse a policy that names what the charter does not have."""
    dated: tuple[Explanation | Counted, ...] = (*answers.explanations, *answers.values)
    people = [
        *answers.members,
        *answers.confirm,
        *(one.by for said in (answers.objections, answers.explanations) for one in said),
        *(one.by for said in (answers.holds, answers.values) for one in said),
    ]
    metrics = {gauge.name: gauge for gauge in gauges(charter)}
    manual = [name for name, gauge in metrics.items() if gauge.source.kind == "manual"]
    asked = [one.metric for one in dated if one.metric]
    wrong = [
        *_unknown(people, list(charter.members), "member"),
        *_unknown(list(answers.milestones), list(charter.milestones), "milestone"),
        *_unknown(asked, list(metrics), "metric"),
        *(
            f"`{name}` is read from its source; only metrics of the kind manual are counted"
            for name in {v.metric or charter.outcome.metric for v in answers.values}
            if name in metrics and name not in manual
        ),
        *(
            f"{one.period!r} is no {noun(charter.cadence)}: name it by a date in it, such as 2013-06-24"
            for one in dated
            if not _is_period(one.period, charter)
        ),
        *(f"the hold of {h.on} ends before it begins" for h in answers.holds if h.until <= h.on),
    ]
    if wrong:
        raise BadInput(f"--answers {where}: {'; '.join(wrong)}.")
    return answers


def _is_period(text: str, charter: Charter) -> bool:
    try:
        parse_label(text, charter.calendar)
    except (ValueError, OverflowError):
        return False
    return True


def _unknown(given: list[str], known: list[str], what: str) -> list[str]:
    there = named(known) if known else "none"
    return [
        f"there is no {what} {name!r}{nearest(name, known) or f' (there is {there})'}"
        for name in dict.fromkeys(given)
        if name not in known
    ]
