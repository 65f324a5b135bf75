"""What a person does in the Temporal UI, in Chromium: nothing sleeps, everything waits for what it needs."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    NoSuchFrameException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

# Headless, without anything that a browser does by itself over the network.
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
    "--window-size=1440,1900",
)
# Seconds. The UI answers in less than one; a busy machine may need ten times that.
PATIENCE_S: Final = 15.0
# Seconds between two looks.
_EVERY_S: Final = 0.1
_MEANWHILE: Final = (
    NoSuchElementException,
    NoSuchFrameException,
    StaleElementReferenceException,
    ElementClickInterceptedException,
    ElementNotInteractableException,
)
# One question instead of three for every element: the UI's menus alone have 150 items.
_FIND: Final = r"""
const [css, text] = arguments;
const visible = {opacityProperty: true, visibilityProperty: true};
return [...document.querySelectorAll(css)].find(
  (found) => found.checkVisibility(visible)
    && found.innerText.replaceAll("\u00a0", " ").includes(text)) ?? null;
"""
_T = TypeVar("_T")


def missing() -> str:
    """What of the browser is not on this machine; empty when everything is."""
    return " and ".join(name for name in ("chromium", "chromedriver") if shutil.which(name) is None)


@contextmanager
def chromium() -> Iterator[Chrome]:
    """A browser with a profile of its own, from the programs that the distribution has."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert program
    assert driver
    options = ChromeOptions()
    options.binary_location = program
    with tempfile.TemporaryDirectory(prefix="bst-chromium-", ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = Chrome(options=options, service=ChromeService(driver))
        try:
            yield browser
        finally:
            browser.quit()


def until(browser: Chrome, what: str, look: Callable[[], _T]) -> _T:
    """Look until there is something; the failure says what was missing and what stood there instead."""
    try:
        return WebDriverWait(browser, PATIENCE_S, _EVERY_S, _MEANWHILE).until(lambda _: look())
    except TimeoutException:
        there = browser.find_element(By.TAG_NAME, "body").text
        raise AssertionError(f"There is no {what} on {browser.current_url}:\n{there}") from None


def one(browser: Chrome, css: str, text: str = "") -> WebElement:
    """The first visible element that a selector finds and that has the text."""
    found = until(browser, f"{css} with {text!r}", lambda: _first(browser, css, text))
    assert found is not None
    return found


def click(browser: Chrome, css: str, text: str = "") -> None:
    """Click as soon as it can be clicked."""

    def clicked() -> bool:
        element = _first(browser, css, text)
        if element is None:
            return False
        element.click()
        return True

    until(browser, f"{css} with {text!r} to click", clicked)


def page_has(browser: Chrome, *texts: str) -> None:
    """Wait until all texts stand on the page."""
    for text in texts:
        one(browser, "body", text)


@contextmanager
def frame(browser: Chrome, start: str, *texts: str) -> Iterator[None]:
    """Be inside the frame whose Markdown starts like this (as in an address), once it has all the texts.

    Every look enters anew, because the page replaces the frame when the journey has something new to say.
    """
    css = f'iframe[src*="content={start}"]'

    def inside() -> bool:
        browser.switch_to.default_content()
        browser.switch_to.frame(browser.find_element(By.CSS_SELECTOR, css))
        return all(_first(browser, "main", text) for text in texts or ("",))

    try:
        until(browser, f"{css} with {texts}", inside)
        yield
    finally:
        browser.switch_to.default_content()


def send(browser: Chrome, action: str, name: str, value: str) -> None:
    """Send a signal or an update as a person does: from the menu, by its name, with typed JSON."""
    kind = action.rsplit(maxsplit=1)[-1].lower()
    dialog = f'dialog[open][data-testid="{kind}-confirmation-modal"]'
    click(browser, "button", "More Actions")
    click(browser, "[role=menuitem]", action)
    click(browser, f'{dialog} [data-testid="{kind}-select-button"]')
    click(browser, f"{dialog} [role=option]", f"{name}\n")  # a line of its own: descriptions name others
    click(browser, f"{dialog} .cm-content")
    one(browser, f"{dialog} .cm-content").send_keys(Keys.CONTROL, "a", Keys.NULL, value)
    until(browser, f"{value} in the form", lambda: one(browser, f"{dialog} .cm-content").text == value)
    # The form sets JSON in order when the editor is left, which moves the button away under the mouse.
    submit = one(browser, f'{dialog} [data-testid="confirm-modal-button"]:enabled')
    browser.execute_script("arguments[0].click()", submit)
    until(browser, "closed form", lambda: _first(browser, dialog, "") is None)


def _first(browser: Chrome, css: str, text: str) -> WebElement | None:
    found: WebElement | None = browser.execute_script(_FIND, css, text)
    return found
