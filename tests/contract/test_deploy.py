"""What deploy/ promises, read from its own files: a slip there shows at a host's first start, or never."""

import importlib.resources
import json
import mmap
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from bst.service import SIGN_EVERY_S
from bst.settings import VARIABLES
from deploy.health import MAX_AGE_S
from worker import DRAIN

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
EXAMPLE = (DEPLOY / ".env.example").read_text()
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<how>:-|:\?)(?P<rest>[^}]*)\}")


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text())


SOURCE: dict[str, Any] = load(DEPLOY / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = SOURCE["services"]
DYNAMIC_CONFIG: dict[str, Any] = load(DEPLOY / "dynamicconfig" / "production.yaml")


def variables() -> list[tuple[str, str, str]]:
    """Return (name, ':-' or ':?', default or sentence) of every variable that the compose file reads."""
    return [(m["name"], m["how"], m["rest"]) for m in VARIABLE.finditer(json.dumps(SOURCE))]


def resolved(text: str) -> str:
    """Return a value as compose would with nothing but the required variables set, to the word 'set'."""
    return VARIABLE.sub(lambda m: m["rest"] if m["how"] == ":-" else "set", text)


def seconds(duration: str) -> float:
    units = {"s": "seconds", "m": "minutes", "h": "hours"}
    return sum(
        timedelta(**{units[u]: int(n)}).total_seconds() for n, u in re.findall(r"(\d+)([smh])", duration)
    )


def environment(name: str) -> dict[str, str]:
    given: dict[str, str] = SERVICES[name].get("environment", {})
    return {name: resolved(value) for name, value in given.items()}


def server_binary() -> Path:
    found = shutil.which("temporal", path=str(Path(sys.executable).parent))
    assert found, "The extra 'server' brings the Temporal CLI: install the extra 'dev'."
    return Path(found)


def test_compose_file_is_valid_by_the_compose_specification() -> None:
    packaged = importlib.resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(packaged.read_text())
    validator = jsonschema.Draft202012Validator(schema)
    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(SOURCE)] == []
    broken = SOURCE | {"services": {"worker": {"imgae": "x"}}}
    assert list(validator.iter_errors(broken)), "the schema must be one that refuses a misspelt key"


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_is_pinned_to_an_exact_version(service: str) -> None:
    name, _, tag = resolved(SERVICES[service]["image"]).partition(":")
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?(-bookworm)?", tag), (
        f"{name} must be pinned to a version, not to {tag!r}"
    )
    assert "auto-setup" not in name, "temporalio/auto-setup is deprecated and gets no new builds"


