"""Every refusal of the program, in one tree.

BstError
├── Refused                 a command that the rules do not allow now; nothing was changed
│   ├── NotAMember          the person is not on this team
│   ├── WrongStage          the stage does not allow it
│   ├── NotDelegated        nobody asked this person to answer for them
│   ├── NoSuchBallot        no open ballot has this id
│   ├── StaleEvidence       the answer is about other evidence than the ballot's
│   ├── NotUnderstood       a name, a value or a form is wrong
│   ├── NotSigned           the team has keys, and this has no signature
│   ├── StaleSignature      it was used before, or something else was signed since
│   ├── BadSignature        it is not this member's signature of these words
│   └── JourneyOver         the journey has ended
├── BadInput                what was given cannot be used (exit code 2)
│   ├── CharterRefused      a charter with errors: all of them, with their places
│   ├── KeyUnusable         a private key: not there, not this member's, open to others, another passphrase
│   └── SourceFailed        a metric's source: what failed, where, what would be right
├── ServerUnreachable       no Temporal server answers (exit code 3)
├── NotFound                no journey of this name (exit code 2)
└── DidNotHold              what was asked for did not hold (exit code 1)

Each carries a stable `code` that clients may rely on (it is the type of the
Temporal failure too), and a sentence that says what was wrong, where, and
what would be right.
"""

from typing import ClassVar, Final, Literal

from domain.finding import Problem


class BstError(Exception):
    """A sentence for a person, with a code and an exit status for a program."""

    code: ClassVar[str] = "bst"
    exit_code: ClassVar[int] = 1


class Refused(BstError):
    """The rules do not allow this command now; nothing was changed."""

    code = "refused"
    exit_code = 2


class NotAMember(Refused):
    """The person is not on this team."""

    code = "not_a_member"


class WrongStage(Refused):
    """The stage, or the hold, does not allow it."""

    code = "wrong_stage"


class NotDelegated(Refused):
    """Nobody asked this person to answer for them, or they have answered in person."""

    code = "not_delegated"


class NoSuchBallot(Refused):
    """No open ballot has this id."""

    code = "no_such_ballot"


class StaleEvidence(Refused):
    """The answer is about other evidence than the ballot's."""

    code = "stale_evidence"


class NotUnderstood(Refused):
    """A name, a value or a form is wrong."""

    code = "not_understood"


class NotSigned(Refused):
    """The team has keys, and this has no signature."""

    code = "not_signed"


class StaleSignature(Refused):
    """The signature was used before, or the member has signed something else since."""

    code = "stale_signature"


class BadSignature(Refused):
    """It is not this member's signature of these words."""

    code = "bad_signature"


class JourneyOver(Refused):
    """The journey has ended; its record stays readable."""

    code = "journey_over"


class BadInput(BstError):
    """What was given cannot be used."""

    code = "bad_input"
    exit_code = 2


class CharterRefused(BadInput):
    """A charter has errors; the message lists all of them, `problems` has them one by one."""

    code = "charter_refused"

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class KeyUnusable(BadInput):
    """A private key is not there, is another member's, may be read by others, or does not open."""

    code = "key_unusable"


SourceCode = Literal[
    "bad_answer",  # a web server's answer that is broken, or not of the form that its interface has
    "bad_certificate",  # ca, cert or key of `tls` that cannot be used
    "bad_event",  # an event without a case, an activity or a time that can be read
    "bad_header",  # a header that the program sets itself, or with a sign that none may have
    "bad_options",  # what a charter sets for a plugin is not what the plugin takes
    "bad_path",  # a JMESPath that cannot be read, or leads to something else than is needed
    "bad_period",  # a period that is no date, or names another span than the cadence's
    "bad_plugin",  # a plugin that cannot be loaded, raised an error of its own, or answered nonsense
    "bad_series",  # numbers that no chart can be made of, such as a duration of 0
    "bad_share",  # a numerator or denominator that makes no share
    "bad_url",  # an address that cannot be read, or of a kind that is not supported
    "connection_lost",  # the server went away, or cut the connection, while it was asked
    "duplicate_period",  # two rows for one period
    "empty",  # nothing to measure by: no file content, no row, no value
    "host_not_allowed",  # the worker may not ask this host, or the address that it leads to
    "host_not_found",  # no address is known for the host's name
    "internal",  # a mistake of the program; the worker's log has the details
    "locked",  # another program writes the database file just now
    "login_refused",
    "missing_variable",  # ${NAME} that the worker does not know
    "no_such_column",
    "no_such_database",
    "no_such_file",
    "no_such_plugin",  # not installed where the worker runs
    "no_such_sheet",  # of an Excel workbook
    "no_such_table",
    "not_a_number",
    "not_found",  # the web server has nothing at this address
    "not_json",
    "not_permitted",  # the login may not read that
    "not_text",  # no UTF-8
    "page_repeats",  # a page that was there before: following pages would never end
    "partial_answer",  # the server says itself that something is missing
    "path_not_allowed",  # outside the data folder, or not readable
    "query_failed",
    "rate_limited",  # the web server asks for fewer requests
    "redirect_refused",  # to another host, from https to http, or without end
    "request_refused",  # the web server does not take the request as it is
    "server_failed",  # a mistake of the web server, or it is not there just now
    "timed_out",
    "tls_failed",  # no trusted, encrypted connection
    "too_large",  # an answer of more bytes than may be read
    "too_many_pages",
    "too_many_rows",  # or more memory than one query may use
    "too_many_series",  # a query with more than one series of values
    "unknown_format",  # a file that is none of the supported kinds
    "unknown_zone",  # a time zone that a database does not have
    "unreachable",  # no answer from the database or the web server
    "unsteady",  # a list that changed each time while its pages were read
    "write_refused",  # the query would change something
]


# What another try within the minute may mend by itself: a server that restarts, a connection that was cut.
# All others need somebody, or time: a wrong query is as wrong a second later, and a statement that ran into
# its limit would only be a load once more.
TRANSIENT: Final[frozenset[SourceCode]] = frozenset({"connection_lost", "locked", "unreachable"})


class SourceFailed(BadInput):
    """A metric's source failed: what, where, and what would be right.

    `source_code` tells programs which kind it is; it is the code of the metric's trouble.
    """

    code = "source_failed"

    def __init__(self, source_code: SourceCode, sentence: str) -> None:
        super().__init__(sentence)
        self.source_code: SourceCode = source_code


class ServerUnreachable(BstError):
    """No Temporal server answers."""

    code = "server_unreachable"
    exit_code = 3


class NotFound(BstError):
    """No journey has this name."""

    code = "not_found"
    exit_code = 2


class DidNotHold(BstError):
    """What was asked for did not hold: a gate is shut, a check failed."""

    code = "did_not_hold"
    exit_code = 1
