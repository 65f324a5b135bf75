"""Read-backs in the answers database: opened, codes handed out by function, answers counted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from activities.answers.codes import hash_of, new_code
from activities.answers.database import AnswersDatabase
from activities.answers.errors import AnswersRefused, CodeRefused, CodeUsed, NothingAsked
from activities.answers.rows import row_of, same, write
from activities.answers.schema import COUNT, READ_BACK
from domain.errors import NotUnderstood
from domain.readback.records import CountReadBackTask, OpenReadBackTask, ReadBackCount

# Far more readers than anybody asks; a bound, so that a mistyped number does not fill the row.
CODES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Read:
    """What readers read, and how many have answered; not what."""

    team: str
    number: int
    statement: str
    situations: tuple[str, ...]
    people: int
    functions: int


class ReadBackBox:
    """The read-backs of every team in one answers database."""

    def __init__(self, database: AnswersDatabase) -> None:
        self._database = database

    def open(self, task: OpenReadBackTask) -> None:
        """Take answers from now on; the same again changes nothing, and an earlier one is destroyed."""
        with self._database.writing() as connection:
            row = row_of(connection, READ_BACK, task.team)
            if row is not None and row["opened_at"] >= task.opened_at.isoformat():
                return
            connection.execute(READ_BACK.delete().where(READ_BACK.c.team == task.team))
            connection.execute(
                READ_BACK.insert().values(
                    team=task.team,
                    number=task.number,
                    opened_at=task.opened_at.isoformat(),
                    statement=task.statement,
                    situations=json.dumps(task.situations),
                    unused="{}",
                    used="[]",
                    tally="{}",
                )
            )

    def count(self, task: CountReadBackTask) -> ReadBackCount:
        """Return what readers picked and take no more answers, if there are enough; else only how many."""
        with self._database.writing() as connection:
            row = row_of(connection, READ_BACK, task.team)
            if row is None or not same(row, task):
                return _earlier(connection, task)
            found = _counted(row)
            if found.people < task.people or found.functions < task.functions:
                return found.model_copy(update={"choices": None})
            connection.execute(READ_BACK.delete().where(READ_BACK.c.team == task.team))
            connection.execute(COUNT.delete().where(COUNT.c.team == task.team))
            connection.execute(
                COUNT.insert().values(
                    team=task.team,
                    number=task.number,
                    opened_at=task.opened_at.isoformat(),
                    result=found.model_dump_json(),
                )
            )
        self._database.wipe(READ_BACK.name)
        return found

    def asked(self, team: str) -> Read:
        """Return what readers read now; raises NothingAsked where nothing is."""
        with self._database.reading() as connection:
            row = _open_row(connection, team)
        found = _counted(row)
        return Read(
            team=team,
            number=row["number"],
            statement=row["statement"],
            situations=tuple(json.loads(row["situations"])),
            people=found.people,
            functions=found.functions,
        )

    def codes(self, team: str, function: str, count: int) -> tuple[str, ...]:
        """Return fresh codes for readers of one function; only their hashes are stored, with the function.

        Raises:
            NothingAsked: no read-back is open.
            NotUnderstood: there would be more codes than anybody needs.
        """
        made = tuple(new_code() for _ in range(count))
        with self._database.writing() as connection:
            row = _open_row(connection, team)
            unused = json.loads(row["unused"])
            if len(unused) + len(json.loads(row["used"])) + count > CODES_AT_MOST:
                raise NotUnderstood(f"A read-back has {CODES_AT_MOST} codes at most: ask for fewer.")
            unused |= {hash_of(code, _purpose(row)): function for code in made}
            write(connection, READ_BACK, team, unused=json.dumps(unused, sort_keys=True))
        return made

    def answer(self, team: str, code: str, choice: int) -> None:
        """Count one reader's choice (1, 2 or 3) and use up the code, both or neither.

        Raises:
            NothingAsked, CodeRefused, CodeUsed, AnswersRefused: as for pulses.
        """
        with self._database.writing() as connection:
            row = _open_row(connection, team)
            unused, used = json.loads(row["unused"]), json.loads(row["used"])
            given = hash_of(code, _purpose(row))
            if given in used:
                raise CodeUsed(
                    "This code was used before: what was picked with it counts, nothing was added."
                )
            if given not in unused:
                raise CodeRefused(
                    f"This is no code of read-back r{row['number']}: look at it letter by letter."
                )
            if not 1 <= choice <= len(json.loads(row["situations"])):
                raise AnswersRefused("Pick one of the situations: 1, 2 or 3.")
            tally, function = json.loads(row["tally"]), unused.pop(given)
            picked = tally.setdefault(function, [0] * len(json.loads(row["situations"])))
            picked[choice - 1] += 1
            write(
                connection,
                READ_BACK,
                team,
                unused=json.dumps(unused, sort_keys=True),
                used=json.dumps(sorted([*used, given])),
                tally=json.dumps(tally, sort_keys=True),
            )


def _open_row(connection: Connection, team: str) -> RowMapping:
    row = row_of(connection, READ_BACK, team)
    if row is None:
        raise NothingAsked(f"No read-back of {team!r} is open. A member opens one: bst readback open {team}")
    return row


def _earlier(connection: Connection, task: CountReadBackTask) -> ReadBackCount:
    row = connection.execute(select(COUNT).where(COUNT.c.team == task.team)).mappings().one_or_none()
    if row is None or not same(row, task):
        return ReadBackCount(people=0, functions=0, choices=None, lost=True)
    return ReadBackCount.model_validate_json(row["result"])


def _counted(row: RowMapping) -> ReadBackCount:
    picked = list(_picked(row))
    choices = tuple(sum(column) for column in zip(*picked, strict=True)) if picked else None
    return ReadBackCount(people=sum(choices or ()), functions=len(picked), choices=choices)


def _picked(row: RowMapping) -> Iterator[list[int]]:
    yield from json.loads(row["tally"]).values()


def _purpose(row: RowMapping) -> str:
    return f"read-back of {row['team']} opened {row['opened_at']}"
