"""The web server: a process of its own, so that the film's frame times do not change; on this machine's loopback."""

import multiprocessing
import signal
import socket
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn

from range.app.web.link import Link
from range.app.web.pages import web_app

HOST = "127.0.0.1"
START_SECONDS = 30.0
END_SECONDS = 5.0


class WebServerError(Exception):
    """The web server cannot run; the text says why and what to do."""


class WebServer:
    """Serves the record's pages from a spawned process until `close`. Raises WebServerError.

    `port` 0 takes a free one; `address` is where a browser finds it; `wall` a session that is on the projector too.
    """

    def __init__(self, record: Path, *, port: int = 0, wall: int | None = None) -> None:
        try:
            listening = socket.create_server((HOST, port))
        except OSError as problem:
            raise WebServerError(f"port {port} cannot be used ({problem.strerror}): name another with --port") from None
        self.address = f"http://{HOST}:{listening.getsockname()[1]}"
        context = multiprocessing.get_context("spawn")
        near, far = context.Pipe()
        self._line = near
        self._process: BaseProcess = context.Process(
            target=_serve, args=(record, listening, far, wall), name="web", daemon=True
        )
        self._process.start()
        listening.close()
        far.close()
        if not near.poll(START_SECONDS) or near.recv() != "ready":
            self.close()
            raise WebServerError("the web server did not start: see the message above")

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def press(self, key: str) -> None:
        """Hand a keypad's key to the page on the wall."""
        self._line.send(key)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it ends, at most so long."""
        self._process.join(seconds)

    def close(self) -> None:
        """End it."""
        self._line.close()
        self._process.join(END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(
    record: Path, listening: socket.socket, line: "multiprocessing.connection.Connection", wall: int | None
) -> None:
    """The process `web`: answers until the other end of `line` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program decides when it ends
    link = Link()
    config = uvicorn.Config(
        web_app(record, link, wall),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config, line, link)
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says when it is ready, passes keys on, and ends with its owner."""

    def __init__(self, config: uvicorn.Config, line: "multiprocessing.connection.Connection", link: Link) -> None:
        super().__init__(config)
        self._line = line
        self._link = link

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._line.send("ready")

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._owner_is_gone()

    def _owner_is_gone(self) -> bool:
        try:
            while self._line.poll():
                self._link.press(self._line.recv())
        except (EOFError, OSError):
            return True
        return False
