"""What can go wrong with the journal.

BstError
├── BadInput
│   └── JournalAddressRefused   the address is not one of a journal
├── NotFound
│   └── JournalMissing          there is no journal at this address yet
├── JournalUnavailable          the database does not answer; trying again later is right
├── DidNotHold
│   └── JournalDamaged          the database's file is not as it was written
├── JournalTooNew               a later version of the program wrote this journal
└── JournalRefused              what was handed over can never be stored as it is
    ├── JournalConflict         another event is stored under the same team and number
    └── JournalGap              the events before the first one handed over are not stored

Only the last three are final: trying the same again cannot help.
"""

from domain.errors import BadInput, BstError, DidNotHold, NotFound


class JournalAddressRefused(BadInput):
    """The address is not one of a journal; the sentence never repeats it, for it may hold a password."""

    code = "journal_address_refused"


class JournalMissing(NotFound):
    """There is no journal at this address: nothing was written there yet, or the address is wrong."""

    code = "journal_missing"


class JournalUnavailable(BstError):
    """The database does not answer or did not finish; nothing was stored, and trying again is right."""

    code = "journal_unavailable"
    exit_code = 3


class JournalDamaged(DidNotHold):
    """The database's file is not as it was written: events may be missing or changed, and none is made up."""

    code = "journal_damaged"


class JournalTooNew(BstError):
    """A later version wrote this journal: a worker of that version can go on, this one cannot."""

    code = "journal_too_new"


class JournalRefused(BstError):
    """What was handed over can never be stored as it is; nothing of it was."""

    code = "journal_refused"


class JournalConflict(JournalRefused):
    """Another event is stored under the same team and number, and the journal never changes one."""

    code = "journal_conflict"


class JournalGap(JournalRefused):
    """The events before the first one handed over are not stored; `details` holds the last seq that is."""

    code = "journal_gap"

    def __init__(self, sentence: str, last: int) -> None:
        super().__init__(sentence)
        self.details = (last,)
