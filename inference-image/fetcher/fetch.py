#!/usr/bin/env python3
"""Fetches one file over HTTP into a volume; a torn file is never left under its final name.

Environment:
  FETCH_URL            http or https
  FETCH_SHA256         expected checksum, optional
  FETCH_TARGET         absolute path of the file; `<target>.complete` is written once it is whole
  FETCH_STALL_SECONDS  seconds without a byte before the connection counts as dead (60)
  FETCH_ATTEMPTS       failures in a row, without a byte gained, before giving up (8)

A broken download is resumed, also by the next process.  Fetchers of one volume wait for each
other.  Progress goes to the standard output; the reason of a failure is the last line of the
standard error and stands in the container's termination message.
"""

import errno
import fcntl
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from order import Order, Refused
from partial import CHUNK, Partial, write_atomically
from progress import Progress, size_text

LONGEST_PAUSE = 60.0
TERMINATION_LOG = Path("/dev/termination-log")


class Broken(Exception):
    """The transfer failed; another attempt may succeed.  `pause` is what the server asked for, in seconds."""

    def __init__(self, reason: str, pause: float = 0.0):
        super().__init__(reason)
        self.pause = pause


class Stale(Exception):
    """What was fetched so far belongs to another version of the file."""


def open_response(order: Order, partial: Partial):
    """The response to read from; network trouble is Broken, a refusal of the server Refused."""
    headers = {"User-Agent": "mistral-model-fetcher", "Accept-Encoding": "identity"} | partial.range_headers()
    try:
        return urllib.request.urlopen(urllib.request.Request(order.url, headers=headers), timeout=order.stall_seconds)
    except urllib.error.HTTPError as error:
        with error:
            raise refusal(order, partial, error) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise Refused(f"the certificate of {order.shown_url} is not trusted: {error.reason.verify_message}") from None
        raise Broken(f"{order.shown_url}: {error.reason}") from None


def refusal(order: Order, partial: Partial, error: urllib.error.HTTPError) -> Exception:
    known = {
        401: "asks for credentials (HTTP 401)",
        403: "refuses access (HTTP 403): the licence may have to be accepted, or the address has expired",
        404: "has no such file (HTTP 404)",
        410: "no longer has the file (HTTP 410)",
    }
    if error.code in known:
        return Refused(f"{order.shown_url} {known[error.code]}")
    if error.code == 416 and partial.size:
        return Stale()
    if error.code in (408, 425, 429) or error.code >= 500:
        asked = error.headers.get("Retry-After", "")
        return Broken(f"{order.shown_url} answered HTTP {error.code}", float(asked) if asked.isdigit() else 0.0)
    return Refused(f"{order.shown_url} answered HTTP {error.code}")


def expected_total(response, partial: Partial) -> int | None:
    """The size of the whole file, after checking that the response continues what is there."""
    if response.status == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not match or int(match[1]) != partial.size:
            raise Stale()
        total = None if match[2] == "*" else int(match[2])
        if total != partial.notes.get("total"):
            raise Stale()
        return total
    if partial.size:
        print("the server sends the file from its beginning", flush=True)
        partial.restart()
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def check_space(order: Order, needed: int | None) -> None:
    free = shutil.disk_usage(order.target.parent).free
    if needed is None:
        print(f"warning: the server does not tell the size; {size_text(free)} are free", flush=True)
    elif needed > free:
        raise Refused(f"no space: {size_text(needed)} to fetch, {size_text(free)} free in {order.target.parent}")


