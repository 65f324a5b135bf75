"""docs/operating.md knows every setting, and what it says of them is so."""

import re
from datetime import timedelta
from pathlib import Path

import worker
from activities.sources import secrets
from activities.sources.allowance import Allowance
from activities.sources.web import retry
from bst import dev_server, logs, service
from bst.cli.options import KEY_VARIABLE, MEMBER_VARIABLE
from bst.cli.signing import FILE_VARIABLE, PASSPHRASE_VARIABLE
from bst.keys.folder import FOLDER_VARIABLE
from bst.settings import VARIABLES
from bst.temporal_binary import OLDEST
from workflows import limits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())


def settings_table() -> set[str]:
    """Return the variables that have a row of their own, or share one."""
    section = PAGE.split("## Settings")[1].split("\n## ")[0]
    return {
        name
        for row in re.findall(r"^\|([^|]*)\|", section, re.MULTILINE)
        for name in re.findall(r"`(\w+)", row)
    }


def test_every_setting_has_its_row() -> None:
    wanted = {*VARIABLES.values(), MEMBER_VARIABLE, *worker.DEPLOYMENT_VARIABLES, "NO_COLOR"}
    assert wanted - settings_table() == set()


def test_every_variable_that_the_program_names_has_its_row() -> None:
    sources = [
        path for top in ("activities", "bst", "domain", "workflows") for path in (ROOT / top).rglob("*.py")
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*sources, ROOT / "worker.py"])
    ours = set(re.findall(r'"(BST_[A-Z_]*[A-Z])"', text))
    assert len(ours) >= len(VARIABLES)
    assert ours - settings_table() == set()
    assert set(re.findall(r'"(TEMPORAL_[A-Z_]*[A-Z])"', text)) - settings_table() == set()


def test_no_row_is_of_a_variable_that_nothing_reads() -> None:
    ours = {name for name in settings_table() if name.startswith("BST_")}
    of_keys = {KEY_VARIABLE, FOLDER_VARIABLE, FILE_VARIABLE, PASSPHRASE_VARIABLE}
    assert ours == {*VARIABLES.values(), MEMBER_VARIABLE, *of_keys}


def test_names_that_are_not_for_charters_are_told() -> None:
    for prefix in secrets.RESERVED:
        assert f"`{prefix}`" in PAGE


def test_what_bounds_web_sources_is_told_as_it_is() -> None:
    limits = Allowance()
    decision = " ".join((ROOT / "docs" / "decisions" / "web-sources.md").read_text(encoding="utf-8").split())
    messages = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")

    first = limits.pause_seconds
    assert retry.TRIES == 4
    assert f"four times at most, after {first:g}, {2 * first:g} and {4 * first:g} s" in decision
    assert f"if that is at most {retry.LONGEST:g} s" in decision
    assert f"a web request of more than {limits.seconds:g} s" in messages
    assert f"a fetch of more than {limits.total_seconds / 60:g} minutes" in messages
    assert f"more than {limits.body_bytes / 2**20:g} MiB" in messages


def test_its_times_and_sizes_are_those_of_the_code() -> None:
    assert f"every {service.SIGN_EVERY_S:.0f} s" in TEXT
    assert f"tries for {service.PATIENCE_S / 60:.0f} minutes" in TEXT
    assert f"for {worker.DRAIN.total_seconds():.0f} s at most" in TEXT
    assert f"put aside at {logs._FILE_LIMIT_BYTES / 1e6:.0f} MB" in TEXT
    assert logs._FILE_LIMIT_BYTES == dev_server._LOG_LIMIT_BYTES
    assert f"every {limits.RUN_AT_MOST.days} days" in TEXT
    assert timedelta(minutes=1) == limits.HEARTBEAT_TIMEOUT
    assert f"has to be {'.'.join(map(str, OLDEST))} or later" in TEXT
