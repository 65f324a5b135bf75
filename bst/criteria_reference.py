"""The reference of the criteria in Markdown, made from the models and from examples that are played."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from bst.charter_file import check_text, print_plain
from bst.charter_places import kinds_of
from bst.charter_reference import key_rows
from bst.charter_schema import charter_schema
from bst.criteria_examples import BASE, OWN, SOUND, STANDARD, Example
from bst.criteria_play import BEGUN, play
from bst.yaml_text import read_yaml
from domain.charter import Charter
from domain.criterion import Criterion
from domain.verdicts import Status, Verdict

MARKS: dict[Status, str] = {
    "met": "✓ met",
    "not_met": "✗ not met",
    "undecided": "… undecided",
    "error": "! error",
}
_START = """\
# Criteria

This page is made by `bst schema --criteria`; a test keeps it true. Every example is played through the rules
of a real journey: nothing in the tables is written by hand.

A gate has its standard criteria ([the gates](gates.md)); `stages.STAGE.criteria` adds a team's own
([why](decisions/criteria.md)). The examples are put over this charter, and its numbers are calm unless said:
thirty weeks of 400 parcels around 70 % on time, 9 minutes for each, 6 complaints a week.

```yaml
{base}```

## The standard criteria at work

"""
_OWN = """\

## Criteria of your own

Each stands in a list: `stages: {stability: {criteria: [...]}}`. `dry_run` shows it without counting it.
`misses` and `in_a_row` both have to hold. A part without data is `undecided`, one whose source fails `error`;
neither is a yes.

"""


def criteria_reference() -> str:
    """Return the page as it stands in `docs/criteria.md`."""
    parts = [_START.format(base=BASE), *_standard(), _OWN]
    asked = [(_kind_asked(example), example) for example in OWN]
    for kind, model in kinds_of(Criterion).items():
        parts.extend(_kind(kind, model, [example for of, example in asked if of == kind]))
    return "".join(parts).rstrip() + "\n"


def charter_of(example: Example) -> Charter:
    """Return the example's charter: its part over `BASE`.

    Raises:
        ValueError: the part does not pass the check.
    """
    base, over = _base(), read_yaml(example.yaml).data if example.yaml else {}
    assert isinstance(over, dict)
    outcome = {**base["outcome"], **(over.get("outcome") or {})}
    report = check_text(print_plain({**base, **over, "outcome": outcome}), "example", BEGUN.date())
    if report.charter is None:
        raise ValueError(report.printed)
    return report.charter


@cache  # there are fifty examples; nobody writes into it
def _base() -> dict[str, Any]:
    base = read_yaml(BASE).data
    assert isinstance(base, dict)
    return base


def answer(example: Example) -> Verdict:
    """Return the verdict that the example's numbers get."""
    before = {**SOUND, **example.before}
    return play(charter_of(example), before, example.after, stage=example.stage, asked=example.asked).verdict(
        example.criterion
    )


def _standard() -> Iterator[str]:
    for example in STANDARD:
        verdict = answer(example)
        code, stage = example.criterion.partition(":")[0], example.stage.capitalize()
        yield f"### `{code}`\n\n{stage}. {example.told}\n\n"
        yield from _shown(example, verdict)


def _kind_asked(example: Example) -> str:
    criterion = charter_of(example).gate_of(example.stage).criteria[0]  # type: ignore[arg-type]
    return criterion.kind


def _kind(kind: str, model: Any, examples: Sequence[Example]) -> Iterator[str]:
    yield f"### `{kind}`\n\n{' '.join((model.__doc__ or '').split())}\n\n"
    schema = charter_schema()["$defs"][model.__name__]
    yield from key_rows(schema, leave_out=frozenset({"kind"}))
    yield "\n"
    for example in examples:
        yield f"{example.told}\n\n"
        yield from _shown(example, answer(example))


def _shown(example: Example, verdict: Verdict) -> Iterator[str]:
    if example.yaml:
        yield f"```yaml\n{example.yaml.rstrip()}\n```\n\n"
    cells = (MARKS[verdict.status], verdict.title, verdict.actual, verdict.needed)
    yield "| | criterion | now | needed |\n| --- | --- | --- | --- |\n"
    yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n\n"
