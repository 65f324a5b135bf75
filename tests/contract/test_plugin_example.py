"""The example of a plugin, as its user has it: installed by pip, checked, measured, and conforming."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bst.charter_rules import BASE

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugin"
MEASURED = """\
from pathlib import Path
from activities.sources import Window, fetch
from domain.periods import Calendar, parse_label
from domain.sources import PluginSource
since, through = (parse_label(day, Calendar("daily")) for day in ("2026-03-01", "2026-03-05"))
source = PluginSource(kind="plugin", name="syslog", options={"path": "*.log", "severity": "info"})
window = Window("daily", since, through)
print([(o.period - since, o.value) for o in fetch(source, window, data_root=Path("."))])
"""
BST = "from bst.cli import main; main()"
LOG = """\
<14>1 2026-03-02T08:00:00Z shop payments - - - card taken
<11>1 2026-03-02T09:00:00+01:00 shop payments - - - card refused
<15>1 2026-03-04T00:00:00Z shop payments - - - details
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that pip installed the example into; nothing of this environment is changed."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*pip, *alone, str(folder), str(EXAMPLE)], check=True, capture_output=True, timeout=60)
    return folder


def run(installed: Path, place: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{installed}{os.pathsep}{ROOT}"}
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        cwd=place,
        env=environment,
        text=True,
        timeout=60,
        check=False,
    )


def charter(place: Path, options: str) -> Path:
    path = place / "charter.yaml"
    source = "{kind: files, path: claims.csv}"
    assert source in BASE
    path.write_text(BASE.replace(source, f"{{kind: plugin, name: syslog, options: {options}}}"))
    return path


def test_it_conforms(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", EXAMPLE / "tests")

    assert done.returncode == 0, done.stdout
    assert "9 passed" in done.stdout


def test_it_is_measured(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "shop.log").write_text(LOG)

    done = run(installed, tmp_path, "-c", MEASURED)

    assert done.stdout.strip() == "[(1, 2.0), (3, 0.0)]", done.stderr


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ('{path: "*.log", severity: warning}', 0, ["no errors"]),
        ('{path: "${LOG_FOLDER}/x.log"}', 0, ["no errors"]),
        ("{path: x.log, severity: bad}", 2, ["S3 outcome.source.options.severity", "the plugin says"]),
        ("{severity: err}", 2, ["S1 outcome.source.options.path", "`path` is missing"]),
        ("{path: x.log, sverity: err}", 2, ["S2 outcome.source.options.sverity", "did you mean `severity`?"]),
        ("{path: 3}", 2, ["S4 outcome.source.options.path", "valid string"]),
    ],
)
def test_bst_check_asks_the_plugin(
    installed: Path, tmp_path: Path, options: str, code: int, words: list[str]
) -> None:
    path = charter(tmp_path, options)

    done = run(installed, tmp_path, "-c", BST, "check", "--today", "2026-11-23", path)

    assert done.returncode == code, done.stdout
    assert [word for word in words if word not in done.stdout] == [], done.stdout


def test_bst_check_says_when_it_is_not_installed(tmp_path: Path) -> None:
    path = charter(tmp_path, "{path: x.log}")

    done = run(tmp_path, tmp_path, "-c", BST, "check", "--today", "2026-11-23", path)

    assert done.returncode == 0, done.stdout
    assert "C17 outcome.source.name: the plugin `syslog` is not installed here" in done.stdout
