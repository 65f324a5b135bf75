"""Pulses in the answers database: opened, codes handed out, answers counted, closed and destroyed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from activities.answers.codes import hash_of, new_code
from activities.answers.database import AnswersDatabase
from activities.answers.errors import (
    AnswersRefused,
    CodeHandedOut,
    CodeRefused,
    CodeUsed,
    NothingAsked,
)
from activities.answers.read_backs import ReadBackBox
from activities.answers.rows import row_of, same, write
from activities.answers.schema import PULSE, RESULT
from activities.journal_address import JournalAddress
from domain.errors import NotAMember
from domain.pulses.bands import PulseResult, Tally, counted, empty, flaw, released
from domain.pulses.cycles import ClosePulseTask, OpenPulseTask
from domain.wording import named


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be known of an open pulse: never who has drawn a code or answered, and no answer."""

    team: str
    number: int
    closes_at: datetime
    k: int
    invited: tuple[str, ...]
    items: tuple[str, ...]
    answered: int


class AnswerStore:
    """The answers database at one address; safe to share between threads, and with other processes.

    Nothing is opened before the first use. Every method raises AnswersUnavailable when the database does
    not answer, and AnswersTooNew when a later version of the program made it.
    """

    def __init__(self, url: str) -> None:
        self._database = AnswersDatabase(url)
        self.read_backs = ReadBackBox(self._database)

    @property
    def address(self) -> JournalAddress:
        """Where it is."""
        return self._database.address

    def __repr__(self) -> str:
        return f"AnswerStore({self.address.shown!r})"

    def close(self) -> None:
        """Give back the connections; the store opens new ones when it is used again."""
        self._database.close()

    def open_pulse(self, task: OpenPulseTask) -> None:
        """Take answers from now on; the same pulse again changes nothing.

        What an earlier pulse of this team has left is destroyed: a journey that was ended from outside
        could not do it.
        """
        with self._database.writing() as connection:
            row = row_of(connection, PULSE, task.team)
            if row is not None and same(row, task):
                return
            if row is not None and row["opened_at"] > task.opened_at.isoformat():
                return  # an attempt that was overtaken; nobody waits for its answer
            connection.execute(PULSE.delete().where(PULSE.c.team == task.team))
            connection.execute(
                PULSE.insert().values(
                    team=task.team,
                    number=task.number,
                    opened_at=task.opened_at.isoformat(),
                    closes_at=task.closes_at.isoformat(),
                    k=task.k,
                    invited=json.dumps(sorted(task.members)),
                    drawn="[]",
                    unused="[]",
                    used="[]",
                    tally=empty(task.items).model_dump_json(),
                )
            )

    def close_pulse(self, task: ClosePulseTask) -> PulseResult | None:
        """Take no more answers, and return what is released; None when the answers were lost.

        Everything but the result is destroyed, the result too with `discard`. Asked again, the answer is
        the same: a worker may die between the close and its report.
        """
        with self._database.writing() as connection:
            row = row_of(connection, PULSE, task.team)
            result: PulseResult | None = None
            if row is not None and same(row, task):
                result = released(Tally.model_validate_json(row["tally"]), row["k"])
                connection.execute(PULSE.delete().where(PULSE.c.team == task.team))
                connection.execute(RESULT.delete().where(RESULT.c.team == task.team))
                if not task.discard:
                    connection.execute(
                        RESULT.insert().values(
                            team=task.team,
                            number=task.number,
                            opened_at=task.opened_at.isoformat(),
                            result=result.model_dump_json(),
                        )
                    )
            elif not task.discard:
                result = _earlier(connection, task)
        self._database.wipe(PULSE.name)
        return result

    def asked(self, team: str) -> Asked:
        """Return what is asked of a team now, and how many have answered.

        Raises:
            NothingAsked: no pulse is open.
        """
        with self._database.reading() as connection:
            return _asked(_open_row(connection, team))

    def draw(self, team: str, member: str) -> str:
        """Return a fresh code for a member, once; only its hash is stored, and not beside the name.

        Raises:
            NothingAsked: no pulse is open.
            NotAMember: nobody of this name was on the team when the pulse opened.
            CodeHandedOut: this member has drawn one; a second would answer twice.
        """
        code = new_code()
        with self._database.writing() as connection:
            row = _open_row(connection, team)
            invited, drawn = json.loads(row["invited"]), json.loads(row["drawn"])
            name = {known.casefold(): known for known in invited}.get(member.casefold())
            if name is None:
                raise NotAMember(
                    f"{member!r} was not on the team when pulse p{row['number']} opened: it asks "
                    f"{named(invited)}."
                )
            if name in drawn:
                raise CodeHandedOut(
                    f"A code for pulse p{row['number']} was handed out to {name} already, and a lost code is "
                    "not made again: nobody can tell whether it was used. If it was not you who drew it, "
                    "tell your team."
                )
            unused = [*json.loads(row["unused"]), hash_of(code, _purpose(row))]
            write(connection, PULSE, team, drawn=json.dumps(sorted([*drawn, name])), unused=_sorted(unused))
        return code

    def answer(self, team: str, code: str, answers: Mapping[str, int]) -> None:
        """Count one person's answers and use up the code, both or neither.

        Raises:
            NothingAsked: no pulse is open.
            CodeRefused: it is no code of this pulse.
            CodeUsed: it was used before; nothing was counted now.
            AnswersRefused: the answers are not complete; the code is still good.
        """
        with self._database.writing() as connection:
            row = _open_row(connection, team)
            unused, used = json.loads(row["unused"]), json.loads(row["used"])
            given = hash_of(code, _purpose(row))
            _refuse_code(given, unused, used, row["number"])
            tally = Tally.model_validate_json(row["tally"])
            if wrong := flaw(tally, answers):
                raise AnswersRefused(wrong)
            write(
                connection,
                PULSE,
                team,
                unused=_sorted([known for known in unused if known != given]),
                used=_sorted([*used, given]),
                tally=counted(tally, answers).model_dump_json(),
            )

    def check(self, team: str, code: str) -> None:
        """Say whether a code could be used now; raises as `answer` does when it could not."""
        with self._database.reading() as connection:
            row = _open_row(connection, team)
            unused, used = json.loads(row["unused"]), json.loads(row["used"])
            _refuse_code(hash_of(code, _purpose(row)), unused, used, row["number"])


