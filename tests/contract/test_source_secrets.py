"""`${NAME}` comes from the environment or a mounted file, never from the worker's own, and is never told."""

import base64
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.sources import Allowance, SourceBroke
from activities.sources.address import address
from activities.sources.secrets import Environment, conceal, fill
from domain.errors import SourceFailed
from tests.measuring import failure, read, sql

# Signs that are written differently in an address, in JSON, in a header and in a form.
SECRET = 'pa/ss wörd+"4711"\\%'


@pytest.mark.parametrize(
    "name", ["BST_JOURNAL", "TEMPORAL_API_KEY", "temporal_api_key", "AWS_SECRET_ACCESS_KEY"]
)
@pytest.mark.parametrize("mounted", [True, False])
def test_the_workers_own_variables_are_not_for_charters(name: str, tmp_path: Path, *, mounted: bool) -> None:
    (tmp_path / name).write_text("planted-secret")
    environment = Environment({}, tmp_path) if mounted else Environment({name: "planted-secret"})
    with pytest.raises(SourceFailed, match="not for charters") as caught:
        address(f"postgresql://reader:${{{name}}}@example.org/db", tmp_path, environment)
    assert "planted-secret" not in str(caught.value)


class TestFill:
    def test_each_name_gets_its_value(self) -> None:
        filled = fill("a ${ONE} b ${TWO}${ONE} $ONE", "there", {"ONE": "1 1", "TWO": "2"})
        assert (filled.text, filled.secrets) == ("a 1 1 b 21 1 $ONE", ("1 1", "2"))
        assert "1 1" not in repr(filled)

    def test_what_stands_before_a_sign_is_quoted(self) -> None:
        template = "https://${USER}:x@${HOST}/"
        filled = fill(template, "there", {"USER": "a/b", "HOST": "h/i"}, quoted_before=template.index("@"))
        assert filled.text == "https://a%2Fb:x@h/i/"

    @pytest.mark.parametrize("value", [None, ""])
    def test_what_is_not_set_is_named_with_the_way_out(self, value: str | None) -> None:
        environment = {} if value is None else {"KEY": value}
        with pytest.raises(SourceFailed, match=r"^there: \$\{KEY\} is not set .* file KEY .*BST_SECRETS"):
            fill("${KEY}", "there", environment)


class TestMountedFile:
    def test_it_is_used_before_the_variable_and_read_anew_each_time(self, tmp_path: Path) -> None:
        environment = Environment({"KEY": "variable", "OTHER": "plain"}, tmp_path)
        before = environment["KEY"]
        (tmp_path / "KEY").write_text("mounted\r\n")
        first = environment["KEY"]
        (tmp_path / "KEY").write_text("changed\n")
        assert (before, first, environment["KEY"], environment["OTHER"]) == (
            "variable",
            "mounted",
            "changed",
            "plain",
        )
        assert set(environment) == {"KEY", "OTHER"}

    def test_a_link_as_kubernetes_makes_it_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "..data").mkdir()
        (tmp_path / "..data" / "KEY").write_text("mounted")
        (tmp_path / "KEY").symlink_to("..data/KEY")
        assert Environment({}, tmp_path)["KEY"] == "mounted"

    @pytest.mark.parametrize("name", ["../KEY", "sub/KEY", "no-name", "."])
    def test_a_name_is_no_path(self, tmp_path: Path, name: str) -> None:
        folder = tmp_path / "secrets"
        (folder / "sub").mkdir(parents=True)
        for path in (tmp_path / "KEY", folder / "sub" / "KEY", folder / "no-name"):
            path.write_text("elsewhere")
        assert Environment({}, folder).get(name) is None

    def test_a_folder_that_is_not_there_holds_nothing(self, tmp_path: Path) -> None:
        environment = Environment({"KEY": "variable"}, tmp_path / "gone")
        assert (environment["KEY"], list(environment)) == ("variable", ["KEY"])

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"x" * 65_537, "larger than 65,536 bytes"), (b"\xff\xfe", "no text in UTF-8"), (b"\n", "not set")],
    )
    def test_one_that_cannot_be_used_is_refused(self, tmp_path: Path, content: bytes, words: str) -> None:
        (tmp_path / "KEY").write_bytes(content)
        with pytest.raises(SourceFailed, match=words) as caught:
            fill("${KEY}", "there", Environment({"KEY": "never this one"}, tmp_path))
        assert caught.value.source_code == "missing_variable"

    def test_one_that_cannot_be_read_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "KEY").symlink_to("/proc/self/mem")  # whose first byte nobody may read, root neither
        with pytest.raises(SourceFailed, match="cannot be read"):
            fill("${KEY}", "there", Environment({}, tmp_path))

    def test_it_reaches_the_source(self, tmp_path: Path) -> None:
        (tmp_path / "URL").write_text("sqlite:///nowhere-4711.db\n")
        allowance = Allowance(environment=Environment({}, tmp_path))
        code, sentence = failure(sql("${URL}", "select 1"), tmp_path, allowance=allowance)
        assert (code, "4711" in sentence) == ("no_such_file", False)


