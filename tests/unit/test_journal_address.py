"""Where a journal may be, and that its password is never said again."""

import logging
from urllib.parse import quote

import pytest
from sqlalchemy.exc import SQLAlchemyError

from activities.journal_address import journal_address
from activities.journal_engine import told_in_one_line
from activities.journal_errors import JournalAddressRefused, JournalUnavailable
from activities.journal_store import JournalStore
from domain.errors import BadInput
from tests.journal_events import TEAM, events

SECRET = "s3cret/w@rd+%"
# Nothing listens on port 1 of this machine, and a connection there is refused at once.
DEAD = f"postgresql+psycopg://bst:{quote(SECRET, safe='')}@127.0.0.1:1/journal"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///.bst/journal.db", "sqlite:///.bst/journal.db"),
        ("sqlite:////var/lib/bst/journal.db", "sqlite:////var/lib/bst/journal.db"),
        ("postgresql://bst:pw@db.example:5433/journal", "postgresql://bst@db.example:5433/journal"),
        ("postgresql+psycopg://db/journal?user=bst&password=pw", "postgresql://db/journal"),
        ("postgresql+psycopg://bst:pw@/journal?host=/run/postgresql", "postgresql://bst@/journal"),
        (DEAD, "postgresql://bst@127.0.0.1:1/journal"),
    ],
)
def test_an_address_is_shown_without_password_and_options(url: str, shown: str) -> None:
    store = JournalStore(url)
    assert (store.address.shown, repr(store)) == (shown, f"JournalStore({shown!r})")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "cannot be read"),
        ("journal.db", "cannot be read"),
        ("postgresql://bst:s3cret@db:54x/journal", "cannot be read"),
        ("mysql://bst:s3cret@db/journal", "cannot be kept in mysql"),
        ("postgresql+asyncpg://bst:s3cret@db/journal", "cannot be kept in postgresql\\+asyncpg"),
        ("postgresql://bst:s3@cret@db/journal", "%40"),
        ("postgresql://bst:s3cret@db", "names no database"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:x?mode=memory&uri=true", "names no file"),
        ("sqlite://journal.db", "names no file"),
        ("sqlite:///journal.db?timeout=1", "takes no options"),
    ],
)
def test_an_address_that_cannot_be_a_journals_is_refused_without_repeating_it(url: str, says: str) -> None:
    with pytest.raises(JournalAddressRefused, match=says) as refused:
        journal_address(url)
    assert isinstance(refused.value, BadInput)
    assert "s3" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_password_is_neither_in_errors_nor_in_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    store = JournalStore(DEAD)
    with pytest.raises(JournalUnavailable) as down:
        store.append(events(1, 1))
    told = "\n".join([str(down.value), repr(down.value), repr(vars(store)), caplog.text])
    assert not [form for form in (SECRET, quote(SECRET, safe="")) if form in told]
    assert str(down.value).startswith(
        "The journal at postgresql://bst@127.0.0.1:1/journal cannot be used now: "
    )
    assert str(down.value).endswith("Trying again is safe.")
    assert "\n" not in str(down.value)
    assert down.value.__cause__ is None


@pytest.mark.parametrize(
    "text", [f"no {SECRET} here", f"no {quote(SECRET, safe='')} here", "no s3cret%2Fw%40rd%2B%25 here"]
)
def test_a_secret_is_blacked_out_however_it_is_quoted(text: str) -> None:
    assert journal_address(DEAD).without_secrets(text) == "no *** here"


def test_what_a_database_says_is_passed_on_in_one_line_and_without_the_password() -> None:
    with pytest.raises(JournalUnavailable) as told, told_in_one_line(journal_address(DEAD)):
        raise SQLAlchemyError(f"no luck\n  with {SECRET}?")
    assert "cannot be used now: no luck with ***. Trying" in str(told.value)


def test_a_wrong_password_is_told_without_it(fresh_postgres_url: str) -> None:
    before, _, after = fresh_postgres_url.partition("@")
    wrong = f"{before.rpartition(':')[0]}:n0t-the-passw0rd@{after}"
    with pytest.raises(JournalUnavailable, match="password authentication failed") as refused:
        JournalStore(wrong).last_seq(TEAM)
    assert "n0t-the-passw0rd" not in str(refused.value)
