"""Members' keys against the members (C30 to C32)."""

from collections.abc import Iterator

from domain.draft import Draft
from domain.finding import Finding, nearest


def key_checks(draft: Draft) -> Iterator[Finding]:
    """Yield keys of nobody, members without one where others have one, and keys of two members."""
    if draft.members is None or not draft.keys:
        return
    members, seen = [member for member, _ in draft.members], dict[str, str]()
    for owner, key in draft.keys.items():
        if owner not in members:
            way = nearest(owner, members) or ": add the member, or leave the key out"
            yield Finding("C30", ("keys", owner), f"`{owner}` is not a member{way}")
        other = seen.setdefault(key, owner)
        if other != owner:
            yield Finding(
                "C32",
                ("keys", owner),
                f"`{other}` has the same key, and each would sign for both: each makes one (bst key new)",
            )
    for member in members:
        if member not in draft.keys:
            yield Finding(
                "C31",
                ("keys",),
                f"`{member}` has no key: where one member signs all do, because a gate is as strong as its "
                f"weakest voice. {member} makes one (bst key new), or nobody has one",
            )
