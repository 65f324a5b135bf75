"""The small programs of deploy/, run as a host runs them: the health check and the two one-shot jobs."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.health import MAX_AGE_S, verdict

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
TOOLS = Path(sys.executable).parent  # where the extra 'server' puts the Temporal CLI
NOW_S = 1_800_000_000.0


@pytest.mark.parametrize(
    ("age_s", "code"),
    [(0, 0), (10, 0), (MAX_AGE_S, 0), (MAX_AGE_S + 1, 1), (86_400, 1), (-5, 0), (-86_400, 1)],
)
def test_health_given_a_sign_of_an_age_then_it_is_alive_or_not(
    tmp_path: Path, age_s: float, code: int
) -> None:
    sign = tmp_path / "alive"
    sign.touch()
    os.utime(sign, (NOW_S - age_s, NOW_S - age_s))
    assert verdict(str(sign), NOW_S)[0] == code


@pytest.mark.parametrize(
    ("named", "says"), [(None, "is not set"), ("", "is not set"), ("/nowhere/alive", "No sign of life")]
)
def test_health_given_no_sign_at_all_then_it_says_what_is_missing(named: str | None, says: str) -> None:
    code, sentence = verdict(named, NOW_S)
    assert code == 1
    assert says in sentence


def test_health_program_follows_the_file_as_the_engine_calls_it(tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    command = [sys.executable, "-IS", str(DEPLOY / "health.py")]
    environment = {"BST_HEALTH_FILE": str(sign)}

    def run() -> tuple[int, str]:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout

    assert run()[0] == 1
    sign.touch()
    assert run() == (0, "The last sign of life is 0 s old.\n")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a real Temporal server on loopback, stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(TOOLS / "temporal"),
        "server",
        "start-dev",
        "--headless",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        yield f"127.0.0.1:{port}"
        running.terminate()


def run_namespace_job(server: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{TOOLS}:/usr/bin:/bin",
        "TEMPORAL_ADDRESS": server,
        "TEMPORAL_NAMESPACE": "bst",
        "NAMESPACE_RETENTION": "90d",
    } | settings
    script = str(DEPLOY / "scripts" / "temporal-namespace.sh")
    return subprocess.run(["/bin/sh", script], env=environment, capture_output=True, text=True, check=False)


def retention_s(server: str) -> int:
    command = [
        str(TOOLS / "temporal"),
        "operator",
        "namespace",
        "describe",
        "--namespace",
        "bst",
        "--output",
        "json",
    ]
    told = subprocess.run(
        [*command, "--address", server],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": "/nonexistent"},
    ).stdout
    return int(json.loads(told)["config"]["workflowExecutionRetentionTtl"].removesuffix("s"))


def test_namespace_job_creates_it_once_and_then_leaves_it_alone(server: str) -> None:
    created = run_namespace_job(server)
    assert created.returncode == 0, created.stderr
    assert retention_s(server) == 90 * 86_400
    again = run_namespace_job(server, NAMESPACE_RETENTION="1d")
    assert again.returncode == 0, again.stderr
    assert "exists" in again.stdout
    assert retention_s(server) == 90 * 86_400


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"NAMESPACE_RETENTION": ""}, "NAMESPACE_RETENTION: say how long"),
        ({"TEMPORAL_NAMESPACE": ""}, "TEMPORAL_NAMESPACE: say which"),
        ({"TEMPORAL_NAMESPACE": "other", "NAMESPACE_RETENTION": "a while"}, 'invalid argument "a while"'),
    ],
)
def test_namespace_job_given_a_bad_setting_then_it_fails_and_says_which(
    server: str, settings: dict[str, str], says: str
) -> None:
    done = run_namespace_job(server, **settings)
    assert done.returncode != 0
    assert says in done.stderr


def recorder(folder: Path, fails_on: str) -> Path:
    """Stand in for temporal-sql-tool, which only its image holds: write each call down, fail on one."""
    tool = folder / "temporal-sql-tool"
    tool.write_text(f'#!/bin/sh\necho "$@" >>"{folder}/calls"\ncase "$*" in *"{fails_on}"*) exit 1;; esac\n')
    tool.chmod(0o755)
    return folder / "calls"


def test_schema_job_raises_both_databases_and_stops_at_the_first_failure(tmp_path: Path) -> None:
    calls = recorder(tmp_path, fails_on="no such call")
    command = ["/bin/sh", str(DEPLOY / "scripts" / "temporal-schema.sh")]
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    folder = "/etc/temporal/schema/postgresql/v12"
    everything = [
        "--db temporal create",
        "--db temporal setup-schema -v 0.0",
        f"--db temporal update-schema -d {folder}/temporal/versioned",
        "--db temporal_visibility create",
        "--db temporal_visibility setup-schema -v 0.0",
        f"--db temporal_visibility update-schema -d {folder}/visibility/versioned",
    ]
    assert calls.read_text().splitlines() == everything

    calls.unlink()
    recorder(tmp_path, fails_on="temporal setup-schema")
    failed = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert failed.returncode != 0
    assert "up to date" not in failed.stdout
    assert calls.read_text().splitlines() == everything[:2]
