"""A real browser, driven over the WebDriver protocol: Chromium without a window."""

import base64
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
from numpy.typing import NDArray

DRIVER = shutil.which("chromedriver")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
KEYS = {"up": "\ue013", "down": "\ue015", "left": "\ue012", "right": "\ue014", "home": "\ue011", "end": "\ue010",
        "tab": "\ue004", "enter": "\ue007", "shift": "\ue008", "escape": "\ue00c"}  # fmt: skip
PATIENCE = 30.0


class BrowserError(Exception):
    """The browser refused; the text is its own."""


class Browser:
    """One page. Every wait is for a condition, never for a time."""

    def __init__(self, client: httpx.Client, session: str) -> None:
        self._client = client
        self._base = f"/session/{session}"

    def opens(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._post("url", {"url": address})

    def is_sized(self, width: int, height: int) -> None:
        """Give the page's inside this size in CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._post("goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics})

    def says(self, script: str, *values: object) -> Any:
        """What a script in the page returns."""
        return self._post("execute/sync", {"script": script, "args": list(values)})

    def waits(self, condition: str) -> Any:
        """The value of a script's expression, once it is true."""
        until = time.monotonic() + PATIENCE
        while not (value := self.says(f"return {condition}")):
            if time.monotonic() > until:
                raise BrowserError(f"never came true: {condition}\n{self.log()}")
            time.sleep(0.02)
        return value

    def types(self, *keys: str, shift: bool = False) -> None:
        """Press keys, by name or as they are, wherever the focus is."""
        actions = [{"type": "keyDown", "value": KEYS["shift"]}] if shift else []
        for key in keys:
            for one in [KEYS[key]] if key in KEYS else key:
                actions += [{"type": "keyDown", "value": one}, {"type": "keyUp", "value": one}]
        actions += [{"type": "keyUp", "value": KEYS["shift"]}] if shift else []
        self._post("actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def clicks(self, selector: str) -> None:
        """Click in the middle of an element."""
        found = self._post("element", {"using": "css selector", "value": selector})
        self._post(f"element/{next(iter(found.values()))}/click", {})

    def clicks_at(self, x: float, y: float) -> None:
        """Click at a place of the page."""
        steps = [{"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}]
        steps += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self._post("actions", {"actions": [mouse]})

    def picture(self, file: Path | None = None) -> NDArray[np.uint8]:
        """The page as it is seen, (height, width, 3)."""
        png = base64.b64decode(self._get("screenshot"))
        if file is not None:
            file.write_bytes(png)
        decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
        if decoded is None:
            raise BrowserError("its picture cannot be read")
        return decoded.astype(np.uint8)

    def paper(self) -> bytes:
        """The page as it is printed: a PDF."""
        return base64.b64decode(self._post("print", {"page": {"width": 21.0, "height": 29.7}, "shrinkToFit": False}))

    def log(self) -> list[str]:
        """What the page's console has said since last asked."""
        return [entry["message"] for entry in self._post("se/log", {"type": "browser"})]

    def close(self) -> None:
        """End it."""
        self._client.delete(self._base)

    def _post(self, what: str, body: dict[str, Any]) -> Any:
        return _value(self._client.post(f"{self._base}/{what}", json=body))

    def _get(self, what: str) -> Any:
        return _value(self._client.get(f"{self._base}/{what}"))


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """A browser with a page 1280 x 720, without a network but this machine's own."""
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--mute-audio"]
    arguments += ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", *more]
    wanted = {"goog:chromeOptions": {"args": arguments, "binary": BROWSER}, "goog:loggingPrefs": {"browser": "ALL"}}
    with subprocess.Popen([str(DRIVER), "--port=0"], stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        port = next(line.split("port ")[1].strip(" .\n") for line in driver.stdout if "started successfully on" in line)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                made = _value(client.post("/session", json={"capabilities": {"alwaysMatch": wanted}}))
                browser = Browser(client, made["sessionId"])
                try:
                    browser.is_sized(1280, 720)
                    yield browser
                finally:
                    browser.close()
        finally:
            driver.terminate()


def _value(answer: httpx.Response) -> Any:
    value = answer.json()["value"]
    if isinstance(value, dict) and "error" in value:
        raise BrowserError(f"{value['error']}: {value['message']}")
    return value