def test_server_tools_and_ui_have_the_versions_that_the_tests_run_on() -> None:
    told = subprocess.run([server_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    versions = re.search(r"Server (?P<server>[\d.]+), UI (?P<ui>[\d.]+)", told)
    assert versions, told
    images = {
        SERVICES[s]["image"] for s in ("temporal", "temporal-schema", "temporal-namespace", "temporal-ui")
    }
    assert images == {
        f"temporalio/server:{versions['server']}",
        f"temporalio/admin-tools:{versions['server']}",
        f"temporalio/ui:{versions['ui']}",
    }


def test_workers_image_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert resolved(SERVICES["worker"]["image"]) == f"business-service-teams:{version}"
    assert SERVICES["worker"]["image"] == SERVICES["search-attributes"]["image"]


@pytest.mark.parametrize("service", SERVICES)
def test_published_ports_are_on_loopback_and_databases_publish_none(service: str) -> None:
    ports = SERVICES[service].get("ports", [])
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", resolved(port)) for port in ports), ports
    assert not (service.endswith("-db") and ports)


@pytest.mark.parametrize("service", SERVICES)
def test_no_password_stands_in_the_file(service: str) -> None:
    for name, value in SERVICES[service].get("environment", {}).items():
        if re.search("PASSWORD|PWD", name) or "://bst:" in value:
            assert re.search(r"\$\{\w+_PASSWORD:\?[^}]+deploy/\.env", value), f"{service}: {name}"


def test_env_example_names_every_variable_and_fills_in_no_secret() -> None:
    required = {name for name, how, _ in variables() if how == ":?"}
    optional = {(name, default) for name, how, default in variables() if how == ":-"}
    assert set(re.findall(r"(?m)^(\w+)=$", EXAMPLE)) == required == {
        "TEMPORAL_DB_PASSWORD", "JOURNAL_DB_PASSWORD", "BST_DATA_DIR",
    }  # fmt: skip
    assert set(re.findall(r"(?m)^#(\w+)=(\S+)", EXAMPLE)) == optional
    assert not re.search(r"\$\{\w+\}|\$\w", json.dumps(SOURCE).replace("$$", "")), (
        "each variable has :- or :?"
    )


NEEDS = {
    "temporal-db": {"POSTGRES_USER", "POSTGRES_PASSWORD"},
    "temporal-schema": {"SQL_PLUGIN", "SQL_HOST", "SQL_PORT", "SQL_USER", "SQL_PASSWORD"},
    "temporal": {"DB", "DB_PORT", "POSTGRES_SEEDS", "POSTGRES_USER", "POSTGRES_PWD", "NUM_HISTORY_SHARDS",
                 "BIND_ON_IP", "DYNAMIC_CONFIG_FILE_PATH"},
    "temporal-namespace": {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "NAMESPACE_RETENTION"},
    "search-attributes": {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"},
    "temporal-ui": {"TEMPORAL_ADDRESS", "TEMPORAL_DEFAULT_NAMESPACE", "TEMPORAL_CORS_ORIGINS"},
    "journal-db": {"POSTGRES_USER", "POSTGRES_PASSWORD"},
    "worker": {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "BST_JOURNAL"},
    "page": {"BST_ANSWERS"},
}  # fmt: skip


def test_every_service_gets_the_settings_it_needs() -> None:
    assert set(SERVICES) == set(NEEDS)
    missing = {service: needs - set(environment(service)) for service, needs in NEEDS.items()}
    assert not {service: names for service, names in missing.items() if names}


def test_who_shares_a_database_or_a_namespace_agrees_on_it() -> None:
    database, schema, server = (environment(s) for s in ("temporal-db", "temporal-schema", "temporal"))
    assert database["POSTGRES_USER"] == schema["SQL_USER"] == server["POSTGRES_USER"]
    assert schema["SQL_PLUGIN"] == server["DB"]
    namespaces = {
        environment(s)["TEMPORAL_NAMESPACE"] for s in ("temporal-namespace", "search-attributes", "worker")
    }
    assert namespaces == {environment("temporal-ui")["TEMPORAL_DEFAULT_NAMESPACE"]}


ADDRESSES = [
    (service, host)
    for service in NEEDS
    for name, value in environment(service).items()
    if name in {"TEMPORAL_ADDRESS", "SQL_HOST", "POSTGRES_SEEDS", "BST_JOURNAL", "BST_ANSWERS"}
    for host in re.findall(r"^[\w-]+$|[\w-]+(?=:\d)", value)
]


def test_all_addresses_were_found() -> None:
    assert len(ADDRESSES) == 8


@pytest.mark.parametrize(("service", "host"), ADDRESSES)
def test_who_is_given_an_address_can_reach_it_and_waits_for_it(service: str, host: str) -> None:
    assert set(SERVICES[service]["networks"]) & set(SERVICES[host]["networks"])
    waits, todo = set[str](), [service]
    while todo:
        for other in SERVICES[todo.pop()].get("depends_on", {}):
            waits.add(other)
            todo.append(other)
    assert host in waits


@pytest.mark.parametrize("service", SERVICES)
def test_each_wait_can_end(service: str) -> None:
    for other, how in SERVICES[service].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"], f"{other} never becomes healthy without a check"
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"].startswith("on-failure"), f"{other} would be started for ever"


def test_databases_have_no_way_out_and_keep_their_data_apart() -> None:
    databases = [s for s in SERVICES if s.endswith("-db")]
    assert all(SOURCE["networks"][n]["internal"] for s in databases for n in SERVICES[s]["networks"])
    volumes = [SERVICES[s]["volumes"][0].partition(":")[0] for s in databases]
    assert sorted(volumes) == sorted(SOURCE["volumes"]) == sorted(set(volumes))


def test_worker_can_write_nothing_but_its_sign_of_life_and_scratch_space() -> None:
    ours = SERVICES["worker"]
    assert ours["read_only"] is True
    assert ours["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in ours["security_opt"]
    assert [volume["read_only"] for volume in ours["volumes"]] == [True]
    scratch = {mount.partition(":")[0]: mount.partition(":")[2] for mount in ours["tmpfs"]}
    sign = re.search(r"BST_HEALTH_FILE=(\S+)", DOCKERFILE)
    owner = re.search(r"(?m)^USER (\d+):(\d+)$", DOCKERFILE)
    assert sign
    assert owner
    assert f"uid={owner[1]},gid={owner[2]}" in scratch[str(Path(sign[1]).parent)]
    assert re.search(r"(?m)^WORKDIR (\S+)$", DOCKERFILE.rpartition("FROM")[2])[1] in scratch  # type: ignore[index]


def test_containers_and_worker_agree_on_times_and_names() -> None:
    assert seconds(SERVICES["worker"]["stop_grace_period"]) >= DRAIN.total_seconds() + 10, (
        "kill comes too early"
    )
    assert 6 * SIGN_EVERY_S <= MAX_AGE_S, "a busy worker must not look dead"
    named = set(environment("worker")) | set(re.findall(r"\b(BST_\w+)=", DOCKERFILE))
    assert {name for name in named if name.startswith("BST_")} <= set(VARIABLES.values())


def test_image_runs_as_a_number_without_a_compiler_and_takes_sigterm_itself() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"(?m)^USER 10001:10001$", final)
    assert re.search(r"(?m)^STOPSIGNAL SIGTERM$", final)
    assert json.loads(re.findall(r"(?m)^CMD (.+)$", final)[-1]) == ["python", "-m", "worker"]
    assert "HEALTHCHECK" in final
    assert not re.search(r"apt|gcc|build-essential|pip ", final)
    assert not re.search(r"https?://|index-url|_INDEX", DOCKERFILE), "an index comes as a secret of the build"


def test_build_context_is_what_the_wheel_is_made_of_and_nothing_else() -> None:
    rules = (ROOT / ".dockerignore").read_text().split("\n")
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]["include"]
    assert "*" in rules
    assert {rule[1:] for rule in rules if rule.startswith("!")} == {
        *wheel, "pyproject.toml", "constraints.txt", "README.md", "deploy/health.py",
    }  # fmt: skip


@pytest.mark.parametrize("key", DYNAMIC_CONFIG)
def test_each_dynamic_setting_exists_in_the_server(key: str) -> None:
    rules = DYNAMIC_CONFIG[key]
    assert all(set(rule) <= {"value", "constraints"} and "value" in rule for rule in rules)
    with server_binary().open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as binary:
        assert binary.find(key.encode()) >= 0, (
            f"server 1.32 has no setting {key} and would ignore it in silence"
        )
        assert binary.find(b"frontend.WorkflowPauseEnabledd") < 0, "the look-up must be able to fail"
