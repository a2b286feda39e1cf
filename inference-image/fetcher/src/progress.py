"""How far the fetch is: for the log, for the operator, and for fetchers that wait for this one."""

import collections
import http.server
import json
import socket
import socketserver
import threading
import time
from pathlib import Path

from text import size_text
from volume import write_atomically

TELL_SECONDS = 10.0
WINDOW_SECONDS = 60.0
FILE = ".progress.json"


class Progress:
    """Bytes, rate and time to go.  The bytes of one fetch only grow, unless it has to start over."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._lock = threading.Lock()
        self._phase, self._trouble = "Preparing", ""
        self._base, self._done, self._total = 0, 0, None
        self._told = 0.0
        self._samples: collections.deque[tuple[float, int]] = collections.deque()
        self._followed: dict | None = None

    def begin(self, done: int, total: int | None) -> None:
        """`done` bytes of `total` are there already."""
        with self._lock:
            self._phase, self._followed, self._base, self._done, self._total = "Fetching", None, done, done, total
            self._samples = collections.deque([(time.monotonic(), done)])
            self._told = time.monotonic()
        self._share()

    def file(self, size: int) -> None:
        """A further file begins, of which `size` bytes are there."""
        with self._lock:
            self._base = self._done - size

    def total(self, total: int) -> None:
        """The source told the size after all."""
        with self._lock:
            self._total = total

    def have(self, size: int) -> None:
        """`size` bytes of the present file are there."""
        now = time.monotonic()
        with self._lock:
            self._trouble, self._done = "", self._base + size
            if now - self._samples[-1][0] >= 1:
                self._samples.append((now, self._done))
            while now - self._samples[0][0] > WINDOW_SECONDS and len(self._samples) > 2:
                self._samples.popleft()
        if now - self._told >= TELL_SECONDS:
            self._told = now
            print(self.line(), flush=True)
            self._share()

    def trouble(self, text: str) -> None:
        """What went wrong, until bytes flow again."""
        with self._lock:
            self._trouble = text
        print(text, flush=True)

    def follow(self) -> None:
        """While another fetcher is at work: what that one tells."""
        with self._lock:
            first, self._phase = self._phase != "Waiting", "Waiting"
        if first:
            print("another fetcher is at work on these files: waiting", flush=True)
        try:
            told = json.loads((self._folder / FILE).read_text())
        except (FileNotFoundError, ValueError):
            told = None
        with self._lock:
            self._followed = told

    def close(self) -> None:
        (self._folder / FILE).unlink(missing_ok=True)

    def snapshot(self) -> dict:
        """Keys as in README.md; None for what is unknown."""
        with self._lock:
            if self._phase == "Waiting":
                return (self._followed or {"bytesDone": 0, "bytesTotal": None, "bytesPerSecond": None}) | {"phase": "Waiting", "trouble": ""}
            then, before = self._samples[0] if self._samples else (0.0, 0)
            seconds = time.monotonic() - then
            rate = int(max(0, self._done - before) / seconds) if self._samples and seconds >= 1 else None
            return {"phase": self._phase, "bytesDone": self._done, "bytesTotal": self._total, "bytesPerSecond": rate,
                    "secondsMeasured": int(seconds) if self._samples else 0, "trouble": self._trouble}

    def line(self) -> str:
        now = self.snapshot()
        done, total, rate = now["bytesDone"], now["bytesTotal"], now["bytesPerSecond"]
        text = f"{size_text(done)} of {size_text(total) if total else 'unknown size'}"
        if rate is not None:
            text += f", {size_text(rate)}/s" + (f", {(total - done) / rate:.0f} s to go" if total and rate else "")
        return text

    def amount(self) -> str:
        """What has been fetched, for messages of failures."""
        now = self.snapshot()
        return f"{size_text(now['bytesDone'])} of {size_text(now['bytesTotal']) if now['bytesTotal'] else 'unknown size'} fetched"

    def _share(self) -> None:
        write_atomically(self._folder / FILE, json.dumps(self.snapshot()))


def serve(progress: Progress, port: int) -> None:
    """Answers `GET /progress` on all addresses of the pod for as long as the process lives."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self):
            if self.path != "/progress":
                self.send_error(404)
                return
            body = json.dumps(progress.snapshot()).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    class Server(http.server.ThreadingHTTPServer):
        address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET

        def server_bind(self):
            if self.address_family == socket.AF_INET6:
                self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            # Not HTTPServer's, which asks the DNS for a name of this pod and may wait for it.
            socketserver.TCPServer.server_bind(self)

    threading.Thread(target=Server(("", port), Handler).serve_forever, daemon=True).start()
