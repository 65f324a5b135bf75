"""Whether a journal continues an older export of it: what nobody can forge who does not have that too."""

from collections.abc import Sequence

from bst.journal_file import Manifest
from bst.verification.findings import Difference
from domain.envelope import Entry
from domain.errors import BadInput


class OtherJournal(BadInput):
    """The older export is of another team, or of a rehearsal."""

    code = "other_journal"


def difference_from(older: Manifest, team: str, origin: str, entries: Sequence[Entry]) -> Difference | None:
    """Return where a whole journal departs from an older export, or None where it continues it.

    The hash of the export's last event stands for all before it.

    Raises:
        OtherJournal: the two are not of the same journey.
    """
    if (older.team, older.origin) != (team, origin):
        raise OtherJournal(
            f"The older export is of the {older.origin} of {older.team!r}, this is the {origin} of {team!r}."
        )
    said = f"The export of {older.exported_at:%Y-%m-%d %H:%M} UTC had {older.count} events"
    if len(entries) < older.count:
        last = entries[-1]
        return Difference(
            seq=last.seq,
            at=last.at,
            kind=last.kind,
            where="",
            sentence=f"{said}, and the journal ends with event {last.seq}: its end was cut off.",
        )
    entry = entries[older.count - 1]
    if entry.hash == older.last_hash:
        return None
    return Difference(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        where="hash",
        stored=entry.hash,
        recomputed=older.last_hash,
        sentence=f"{said}, the last with the hash {older.last_hash[:12]}; event {entry.seq} has "
        f"{entry.hash[:12]} here: the journal was written anew since, from this event or an earlier one on.",
    )