def transfer(order: Order, partial: Partial) -> None:
    """One attempt: appends to the partial file until the response ends, or raises."""
    with open_response(order, partial) as response:
        if not order.sha256 and response.headers.get_content_type() == "text/html":
            raise Refused(f"{order.shown_url} answered with a web page, not with a file")
        total = expected_total(response, partial)
        check_space(order, None if total is None else total - partial.size)
        partial.note(response.headers, total)
        progress = Progress(partial.size, total)
        with partial.path.open("ab") as file:
            try:
                while block := response.read1(CHUNK):
                    file.write(block)
                    partial.digest.update(block)
                    partial.size += len(block)
                    progress.tell(partial.size)
            except TimeoutError:
                raise Broken(f"no byte in {order.stall_seconds} s, {size_text(partial.size)} fetched") from None
            except (http.client.HTTPException, ConnectionError, ssl.SSLError) as error:
                raise Broken(f"the transfer broke off: {error}") from None
            file.flush()
            os.fsync(file.fileno())
    if total is not None and partial.size != total:
        raise Broken(f"the transfer ended at {size_text(partial.size)} of {size_text(total)}")


def download(order: Order, partial: Partial) -> None:
    """Attempts until the file is there; a gained byte starts the count anew."""
    failures = 0
    while True:
        before = partial.size
        try:
            return transfer(order, partial)
        except Stale:
            if not before:
                raise Refused(f"{order.shown_url} answered with a part that was not asked for") from None
            print("the file has changed at its source: starting over", flush=True)
            partial.restart()
        except (Broken, TimeoutError, ConnectionError, http.client.HTTPException) as error:
            failures = 1 if partial.size > before else failures + 1
            if failures >= order.attempts:
                raise Refused(f"gave up after {failures} failures: {error}") from None
            pause = min(LONGEST_PAUSE, max(getattr(error, "pause", 0.0), 2.0 ** (failures - 1)))
            print(f"{error}; trying again in {pause:.0f} s", flush=True)
            time.sleep(pause)


def complete(order: Order) -> bool:
    """Whether the target is whole and is the file that was asked for."""
    try:
        marker = json.loads(order.beside(".complete").read_text())
        size = order.target.stat().st_size
    except (FileNotFoundError, ValueError):
        return False
    wanted = marker.get("sha256") == order.sha256 if order.sha256 else marker.get("url") == order.shown_url
    return wanted and marker.get("size") == size


def fetch(order: Order) -> None:
    """Makes the target complete; the caller holds the lock."""
    if complete(order):
        print(f"{order.target} is complete already", flush=True)
        return
    for suffix in (".complete", ""):
        order.beside(suffix).unlink(missing_ok=True)
    print(f"fetching {order.shown_url}", flush=True)
    began, partial = time.monotonic(), Partial(order)
    download(order, partial)
    if order.sha256 and partial.digest.hexdigest() != order.sha256 and partial.inherited:
        print("the resumed file has a wrong checksum: starting over", flush=True)
        partial.restart()
        download(order, partial)
    found = partial.digest.hexdigest()
    if order.sha256 and found != order.sha256:
        partial.restart()
        raise Refused(f"wrong checksum of {order.shown_url}: expected {order.sha256}, got {found}")
    partial.path.replace(order.target)
    partial.notes_path.unlink(missing_ok=True)
    write_atomically(order.beside(".complete"),
                     json.dumps({"size": partial.size, "sha256": found, "url": order.shown_url}))
    print(f"fetched {size_text(partial.size)} in {time.monotonic() - began:.1f} s, sha256 {found}", flush=True)


def run(order: Order) -> None:
    """Fetches under the volume's lock, so that parallel fetchers do not tear each other's file."""
    order.target.parent.mkdir(parents=True, exist_ok=True)
    with order.beside(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another fetcher is at work on this file: waiting", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        fetch(order)


def main() -> int:
    # As process 1 there is no default action of this signal; what was fetched stays for the next process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run(Order.read(os.environ))
        return 0
    except Refused as error:
        reason = str(error)
    except OSError as error:
        hint = "no space left on the volume" if error.errno == errno.ENOSPC else str(error)
        reason = f"cannot write the file: {hint}"
    print(reason, file=sys.stderr, flush=True)
    if TERMINATION_LOG.exists():
        TERMINATION_LOG.write_text(reason)
    return 1


if __name__ == "__main__":
    sys.exit(main())
