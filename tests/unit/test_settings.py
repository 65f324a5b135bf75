"""What the environment says, and what is refused of it."""

import os
from pathlib import Path

import pytest

from bst.settings import Settings
from domain.errors import BadInput


@pytest.fixture
def profiles(tmp_path: Path) -> str:
    """A file of Temporal's own configuration."""
    file = tmp_path / "temporal.toml"
    file.write_text(
        "[profile.default]\n"
        "[profile.cloud]\n"
        'address = "team.a1b2c.tmprl.cloud:7233"\n'
        'namespace = "team.a1b2c"\n'
        'api_key = "secret-key"\n'
        "[profile.nowhere]\n"
        'namespace = "team"\n'
    )
    return str(file)


def test_nothing_said_means_this_folder() -> None:
    settings = Settings.from_environment({})

    home = Path.cwd() / ".bst"
    assert settings.home == home
    assert settings.data == Path.cwd()
    assert settings.journal == f"sqlite:///{home}/journal.db"
    assert (settings.task_queue, settings.log) == ("bst", "console")
    assert (settings.health_file, settings.temporal_binary) == (None, None)


def test_each_variable_is_heard(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "BST_JOURNAL": "postgresql+psycopg://bst:pw@db/bst",
            "BST_DATA": str(tmp_path),
            "BST_TASK_QUEUE": "teams",
            "BST_HOME": str(tmp_path / "home"),
            "BST_LOG": "json",
            "BST_HEALTH_FILE": "/run/bst/alive",
            "BST_TEMPORAL": "/opt/temporal",
        }
    )

    assert settings.journal == "postgresql+psycopg://bst:pw@db/bst"
    assert (settings.data, settings.home) == (tmp_path, tmp_path / "home")
    assert (settings.task_queue, settings.log) == ("teams", "json")
    assert settings.health_file == Path("/run/bst/alive")
    assert settings.temporal_binary == Path("/opt/temporal")


def test_the_journal_lies_in_the_home_unless_named(tmp_path: Path) -> None:
    settings = Settings.from_environment({"BST_HOME": str(tmp_path)})

    assert settings.journal == f"sqlite:///{tmp_path}/journal.db"


def test_answers_lie_beside_the_journal_and_never_in_its_file(tmp_path: Path) -> None:
    home = {"BST_HOME": str(tmp_path)}
    server = "postgresql+psycopg://bst:pw@db/bst"
    assert Settings.from_environment(home).answers == f"sqlite:///{tmp_path}/answers.db"
    assert Settings.from_environment(home | {"BST_JOURNAL": server}).answers == server
    own = {"BST_JOURNAL": server, "BST_ANSWERS": "sqlite:////srv/answers.db"}
    assert Settings.from_environment(home | own).answers == "sqlite:////srv/answers.db"
    with pytest.raises(BadInput, match="BST_ANSWERS names the journal's file"):
        Settings.from_environment(home | {"BST_ANSWERS": f"sqlite:///{tmp_path}/journal.db"})


