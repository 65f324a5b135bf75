"""Pulses against the members (C40)."""

from collections.abc import Iterator

from domain.draft import Draft
from domain.finding import Finding


def pulse_checks(draft: Draft) -> Iterator[Finding]:
    """Yield that a pulse could never be judged, because the team is smaller than it needs answers."""
    rules, members = draft.pulse, draft.members
    if rules is None or members is None or len(members) >= rules.k:
        return
    so = ", so no gate that asks for it ever opens" if rules.gates else ""
    yield Finding(
        "C40",
        ("pulse", "k"),
        f"a pulse needs {rules.k} answers and the team has {len(members)} members: none can ever be "
        f"judged{so}. Add members, or leave `pulse` out; below 3 answers nobody would be anonymous",
        "warning",
    )
