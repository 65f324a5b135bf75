"""Command lines to copy: how people answer from where they read."""

import json
import shlex

from domain.charter import Charter
from workflows.markdown import flat
from workflows.messages import journey_id


def bst(command: str, team: str, *words: str) -> str:
    """Return a line of this program's own command."""
    return shlex.join(("bst", command, team, *(flat(word) for word in words)))


def update(charter: Charter, name: str, values: dict[str, object]) -> tuple[str, ...]:
    """Return the same with nothing but Temporal's own command; it waits for the answer."""
    return _temporal("update execute", charter, name, values)


def signal(charter: Charter, name: str, value: object) -> tuple[str, ...]:
    """Return a signal with Temporal's own command; it has no answer."""
    return _temporal("signal", charter, name, value)


def here(charter: Charter, action: str, name: str) -> str:
    """Return where the same is done in the Temporal UI, in Markdown."""
    if charter.keys:
        return "Only what is signed counts in this team, so not from this page: `bst` signs with your key."
    return f"Or on this page: *More Actions*, *{action}*, `{name}`, with that input."


def _temporal(how: str, charter: Charter, name: str, value: object) -> tuple[str, ...]:
    if charter.keys:
        return ()  # Temporal's own command cannot sign
    # In short lines, because a code block does not wrap them.
    return (
        f"temporal workflow {how} \\",
        f"    --workflow-id {journey_id(charter.team)} --name {name} \\",
        f"    --input {shlex.quote(json.dumps(value, ensure_ascii=False))}",
    )
