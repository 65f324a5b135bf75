"""In CI a test that does not run is a test that fails: nobody reads why a green run left something out.

Import the hooks into the first conftest.py. They act only where CI=true, which `.ci/run` sets.
"""

import os
from collections.abc import Generator

import pytest

# What a clone alone cannot have: published numbers that the project may read and not ship. Its tests say so,
# aloud, where the numbers are not; nothing else may be left out.
NOT_SHIPPED = "reference vectors"

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a test's skip into a failure; an expected failure stays one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _in_ci():
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the skip of a whole file into a failure."""
    report = yield
    if report.skipped and _in_ci():
        _fail(report)
    return report


def _in_ci() -> bool:
    return os.environ.get("CI") == "true"


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if NOT_SHIPPED in why:
        return
    report.outcome = "failed"
    report.longrepr = f"Skipped, and in CI nothing may be: {why}"