def _open_row(connection: Connection, team: str) -> RowMapping:
    row = row_of(connection, PULSE, team)
    if row is None:
        raise NothingAsked(f"No pulse of {team!r} is open: what was closed shows in `bst pulse results`.")
    return row


def _earlier(connection: Connection, task: ClosePulseTask) -> PulseResult | None:
    row = connection.execute(select(RESULT).where(RESULT.c.team == task.team)).mappings().one_or_none()
    if row is None or not same(row, task):
        return None
    return PulseResult.model_validate_json(row["result"])


def _refuse_code(given: str, unused: list[str], used: list[str], number: int) -> None:
    if given in used:
        raise CodeUsed("This code was used before: the answers given with it count, and nothing was added.")
    if given not in unused:
        raise CodeRefused(
            f"This is no code of pulse p{number}: look at it again, letter by letter. A code of an earlier "
            "pulse is of no use any more."
        )


def _asked(row: RowMapping) -> Asked:
    tally = Tally.model_validate_json(row["tally"])
    return Asked(
        team=row["team"],
        number=row["number"],
        closes_at=datetime.fromisoformat(row["closes_at"]),
        k=row["k"],
        invited=tuple(json.loads(row["invited"])),
        items=tuple(tally.counts),
        answered=tally.answered,
    )


def _purpose(row: RowMapping) -> str:
    return f"pulse of {row['team']} opened {row['opened_at']}"


def _sorted(hashes: list[str]) -> str:
    """Return the hashes in their own order, which says nothing of when they came."""
    return json.dumps(sorted(hashes))
