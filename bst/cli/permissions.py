"""`bst permissions`."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import click

from bst.cli import options

INTRODUCTION: Final = (
    "Every member may do all of this, and nobody may do more: no command has a role. What asks for a ballot "
    "is put to everybody once the team has formed, and comes about with the consent of each alone. Where "
    "the charter lists keys, what is signed counts for nothing without the member's own signature."
)
APART: Final = (
    "These ask the answers database and no journey, so that no record says who answered what. Members draw "
    "and answer for themselves; codes of a read-back go to people outside, who answer with them."
)
# The command by which each command of the domain is typed; a test holds that there is one for each.
TYPED: Final = {
    "confirm_outcome": "confirm",
    "hold_journey": "hold",
    "resume_journey": "resume",
    "measure_now": "measure",
    "record_value": "record",
    "give_consent": "consent",
    "raise_objection": "object",
    "ask_question": "ask",
    "answer_question": "clarify",
    "withdraw_question": "ask --withdraw",
    "delegate_voice": "delegate",
    "take_back_voice": "delegate --back",
    "leave_team": "leave",
    "revoke_exemption": "exempt --revoke",
    "post_to_exchange": "exchange post",
    "withdraw_post": "exchange withdraw",
    "acknowledge_posts": "exchange acknowledge",
    "add_work_item": "work add",
    "close_work_item": "work done|drop",
    "record_retrospective": "retrospective",
    "make_commitment": "commit add",
    "close_commitment": "commit done|missed",
    "pass_facilitation": "facilitate next|skip|swap",
    "open_pulse": "pulse open",
    "open_read_back": "readback open",
    "close_read_back": "readback close",
    "reach_milestone": "milestone",
    "explain_signal": "explain",
    "propose_rebase": "rebase",
    "propose_amendment": "amend",
    "dissolve_team": "dissolve",
    "propose_exemption": "exempt",
}
WITHOUT_JOURNEY: Final = ("pulse draw", "pulse answer", "readback codes", "readback answer")
_SIGNAL: Final = "milestone (signal)"


@dataclass(frozen=True, slots=True)
class Row:
    """What every member may do: as it is typed, and by which update another program asks for it."""

    command: str
    update: str
    does: str
    options: tuple[str, ...]
    signed: bool
    ballot: bool


@click.command(epilog=options.examples("bst permissions", "bst permissions --json"))
@options.as_json
@click.option("--markdown", is_flag=True, help="Print it as a page.")
def command(*, as_json: bool, markdown: bool) -> None:
    """Show what members may do: one table, the same for everybody.

    It is read off the commands that the program has, not written down beside them.
    """
    from bst.cli.printing import show, show_json, text

    if as_json:
        show_json({"journey": [asdict(row) for row in rows()], "apart": [asdict(row) for row in apart()]})
        return
    if markdown:
        click.echo(page(), nl=False)
        return
    show(_table(rows()), text(INTRODUCTION), text(""), _table(apart()), text(APART))


def rows() -> tuple[Row, ...]:
    """Return a row for each command of members, those that decide alone first."""
    from domain.permissions import permissions
    from workflows.member_updates import MEMBER_UPDATES

    updates = {update.command.model_fields["kind"].default: update.name for update in MEMBER_UPDATES}
    return tuple(
        Row(
            command=f"bst {TYPED[row.command]}",
            update=updates.get(row.command, _SIGNAL),
            does=row.does,
            options=_options(TYPED[row.command]),
            signed=row.signed,
            ballot=row.ballot,
        )
        for row in permissions()
    )


def apart() -> tuple[Row, ...]:
    """Return a row for each command that asks the answers database instead of a journey."""
    return tuple(
        Row(
            command=f"bst {typed}",
            update="",
            does=(found(typed).help or "").partition("\n")[0],
            options=_options(typed),
            signed=False,
            ballot=False,
        )
        for typed in WITHOUT_JOURNEY
    )


def found(typed: str) -> click.Command:
    """Return the command of such words as `work done|drop`; of several, the first."""
    from bst.cli import LazyGroup

    at: click.Command = LazyGroup()
    for word in typed.split():
        if isinstance(at, click.Group):
            inner = at.get_command(click.Context(at), word.partition("|")[0])
            assert inner is not None, typed
            at = inner
    return at


def _options(typed: str) -> tuple[str, ...]:
    """Return what is typed after the command; in brackets what may be left out."""
    said = []
    for param in found(typed).params:
        name = param.opts[0] if isinstance(param, click.Option) else (param.name or "").upper()
        if name not in {"TEAM", "--json"} and name not in typed:
            said.append(name if param.required else f"[{name}]")
    return tuple(said)


def _table(table_rows: tuple[Row, ...]) -> Any:
    from rich.table import Table

    from bst.cli.printing import text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for title in ("what every member may do", "with", "update", "signed", "ballot"):
        table.add_column(title)
    for row in table_rows:
        words = (f"{row.command}: {row.does}", " ".join(row.options), row.update)
        table.add_row(*map(text, words), _word(row.signed), _word(row.ballot))
    return table


def page() -> str:
    """Return docs/permissions.md."""
    lines = [
        f"| {_code(row.command)} | {row.does} | {_code(*row.options)} | {_code(row.update)} "
        f"| {_word(row.signed)} | {_word(row.ballot)} |"
        for row in rows()
    ]
    others = [f"| {_code(row.command)} | {row.does} | {_code(*row.options)} |" for row in apart()]
    parts = (
        "# Permissions",
        "",
        "The output of `bst permissions --markdown`, which reads it off the commands; a test holds it.",
        "",
        INTRODUCTION,
        "",
        "What stands in brackets is not always needed (see `--help`). `update` is what programs call.",
        "",
        "| command | | with | update | signed | ballot |",
        "| --- | --- | --- | --- | --- | --- |",
        *lines,
        "",
        "## Without the journey",
        "",
        APART,
        "",
        "| command | | with |",
        "| --- | --- | --- |",
        *others,
    )
    return "\n".join(parts) + "\n"


def _code(*names: str) -> str:
    return ", ".join(f"`{name}`".replace("|", "\\|") for name in names if name)


def _word(said: bool) -> str:
    return "yes" if said else ""
