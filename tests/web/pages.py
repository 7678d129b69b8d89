"""Reading a debrief's page as a person sees it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.numbered_films import RATE, number_in
from tests.web.browser import Browser

FIRST = {"wait": 0, "shout": 300, "talk": 600}


def opened(browser: Browser, address: str) -> None:
    """Open a page and wait until it shows its film."""
    browser.opens(address)
    browser.waits("document.body.dataset.ready === 'yes'")
    browser.waits("window.debrief.stage.settled")


def film(browser: Browser) -> NDArray[np.uint8]:
    """The film's part of a screenshot, once the frame that was asked for is shown."""
    browser.waits("window.debrief.stage.settled")
    place = "const b = document.getElementById('picture').getBoundingClientRect(); return [b.x, b.y, b.width, b.height]"
    left, top, width, height = (round(value) for value in browser.says(place))
    return browser.picture()[top : top + height, left : left + width]


def shows(browser: Browser, frame: int) -> None:
    """The film comes to show this frame, and stays at it. What a browser paints may come a moment after its seek."""
    seen = number_in(film(browser))
    for _ in range(100):
        if seen == frame:
            break
        seen = number_in(film(browser))
    where = "const s = window.debrief.stage; return [s.current.currentTime, s.wanted, s.root.dataset.frame]"
    assert (seen, number_in(film(browser))) == (frame, frame), browser.says(where)


def frame_of(event: dict[str, Any]) -> int:
    """The number of the frame that an event was recorded with."""
    return FIRST[str(event["scene"])] + round(float(event["media"]) * RATE)
