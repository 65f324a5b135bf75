"""What an amendment does to members' keys, and who has to consent to that.

A key is as good as a voice: whoever replaces one speaks for its member. So in a team with keys no amendment
touches a key or the members without a ballot, in forming neither; and the silence of somebody who has lost a
key stands in the way of nothing but a new one.
"""

from typing import Final

from domain.charter import Charter

# Of two members the one could take the other's voice alone; with two others at least, one watches the other.
OTHERS_AT_LEAST: Final = 2


def touches_keys(before: Charter, after: Charter) -> bool:
    """Whether an amendment changes who may sign for whom, in a team where somebody signs."""
    return bool(before.keys) and (before.keys, before.members) != (after.keys, after.members)


def rekeyed(before: Charter, after: Charter) -> tuple[str, ...]:
    """Return the one member whose key an amendment replaces, if that is all it does; nobody otherwise.

    Nobody in a team of two either, and nobody where two keys are replaced at once: those who lost them
    consent with their old keys, or the others list one after the other.
    """
    changed = tuple(name for name, key in before.keys.items() if after.keys.get(name) != key)
    only = before.model_copy(update={"keys": after.keys}) == after and before.keys.keys() == after.keys.keys()
    others = len(before.members) - len(changed)
    return changed if only and len(changed) == 1 and others >= OTHERS_AT_LEAST else ()
