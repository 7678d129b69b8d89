"""A camera on the network: MJPEG over HTTP on this machine, which can be killed, stalled, slowed and restarted."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

Draw = Callable[[int, tuple[int, int]], NDArray[np.uint8]]


def noisy_wall(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A grey wall with a sensor's noise; no two in a row are alike."""
    width, height = size
    random = np.random.default_rng(number)
    return random.integers(60, 90, (height, width, 3), np.uint8)


class PictureServer:
    """Serves `size` pictures at `rate` a second to one client at a time, from construction to `stop`."""

    def __init__(
        self, *, port: int = 0, size: tuple[int, int] = (320, 240), rate: float = 30.0, draw: Draw = noisy_wall
    ) -> None:
        self.rate = rate
        self._size = size
        self._draw = draw
        self._stalled = threading.Event()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="picture-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/video.mjpg"

    def stall(self, on: bool = True) -> None:
        """Send nothing more over a connection that stays open, or go on."""
        if on:
            self._stalled.set()
        else:
            self._stalled.clear()

    def stop(self) -> None:
        """End as a process that was killed does: the connection and the port are gone."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                client.settimeout(1.0)
                client.recv(4096)
                self._serve(client)

    def _serve(self, client: socket.socket) -> None:
        client.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n")
        number, due = 0, time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            due = max(due + 1 / self.rate, time.monotonic())
            if self._stalled.is_set():
                continue
            number += 1
            _, jpeg = cv2.imencode(".jpg", self._draw(number, self._size))
            head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
            client.sendall(head + jpeg.tobytes() + b"\r\n")
