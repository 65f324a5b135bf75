"""What the environment says: which Temporal server, where the data and the journal are, how to log."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from domain.errors import BadInput

if TYPE_CHECKING:  # importing the SDK takes 0.2 s, and `bst --help` must answer at once
    from temporalio.envconfig import ClientConnectConfig

VARIABLES: Final[Mapping[str, str]] = {
    "journal": "BST_JOURNAL",
    "answers": "BST_ANSWERS",
    "data": "BST_DATA",
    "folders": "BST_FOLDERS",
    "secrets": "BST_SECRETS",
    "source_hosts": "BST_SOURCE_HOSTS",
    "task_queue": "BST_TASK_QUEUE",
    "home": "BST_HOME",
    "log": "BST_LOG",
    "health_file": "BST_HEALTH_FILE",
    "temporal_binary": "BST_TEMPORAL",
}
# The variables of Temporal's own configuration; TEMPORAL_CONFIG_FILE and TEMPORAL_PROFILE are among them.
_TEMPORAL_PREFIX: Final = "TEMPORAL_"
_URLS: Final = ("journal", "answers")

Url = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\+[a-z0-9_]+)?://")]
Queue = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _hosts(text: str) -> str:
    from activities.sources.hosts import Hosts

    Hosts.parse(text)
    return text


class Settings(BaseModel):
    """Everything that differs from one machine to the next; read once, then handed on as an argument."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    journal: Url = Field(repr=False)  # may hold a password
    """SQLAlchemy URL of the journal's database."""
    data: Path
    """Folder that a charter's relative data paths start from."""
    secrets: Path | None = None
    """Folder with a file for each `${NAME}` in charters that is no variable of the environment."""
    folders: tuple[Path, ...] = ()
    """Further folders whose files charters may name by absolute paths."""
    source_hosts: Annotated[str, AfterValidator(_hosts)] = ""
    """Hosts that web sources may ask, as `activities.sources.hosts` reads them; empty: any but its own."""
    task_queue: Queue = "bst"
    """Task queue that the client starts journeys on and the worker serves."""
    home: Path
    """Folder of the embedded server and of everything else that belongs to this place."""
    answers: Url = Field(
        default_factory=lambda given: f"sqlite:///{given['home'] / 'answers.db'}", repr=False
    )
    """SQLAlchemy URL of the answers database: pulses and read-backs until they close; may hold a password."""
    log: Literal["console", "json"] = "console"
    """Form of the log: for people, or one JSON object a line."""
    health_file: Path | None = None
    """File that the worker touches every 10 s while the server answers."""
    temporal_binary: Path | None = None
    """The Temporal CLI to use, instead of the one that would be found."""
    temporal: Mapping[str, str] = Field(default_factory=dict, repr=False)  # may hold an API key
    """The variables that Temporal's own configuration reads."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """What `environment` (this process's, if not given) asks for; an empty variable counts as not set.

        Raises:
            BadInput: a variable has a value that cannot be used; the message names all such variables.
        """
        source = os.environ if environment is None else environment
        given = {name: value for name, value in source.items() if value.strip()}
        values = {field: given[variable] for field, variable in VARIABLES.items() if variable in given}
        home = Path(values.get("home", ".bst")).absolute()
        data = Path(values.get("data", ".")).absolute()
        if not data.is_dir():
            raise BadInput(
                f"BST_DATA is {str(data)!r}, and there is no such folder. Name the folder of your data."
            )
        secrets = values.get("secrets")
        if secrets and not Path(secrets).is_dir():
            raise BadInput(
                f"BST_SECRETS is {secrets!r}, and there is no such folder. Name the folder that your secrets "
                "are mounted in, one file each."
            )
        folders = _folders(values.get("folders", ""))
        temporal = {name: value for name, value in given.items() if name.startswith(_TEMPORAL_PREFIX)}
        journal = values.get("journal", f"sqlite:///{home / 'journal.db'}")
        answers = _answers(values.get("answers"), journal, home)
        try:
            return cls.model_validate(
                {
                    **values,
                    "home": home,
                    "data": data,
                    "folders": folders,
                    "journal": journal,
                    "answers": answers,
                    "temporal": temporal,
                }
            )
        except ValidationError as error:
            raise BadInput(_sentences(error)) from None

    def connect_config(self) -> "ClientConnectConfig":
        """What Temporal's own configuration says: TEMPORAL_* variables over the chosen profile of its file.

        It has a `target_host` exactly when the user named a server; without one the embedded server is meant.

        Raises:
            BadInput: the file or the profile is missing or broken, or there are credentials but no address.
        """
        from temporalio.envconfig import ClientConfig

        file = self.temporal.get("TEMPORAL_CONFIG_FILE")
        if file and not Path(file).is_file():  # the SDK would go on as if nothing had been asked for
            raise BadInput(f"TEMPORAL_CONFIG_FILE is {file!r}, and there is no such file.")
        try:
            config = ClientConfig.load_client_connect_config(override_env_vars=dict(self.temporal))
        except (RuntimeError, OSError, ValueError, TypeError) as error:
            raise BadInput(f"Temporal's configuration cannot be used: {str(error).strip()}.") from error
        if "target_host" in config:
            _check_address(config["target_host"])
        elif profile := self.temporal.get("TEMPORAL_PROFILE"):
            raise BadInput(
                f"The profile {profile!r} names no address: add one (`temporal config set "
                f"--profile {profile} --prop address --value HOST:PORT`), or set TEMPORAL_ADDRESS."
            )
        elif "api_key" in config or "tls" in config:
            raise BadInput(
                "There is an API key or TLS for Temporal but no address: set TEMPORAL_ADDRESS too."
            )
        return config


def _answers(given: str | None, journal: str, home: Path) -> str:
    """Where answers are: beside the journal, and never in its file, because that lasts and is backed up."""
    if not journal.startswith("sqlite"):
        return given or journal
    if given == journal:
        raise BadInput(
            "BST_ANSWERS names the journal's file, and answers need one of their own: what is in the journal "
            "lasts, and answers must be destroyed."
        )
    return given or f"sqlite:///{home / 'answers.db'}"


def _folders(listed: str) -> tuple[Path, ...]:
    """The folders that a list names, as PATH does; each has to be there, or its data would be refused."""
    folders = tuple(Path(name) for name in listed.split(os.pathsep) if name.strip())
    for folder in folders:
        if not folder.is_absolute() or not folder.is_dir():
            raise BadInput(
                f"BST_FOLDERS names {str(folder)!r}, and there is no such folder. Name folders by absolute "
                f"paths, with {os.pathsep!r} between them."
            )
    return folders


def _check_address(address: str) -> None:
    """Refuse what the SDK would take for something else: a URL, or a host alone (it would try port 80)."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in address or " " in address:
        raise BadInput(f"Temporal's address is {address!r}; it has to be HOST:PORT, such as localhost:7233.")


def _sentences(error: ValidationError) -> str:
    allowed = {
        "log": "it can be console or json",
        **dict.fromkeys(
            _URLS,
            "it has to be an SQLAlchemy URL, such as sqlite:///journal.db or postgresql+psycopg://user@host/db",
        ),
    }
    # The URLs are not repeated: they may hold a password.
    return " ".join(
        f"{VARIABLES.get(field, field)} is {'not usable' if field in _URLS else repr(item['input'])}: "
        f"{allowed.get(field, item['msg'].removeprefix('Value error, '))}."
        for item in error.errors()
        for field in (str(item["loc"][0]),)
    )
