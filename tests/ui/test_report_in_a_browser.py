"""The report as people open it: in a browser, light and dark, wide and narrow, and on paper."""

import base64
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from selenium.webdriver import Chrome

from bst.report.history import history
from bst.report.page import page
from tests.reported import claims_rows

WIDE, NARROW = 1440, 390
# Shapes of a picture mean nothing by themselves (it is one image, with a title and a description), and the
# hundredth row of a table is like the first: without them a check takes a tenth of the time.
OPENED = """
document.querySelectorAll('details').forEach(one => one.open = true);
document.querySelectorAll('svg.chart :is(path, line, rect, circle)').forEach(one => one.remove());
document.querySelectorAll('tbody tr:nth-child(n+10)').forEach(one => one.remove());
"""
RUN = """
const done = arguments[0];
axe.run(document, {resultTypes: ['violations'], preload: false, iframes: false}).then(done);
"""
DRAWINGS = """
return [...document.querySelectorAll('svg[role=img]')].filter(one => one.checkVisibility())
  .map(one => one.getAttribute('viewBox').split(' ')[2]);
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "claims.html"
    path.write_text(page(history("claims", claims_rows(), rehearsal=True)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core: the rules of WCAG that a machine can check."""
    spec = importlib.util.find_spec("axe_core_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def seen(browser: Chrome, report: Path, width: int, scheme: Literal["light", "dark"]) -> Iterator[None]:
    """Look at the report on a screen of this width, by somebody who likes it light or dark."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == NARROW}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    try:
        browser.get(report.as_uri())
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_everybody_can_use_it(
    browser: Chrome, report: Path, axe: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    with seen(browser, report, width, scheme):
        browser.execute_script(OPENED)
        browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
        found: dict[str, Any] = browser.execute_async_script(RUN)
        broken = [
            (rule["id"], rule["help"], [node["html"][:200] for node in rule["nodes"][:3]])
            for rule in found["violations"]
        ]
        assert broken == []
        assert len(found["passes"]) > 20, "the rules were run"
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def logged(browser: Chrome) -> list[str]:
    """Return what pages have logged since the last time."""
    return [entry["message"] for entry in browser.get_log("browser")]  # type: ignore[no-untyped-call]


def test_it_asks_for_nothing_and_its_policy_is_kept(browser: Chrome, report: Path) -> None:
    logged(browser)  # what other pages said
    with seen(browser, report, WIDE, "light"):
        assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
        assert logged(browser) == []
        style = "return getComputedStyle(document.querySelector('.rehearsal')).backgroundColor"
        assert browser.execute_script(style) == "rgb(183, 64, 0)", "its own style is allowed"
        injected = (
            "const s = document.createElement('style'); s.textContent = 'body{display:none}';"
            "document.head.append(s); return getComputedStyle(document.body).display"
        )
        assert browser.execute_script(injected) == "block", "no other style is"


def test_one_drawing_is_shown_of_two(browser: Chrome, report: Path) -> None:
    with seen(browser, report, WIDE, "light"):
        assert set(browser.execute_script(DRAWINGS)) == {"960"}
    with seen(browser, report, NARROW, "light"):
        assert set(browser.execute_script(DRAWINGS)) == {"360"}


def test_it_prints(browser: Chrome, report: Path) -> None:
    with seen(browser, report, WIDE, "dark"):
        printed = browser.execute_cdp_cmd(
            "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True}
        )
        pdf = base64.b64decode(printed["data"])
        assert pdf.startswith(b"%PDF-")
        assert 3 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 9
