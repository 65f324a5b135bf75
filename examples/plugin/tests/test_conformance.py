"""The plugin does what each has to: `python -m pytest` in this folder, with the package installed."""

from pathlib import Path

import pytest

from bst.conformance import CHECKS, Case, Check
from bst.source_plugin import Calendar, Window, parse_label

LOG = """\
<11>1 2026-03-02T08:00:00Z shop payments - - - card refused
<14>1 2026-03-03T08:00:00+01:00 shop payments - - - card taken
<11>1 2026-03-04T08:00:00Z shop mail - - - mail not sent
<14>1 2026-03-10T08:00:00Z shop payments - - - card taken

<8>1 2026-03-29T23:59:59.5Z shop payments - - - no connection
<11>1 - shop payments - - - the clock is not set
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / "shop.log").write_text(LOG, encoding="utf-8")
    weekly = Calendar("weekly")
    return Case(
        plugin="syslog",
        options={"path": "*.log", "app": "payments"},
        data_root=tmp_path,
        window=Window("weekly", parse_label("2026-03-02", weekly), parse_label("2026-03-23", weekly)),
        labels=("2026-03-02", "2026-03-09", "2026-03-23"),
        failing={"path": "gone.log"},
    )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_conforms(case: Case, check: Check) -> None:
    check(case)