def test_an_empty_variable_is_not_set() -> None:
    empty = {"BST_LOG": "", "BST_JOURNAL": " ", "BST_HEALTH_FILE": "", "TEMPORAL_ADDRESS": ""}

    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_folders_stay_where_they_were_when_the_program_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environment({})
    before = settings.home

    monkeypatch.chdir(tmp_path)

    assert settings.home == before


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"BST_LOG": "xml"}, "BST_LOG is 'xml': it can be console or json."),
        ({"BST_JOURNAL": "journal.db"}, "BST_JOURNAL is not usable: it has to be an SQLAlchemy URL"),
        (
            {"BST_SOURCE_HOSTS": "http://a/"},
            "BST_SOURCE_HOSTS is 'http://a/': 'http://a/' is no host. Write a name",
        ),
        ({"BST_DATA": "/no/such/folder"}, "BST_DATA is '/no/such/folder', and there is no such folder."),
        ({"BST_TASK_QUEUE": "q" * 201}, "BST_TASK_QUEUE is"),
    ],
)
def test_what_cannot_be_used_is_refused(variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        Settings.from_environment(variables)

    assert sentence in str(refused.value)


def test_all_wrong_variables_are_named_at_once() -> None:
    with pytest.raises(BadInput, match=r"BST_JOURNAL .* BST_LOG "):
        Settings.from_environment({"BST_LOG": "xml", "BST_JOURNAL": "x"})


def test_secrets_are_not_shown() -> None:
    settings = Settings.from_environment(
        {"TEMPORAL_API_KEY": "secret-key", "BST_JOURNAL": "postgresql://bst:secret-key@db/bst"}
    )

    assert "secret-key" not in repr(settings)
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({"BST_JOURNAL": "secret-key"})
    assert "secret-key" not in str(refused.value)


def test_no_address_means_the_embedded_server(profiles: str) -> None:
    assert "target_host" not in Settings.from_environment({"TEMPORAL_CONFIG_FILE": profiles}).connect_config()


def test_a_profile_leads_to_temporal_cloud(profiles: str) -> None:
    variables = {"TEMPORAL_CONFIG_FILE": profiles, "TEMPORAL_PROFILE": "cloud"}

    config = Settings.from_environment(variables).connect_config()

    assert config["target_host"] == "team.a1b2c.tmprl.cloud:7233"
    assert config["namespace"] == "team.a1b2c"
    assert config["api_key"] == "secret-key"
    assert config["tls"] is True


def test_variables_win_over_the_profile(profiles: str) -> None:
    variables = {
        "TEMPORAL_CONFIG_FILE": profiles,
        "TEMPORAL_PROFILE": "cloud",
        "TEMPORAL_ADDRESS": "localhost:7233",
        "TEMPORAL_NAMESPACE": "teams",
    }

    config = Settings.from_environment(variables).connect_config()

    assert (config["target_host"], config["namespace"]) == ("localhost:7233", "teams")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"TEMPORAL_CONFIG_FILE": "/no/such/file"}, "TEMPORAL_CONFIG_FILE is '/no/such/file'"),
        ({"TEMPORAL_PROFILE": "other"}, "Profile 'other' not found"),
        ({"TEMPORAL_PROFILE": "nowhere"}, "The profile 'nowhere' names no address"),
        ({"TEMPORAL_API_KEY": "key"}, "set TEMPORAL_ADDRESS too"),
        ({"TEMPORAL_TLS": "true"}, "set TEMPORAL_ADDRESS too"),
        ({"TEMPORAL_ADDRESS": "localhost"}, "it has to be HOST:PORT"),
        ({"TEMPORAL_ADDRESS": "http://localhost:7233"}, "it has to be HOST:PORT"),
        ({"TEMPORAL_ADDRESS": ":7233"}, "it has to be HOST:PORT"),
        ({"TEMPORAL_ADDRESS": "h:1", "TEMPORAL_TLS_CLIENT_CERT_PATH": "/no/cert"}, "/no/cert"),
    ],
)
def test_a_configuration_of_temporal_that_leads_nowhere_is_refused(
    profiles: str, variables: dict[str, str], sentence: str
) -> None:
    settings = Settings.from_environment({"TEMPORAL_CONFIG_FILE": profiles, **variables})

    with pytest.raises(BadInput) as refused:
        settings.connect_config()

    assert sentence in str(refused.value)


def test_a_broken_configuration_file_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("[profile.default\n")

    with pytest.raises(BadInput, match="line 1"):
        Settings.from_environment({"TEMPORAL_CONFIG_FILE": str(file)}).connect_config()


def test_a_folder_of_secrets_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"BST_SECRETS is .*gone.* no such folder"):
        Settings.from_environment({"BST_SECRETS": str(tmp_path / "gone")})
    assert Settings.from_environment({"BST_SECRETS": str(tmp_path)}).secrets == tmp_path


def test_further_folders_are_listed_as_in_path_and_each_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    both = f"{tmp_path}/a{os.pathsep}{tmp_path}/b"

    assert Settings.from_environment({"BST_FOLDERS": both}).folders == (tmp_path / "a", tmp_path / "b")
    assert Settings.from_environment({}).folders == ()
    for wrong in (f"{both}{os.pathsep}{tmp_path}/c", "a", "."):
        with pytest.raises(BadInput, match="BST_FOLDERS"):
            Settings.from_environment({"BST_FOLDERS": wrong})
