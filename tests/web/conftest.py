"""A browser for all specifications of the web: starting one takes longer than what is asked of it."""

from collections.abc import Iterator

import pytest

from tests.web.browser import BROWSER, DRIVER, Browser, chromium


@pytest.fixture(scope="session")
def a_browser() -> Iterator[Browser]:
    if not (DRIVER and BROWSER):
        pytest.skip("chromium and chromium-driver are not installed")
    with chromium("--autoplay-policy=no-user-gesture-required") as browser:
        yield browser
