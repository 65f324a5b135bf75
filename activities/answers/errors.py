"""What can go wrong with answers.

BstError
├── NotFound
│   └── NothingAsked       nobody is asked anything there now; also said of results before a close
├── AnswersUnavailable     the database does not answer; trying again later is right
├── AnswersTooNew          a later version of the program made this database
└── BadInput
    ├── CodeRefused        the code is not one of what is asked now
    ├── CodeUsed           the code was used before: the first answers count
    ├── CodeHandedOut      this member has drawn a code already, and a lost one is not made again
    └── AnswersRefused     the answers are not complete, or none of the choices
"""

from domain.errors import BadInput, BstError, NotFound


class NothingAsked(NotFound):
    """Nobody is asked anything there now."""

    code = "nothing_asked"


class AnswersUnavailable(BstError):
    """The database does not answer or did not finish; nothing was stored, and trying again is right."""

    code = "answers_unavailable"
    exit_code = 3


class AnswersTooNew(BstError):
    """A later version made this database: a program of that version can go on, this one cannot."""

    code = "answers_too_new"


class CodeRefused(BadInput):
    """The code is not one of what is asked now."""

    code = "code_refused"


class CodeUsed(BadInput):
    """The code was used before; nothing was counted twice."""

    code = "code_used"


class CodeHandedOut(BadInput):
    """A code was handed out in this name already."""

    code = "code_handed_out"


class AnswersRefused(BadInput):
    """The answers are not complete, or none of the choices; the code is still good."""

    code = "answers_refused"