FORMS = {
    "plain": SECRET,
    "quoted": quote(SECRET),
    "quoted whole": quote(SECRET, safe=""),
    "quoted in small letters": quote(SECRET, safe="").lower(),
    "as in a form": quote_plus(SECRET),
    "in JSON": json.dumps({"p": SECRET}),
    "in JSON as it is": json.dumps({"p": SECRET}, ensure_ascii=False),
    "in Python": repr([SECRET]),
    "in Python as bytes": repr([SECRET.encode()]),
    "in a Basic header": "Basic " + base64.b64encode(f"reader:{SECRET}".encode()).decode(),
    "in a Basic header of another user": "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode(),
    "in base64 for addresses": base64.urlsafe_b64encode(f"x:{SECRET}:y".encode()).decode(),
    "cut": SECRET[:12] + "...",
    "cut at the end": SECRET[:12],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_hidden(form: str) -> None:
    told = conceal(f"it said: {form}", [SECRET])
    pieces = {SECRET[i : i + 6] for i in range(len(SECRET) - 5)} | {"4711", "w%C3%B6rd", "cGEvc3Mg"[1:7]}
    assert told.startswith("it said: ")
    assert "***" in told
    assert [piece for piece in pieces if piece in told] == []


@given(secret=st.text(min_size=5), user=st.text(max_size=9), rest=st.text(max_size=5))
def test_no_base64_of_a_secret_is_left(secret: str, user: str, rest: str) -> None:
    encoded = base64.b64encode(f"{user}:{secret}{rest}".encode()).decode()
    told = conceal(encoded, [secret])
    # At most the characters that also hold bits of the neighbours: two bytes' worth at each end.
    known = len(f"{user}:{rest}".encode())
    assert "***" in told
    assert len(told.replace("***", "").rstrip("=")) <= -(-known * 8 // 6) + 3


def test_other_words_stay_as_they_are() -> None:
    sentence = "postgresql://reader:${KEY}@db/claims: the database refused the login."
    assert conceal(sentence, ["postgresql+psycopg://x:y@db/z", "", "login-name"]) == sentence


def test_a_reader_that_lets_a_secret_through_is_stopped_at_the_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that forgets to conceal, or breaks: neither its sentence nor its traceback tells."""
    (tmp_path / "a.db").touch()
    monkeypatch.setenv("KEY", "planted-4711")
    source = sql("${KEY}", "select 1")

    def told(template: str, _root: Path, environment: Environment, *_: object) -> None:
        raise SourceFailed("unreachable", f"no host {fill(template, '', environment).text}")

    def broken(template: str, _root: Path, environment: Environment, *_: object) -> None:
        raise ValueError(fill(template, "", environment).text)

    monkeypatch.setattr("activities.sources.sql.address", told)
    assert failure(source, tmp_path) == ("unreachable", "no host ***")
    monkeypatch.setattr("activities.sources.sql.address", broken)
    with pytest.raises(SourceBroke) as caught:
        read(source, tmp_path)
    assert "ValueError: ***" in caught.value.details
    assert "4711" not in caught.value.details
    assert caught.value.__cause__ is None
