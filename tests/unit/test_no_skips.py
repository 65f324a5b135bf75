"""That a skip fails where CI=true, and only there."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

@pytest.mark.skip(reason="no such machine")
def test_marked(): pass

def test_asked():
    pytest.skip("no such browser")

@pytest.mark.xfail(reason="known", strict=True)
def test_expected(): assert False

def test_fine(): pass
"""


@pytest.mark.parametrize(
    ("ci", "code", "summary"),
    [("true", 1, "1 failed, 1 passed, 1 xfailed, 2 errors"), ("", 0, "1 passed, 3 skipped, 1 xfailed")],
)
def test_a_skip_fails_in_ci_and_says_why(tmp_path: Path, ci: str, code: int, summary: str) -> None:
    (tmp_path / "conftest.py").write_text("from tests.no_skips import *\n")
    (tmp_path / "test_these.py").write_text(TESTS)
    whole_file = 'import pytest\npytest.skip("no such system", allow_module_level=True)\n'
    (tmp_path / "test_whole_file.py").write_text(whole_file)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "--continue-on-collection-errors"],
        cwd=tmp_path,
        env={"CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert summary in done.stdout
    assert done.returncode == code
    for reason in ("no such machine", "no such browser", "no such system"):
        assert reason in done.stdout
