"""The answers database's promises, kept in real SQLite files and in a real PostgreSQL."""

import json
import logging
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing as closed_at_the_end

import pytest
from sqlalchemy import select

from activities.answers.codes import LENGTH, hash_of, new_code
from activities.answers.errors import (
    AnswersRefused,
    AnswersTooNew,
    AnswersUnavailable,
    CodeHandedOut,
    CodeRefused,
    CodeUsed,
    NothingAsked,
)
from activities.answers.schema import PULSE
from activities.answers.store import AnswerStore
from activities.journal_errors import JournalAddressRefused
from domain.errors import BstError, NotAMember
from domain.pulses.bands import BANDS
from tests.unit.pulses import (
    FIVE,
    TEAM,
    answers,
    closing,
    files_of,
    holders,
    pleased,
    task,
    write_ahead_log,
)

# More than can be luck, few enough for a second.
RIVALS = 8


@pytest.fixture
def store(journal_url: str) -> Iterator[AnswerStore]:
    with closed_at_the_end(AnswerStore(journal_url.replace("journal.db", "answers.db"))) as opened:
        yield opened


def answered_by(store: AnswerStore, *members: str) -> None:
    for person, member in enumerate(members):
        store.answer(TEAM, store.draw(TEAM, member), answers(person))


def row(store: AnswerStore) -> dict[str, str]:
    """Return all that is stored of the open pulse."""
    with store._database.reading() as connection:
        return dict(connection.execute(select(PULSE)).mappings().one())


def test_five_answers_become_bands_and_nothing_else_is_left(store: AnswerStore) -> None:
    store.open_pulse(task())
    for member in FIVE:
        store.answer(TEAM, store.draw(TEAM, member), pleased())
    result = store.close_pulse(closing())
    assert result is not None
    assert (result.answered, result.scales) == (5, {"trust": "high", "equality": "high"})
    assert set(result.items.values()) <= set(BANDS)
    with pytest.raises(NothingAsked):
        store.asked(TEAM)


def test_too_few_answers_release_nothing_and_are_destroyed(store: AnswerStore) -> None:
    store.open_pulse(task())
    answered_by(store, "Ana", "Ben", "Chloe", "Dan")
    result = store.close_pulse(closing())
    assert result is not None
    assert (result.answered, result.scales, result.items) == (4, {}, {})
    assert not holders(files_of(store), '"counts"')


@pytest.mark.parametrize("discard", [False, True])
def test_a_close_that_is_asked_again_gives_the_same(store: AnswerStore, *, discard: bool) -> None:
    store.open_pulse(task())
    answered_by(store, *FIVE)
    first = store.close_pulse(closing(discard=discard))
    assert store.close_pulse(closing(discard=discard)) == (None if discard else first)


def test_opening_again_keeps_what_was_answered_and_a_new_pulse_destroys_it(store: AnswerStore) -> None:
    store.open_pulse(task())
    answered_by(store, "Ana")
    store.open_pulse(task())
    assert store.asked(TEAM).answered == 1
    store.open_pulse(task(2))
    assert (store.asked(TEAM).number, store.asked(TEAM).answered) == (2, 0)
    store.open_pulse(task(1))  # an attempt that was overtaken
    assert store.asked(TEAM).number == 2
    assert store.close_pulse(closing(1)) is None
    assert store.asked(TEAM).number == 2


def test_a_code_counts_once_however_it_is_typed(store: AnswerStore) -> None:
    store.open_pulse(task())
    code = store.draw(TEAM, "ana")
    store.answer(TEAM, code.lower().replace("-", " ").replace("0", "o").replace("1", "l"), answers())
    for again in (code, code.replace("-", "")):
        with pytest.raises(CodeUsed, match="nothing was added"):
            store.answer(TEAM, again, answers(1))
        with pytest.raises(CodeUsed):
            store.check(TEAM, again)
    assert store.asked(TEAM).answered == 1


def test_a_foreign_or_an_old_code_is_refused(store: AnswerStore) -> None:
    store.open_pulse(task())
    old = store.draw(TEAM, "Ana")
    store.open_pulse(task(2))
    for code in (old, new_code(), "", "ABCDE"):
        with pytest.raises(CodeRefused, match="no code of pulse p2"):
            store.answer(TEAM, code, answers())


@pytest.mark.parametrize(
    "wrong",
    [{}, {"voice.1": 3}, answers() | {"voice.1": 6}, answers() | {"voice.1": 0}, answers() | {"x": 1}],
)
def test_answers_that_are_not_complete_leave_the_code_as_it_is(
    store: AnswerStore, wrong: dict[str, int]
) -> None:
    store.open_pulse(task())
    code = store.draw(TEAM, "Ana")
    with pytest.raises(AnswersRefused):
        store.answer(TEAM, code, wrong)
    store.check(TEAM, code)
    store.answer(TEAM, code, answers())


def test_each_member_draws_one_code_and_nobody_else_does(store: AnswerStore) -> None:
    store.open_pulse(task())
    store.draw(TEAM, "Ana")
    with pytest.raises(CodeHandedOut, match="handed out to Ana already"):
        store.draw(TEAM, "ANA")
    with pytest.raises(NotAMember, match="it asks Ana, Ben, Chloe, Dan and Eve"):
        store.draw(TEAM, "Mallory")


def test_the_same_code_sent_at_once_counts_once(store: AnswerStore) -> None:
    store.open_pulse(task())
    code = store.draw(TEAM, "Ana")
    assert outcomes(store, [(code, person) for person in range(RIVALS)]) == ["CodeUsed"] * (RIVALS - 1) + [
        "counted"
    ]
    assert store.asked(TEAM).answered == 1
    assert sum(json.loads(row(store)["tally"])["counts"]["voice.1"]) == 1


