"""`bst what-if`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bst.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from bst.rehearsal.spread import Compared
    from bst.rehearsal.what_if import WhatIf


@click.command(
    epilog=options.examples(
        "bst what-if claims --set stages.optimization.margin=0.03",
        "bst what-if claims --set outcome.promise=12 --set stages.stability.promise_kept=8 -o claims.yaml",
    )
)
@options.team
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    metavar="KEY=VALUE",
    help="A key of the charter, dotted from the top, and its other value; null takes it out.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the present charter with the keys set, for `bst amend`.",
)
@click.option("--all", "every", is_flag=True, help="Show all turning points as they would have been.")
@options.as_json
def command(team: str, settings: tuple[str, ...], output: Path | None, *, every: bool, as_json: bool) -> None:
    """What would have been otherwise, had a team's charter said something else?

    The journey is played anew from its beginning and from its journal: what the sources said, when they said
    it, and what members did and answered. Nothing is changed. What is on its way to the journal, as a rule
    the newest measurement, and answers on open ballots are left out; where a server and a worker answer, it
    is said how much is on its way.
    """
    from bst.cli.on_their_way import told
    from bst.cli.printing import show, show_json
    from bst.journal_sealed import open_part
    from bst.journal_view import whole
    from bst.rehearsal.remembering import remembered
    from bst.rehearsal.spread import compared
    from bst.rehearsal.varying import Variant, setting_of
    from bst.rehearsal.what_if import what_if
    from bst.settings import Settings

    wanted = [setting_of(text) for text in settings]
    kept, held_back = open_part(whole(Settings.from_environment().journal, team))
    found = what_if(remembered(kept), kept, wanted)
    name = ", ".join(setting.shown for setting in wanted)
    rows = [
        compared(Variant("the charter as it was", found.facts.charter), found.as_it_was),
        compared(Variant(name, found.charter), found.otherwise),
    ]
    if output is not None:
        _write(output, found)
    if as_json:
        show_json(_document(found, rows, held_back))
    else:
        show(*_page(found, rows, held_back, output, every=every))
        newer = told(team, len(kept) + held_back)
        if newer is not None:
            click.echo(newer)


def _write(output: Path, found: "WhatIf") -> None:
    from bst.charter_file import print_yaml
    from domain.errors import BadInput

    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(print_yaml(found.charter))
    except FileExistsError:
        raise BadInput(f"{output} is there already, and nothing is overwritten: name another file.") from None
    except OSError as error:
        raise BadInput(f"{output} cannot be written ({error.strerror}): name another file.") from None


def _page(
    found: "WhatIf", rows: "list[Compared]", held_back: int, output: Path | None, *, every: bool
) -> "Iterator[RenderableType]":
    from bst.cli.printing import text
    from bst.cli.rehearse_page import table, turning_points
    from bst.rehearsal.spread import told_differences
    from bst.rehearsal.telling import ending, told
    from domain.charter import GATED_STAGES
    from domain.wording import moment, so_many

    facts = found.facts
    yield text(f"WHAT IF {facts.charter.team} had had {rows[1].variant.name} from its beginning?", "bold")
    yield text(
        f"Played anew from {so_many(len(facts.happened), 'recorded event')}; nothing of it has happened."
    )
    yield text(_checked(found), "dim" if found.strays is None else "yellow")
    for sentence in _taken_for_granted(found, held_back):
        yield text(sentence, "dim")
    yield text("")
    made = table("with", *(f"{stage} opens" for stage in GATED_STAGES), "at the end in")
    for row in rows:
        made.add_row(
            text(row.variant.name),
            *(row.opened.get(stage, "never") for stage in GATED_STAGES),
            row.ending.stage,
        )
    yield made
    yield text("")
    for sentence in told_differences(rows, facts.charter):
        yield text(sentence)
    course = told(found.otherwise)
    if every:
        yield text("")
        yield turning_points(course)
    for one in found.otherwise.not_allowed:
        yield text(f"Would not have been allowed on {moment(one.at)}, {one.wanted}: {one.why}", "yellow")
    yield text(f"\nAt the end: {ending(course, found.otherwise.state)}", "bold")
    yield text(f"This is what-if {found.digest[:12]}: the same facts and keys give the same.")
    yield text(f"To propose it:  {_proposal(found, output)}")


def _proposal(found: "WhatIf", output: Path | None) -> str:
    """Return the command that puts it to everybody; its reason names this what-if, which all can play."""
    import shlex

    team = found.facts.charter.team
    keys = ", ".join(setting.shown for setting in found.settings)
    reason = shlex.quote(f"{keys}: see what-if {found.digest[:12]}")
    if output is None:
        return f"add -o FILE, then bst amend {team} FILE --by NAME --reason {reason}"
    return f"bst amend {team} {shlex.quote(str(output))} --by NAME --reason {reason}"


def _checked(found: "WhatIf") -> str:
    if found.strays is None:
        return "Played with the charter as it was, the record comes out, event by event."
    return (
        f"Played with the charter as it was, the record does not come out ({found.strays.sentence}): what is "
        "compared is play with play."
    )


def _taken_for_granted(found: "WhatIf", held_back: int) -> "Iterator[str]":
    from domain.wording import so_many

    if found.assumed:
        yield (
            f"{so_many(found.assumed, 'answer')} that nobody gave: members are taken to consent as fast as "
            "they usually answer."
        )
    if held_back:
        yield f"{so_many(held_back, 'later event')} left out: answers on open ballots are sealed."


def _document(found: "WhatIf", rows: "list[Compared]", held_back: int) -> dict[str, Any]:
    from bst.rehearsal.telling import ending, told

    course = told(found.otherwise)
    return {
        "what_if": found.digest,
        "team": found.facts.charter.team,
        "set": {setting.key: setting.value for setting in found.settings},
        "events": len(found.facts.happened),
        "held_back": held_back,
        "record_comes_out": found.strays is None,
        "strays": None if found.strays is None else found.strays.sentence,
        "assumed_answers": found.assumed,
        "plays": [
            {
                "with": row.variant.name,
                "opened": row.opened,
                "stage": row.ending.stage,
                "passed": dict(row.ending.passed),
                "regressions": row.ending.regressions,
            }
            for row in rows
        ],
        "ending": ending(course, found.otherwise.state),
        "turning_points": [
            {"at": line.at.isoformat(), "kind": line.kind, "sentence": line.sentence} for line in course.lines
        ],
        "not_allowed": [
            {"at": one.at.isoformat(), "what": one.what, "why": one.why}
            for one in found.otherwise.not_allowed
        ],
    }