def test_other_codes_sent_at_once_count_all(store: AnswerStore) -> None:
    store.open_pulse(task())
    codes = [store.draw(TEAM, member) for member in FIVE]
    assert outcomes(store, [(code, person) for person, code in enumerate(codes)]) == ["counted"] * 5
    assert store.asked(TEAM).answered == 5


def test_one_name_drawn_at_once_gets_one_code(store: AnswerStore) -> None:
    store.open_pulse(task())

    def draw(_: int) -> str:
        try:
            return store.draw(TEAM, "Ana")
        except CodeHandedOut:
            return ""

    with ThreadPoolExecutor(RIVALS) as pool:
        assert len([code for code in pool.map(draw, range(RIVALS)) if code]) == 1


def outcomes(store: AnswerStore, sent: list[tuple[str, int]]) -> list[str]:
    def send(one: tuple[str, int]) -> str:
        try:
            store.answer(TEAM, one[0], answers(one[1] % 5))
        except BstError as error:
            return type(error).__name__
        return "counted"

    with ThreadPoolExecutor(len(sent)) as pool:
        return sorted(pool.map(send, sent))


def test_what_is_stored_has_no_order_and_ties_nothing_together(store: AnswerStore) -> None:
    """Drawn and answered in two other orders, the same people leave the same row but for random hashes."""
    rows: list[dict[str, str]] = []
    for order in (tuple(FIVE), tuple(reversed(FIVE))):
        store.open_pulse(task(1 + len(rows)))
        codes = {member: store.draw(TEAM, member) for member in order}
        for member in sorted(codes, key=codes.__getitem__):
            store.answer(TEAM, codes[member], answers(list(FIVE).index(member)))
        rows.append(row(store))
        used = json.loads(rows[-1]["used"])
        assert used == sorted(used)
        assert json.loads(rows[-1]["unused"]) == []
        assert not [code for code in codes.values() if code in json.dumps(rows[-1])]
    same = ("invited", "drawn", "tally", "team", "k")
    assert {key: rows[0][key] for key in same} == {key: rows[1][key] for key in same}


def test_no_file_keeps_an_earlier_state_after_the_close(store: AnswerStore) -> None:
    store.open_pulse(task())
    seen: list[str] = []
    for person, member in enumerate(FIVE):
        code = store.draw(TEAM, member)
        seen += [row(store)["drawn"], json.loads(row(store)["unused"])[0]]
        store.answer(TEAM, code, answers(person))
        seen.append(row(store)["tally"])
    assert holders(files_of(store), seen[-1])  # it can be found where it is
    store.close_pulse(closing())
    assert holders(files_of(store), *seen) == set()


def test_the_write_ahead_log_never_has_an_answer_or_a_code(fresh_postgres_url: str) -> None:
    with closed_at_the_end(AnswerStore(fresh_postgres_url)) as store:
        store.open_pulse(task())
        code = store.draw(TEAM, "Ana")
        (stored,) = json.loads(row(store)["unused"])
        store.answer(TEAM, code, answers())
        tally = row(store)["tally"]
        store.close_pulse(closing())
        log = write_ahead_log(store)
        assert holders(log, stored, tally, '"counts"') == set()
        assert holders(log, '{"answered":1,"scales":{}')  # what is released is in it: the search works


@pytest.mark.parametrize("journal_url", ["sqlite"], indirect=True)
def test_sqlite_overwrites_what_is_replaced(store: AnswerStore) -> None:
    store.open_pulse(task())
    before: list[str] = []
    for person, member in enumerate(FIVE):
        store.answer(TEAM, store.draw(TEAM, member), answers(person))
        assert holders(files_of(store), *before) == set()
        before.append(row(store)["tally"])
    assert list(files_of(store)) == ["answers.db"]  # no write-ahead log, no rollback journal
    assert store.address.path is not None
    assert stat.S_IMODE(store.address.path.stat().st_mode) == 0o600


def test_nothing_of_it_is_logged(store: AnswerStore, caplog: pytest.LogCaptureFixture) -> None:
    """Not even where somebody has every statement and every row of every database logged."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    store.open_pulse(task())
    code = store.draw(TEAM, "Ana")
    store.answer(TEAM, code, answers())
    secrets = (code, row(store)["used"][2:40], "Ana", '"counts"', "pulse_open")
    assert caplog.records  # of the pool
    assert not [secret for secret in secrets if secret in caplog.text]


def test_nothing_is_made_by_looking(store: AnswerStore) -> None:
    for look in (lambda: store.asked(TEAM), lambda: store.check(TEAM, "x")):
        with pytest.raises(NothingAsked, match="no pulse has opened"):
            look()
    assert store.address.path is None or not store.address.path.exists()


def test_a_database_of_a_later_version_is_left_alone(store: AnswerStore) -> None:
    store.open_pulse(task())
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE answers_schema SET version = 2")
    with pytest.raises(AnswersTooNew, match="Upgrade this program"):
        store.draw(TEAM, "Ana")


def test_a_database_that_is_not_there_is_told_in_one_line() -> None:
    store = AnswerStore("postgresql+psycopg://bst:s3cret@127.0.0.1:1/answers")
    with pytest.raises(
        AnswersUnavailable, match=r"^The answers database at postgresql://bst@127.0.0.1:1/answers"
    ) as told:
        store.open_pulse(task())
    assert "s3cret" not in str(told.value)
    with pytest.raises(JournalAddressRefused, match="answers database cannot be kept in mysql"):
        AnswerStore("mysql://x/y")


def test_codes_are_random_and_bound_to_their_purpose() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code.replace("-", "")) for code in codes} == {LENGTH}
    assert LENGTH * 5 >= 128
    assert hash_of("ABC", "one") != hash_of("ABC", "another")
