"""Brings one file of a source into the folder."""

import http.client
import os
import re
import ssl
import time
from pathlib import Path
from typing import Callable, TypeVar

from faults import Broken, Exit, NoSuchRange, Refused, Stale
from order import Order
from partial import CHUNK, Partial
from progress import Progress
from remote import Reader, RemoteFile
from text import size_text
from volume import check_room

LONGEST_PAUSE = 60.0
Result = TypeVar("Result")


def persist(order: Order, progress: Progress, attempt: Callable[[], Result], gained: Callable[[], int] = lambda: 0) -> Result:
    """Attempts with growing pauses until one succeeds; a gained byte starts the count anew."""
    failures = 0
    while True:
        before = gained()
        try:
            return attempt()
        except Broken as error:
            failures = 1 if gained() > before else failures + 1
            if failures >= order.attempts:
                raise Refused(f"gave up after {failures} failures, {progress.amount()}: {error}", Exit.GAVE_UP) from None
            pause = min(LONGEST_PAUSE, max(error.pause, 2.0 ** (failures - 1)))
            progress.trouble(f"{error}; trying again in {pause:.0f} s")
            time.sleep(pause)


class Transfer:
    """One file on its way."""

    def __init__(self, order: Order, reader: Reader, progress: Progress, remote: RemoteFile):
        self.order, self.reader, self.progress, self.remote = order, reader, progress, remote
        self.target: Path = order.folder / remote.path
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.partial = Partial(self.target, remote)

    def run(self) -> tuple[int, str]:
        """The whole, verified file under its name; its size and SHA-256."""
        self._download()
        wrong = self._mismatch()
        if wrong and self.partial.inherited:
            print("the resumed file has a wrong checksum: starting over", flush=True)
            self.partial.restart()
            self._download()
            wrong = self._mismatch()
        if wrong:
            self.partial.restart()
            raise Refused(f"wrong checksum of {self.remote.shown}: {wrong}", Exit.WRONG_CHECKSUM)
        self.partial.path.replace(self.target)
        self.partial.notes_path.unlink(missing_ok=True)
        return self.partial.size, self.partial.digest.hexdigest()

    def _mismatch(self) -> str:
        """What is wrong with the content; empty where it is as the source says, or the source says nothing."""
        if self.partial.path.stat().st_size != self.partial.size:
            return "somebody else writes to the same file"
        wanted = self.remote.sha256 or self.remote.git_blob
        if not wanted:
            return ""
        found = self.partial.digest.hexdigest() if self.remote.sha256 else self.partial.git_blob()
        return "" if found == wanted else f"expected {wanted}, got {found}"

    def _download(self) -> None:
        while True:
            before = self.partial.size
            try:
                return persist(self.order, self.progress, self._attempt, lambda: self.partial.size)
            except Stale:
                if not before:
                    raise Refused(f"{self.remote.shown} answered with a part that was not asked for") from None
                print("the file has changed at its source: starting over", flush=True)
                self.partial.restart()

    def _attempt(self) -> None:
        """Appends to the partial file until the response ends, or raises."""
        partial = self.partial
        partial.catch_up()
        if partial.size and partial.size == self.remote.size:
            return
        with self._open() as response:
            if not (self.remote.sha256 or self.remote.size) and response.headers.get_content_type() == "text/html":
                raise Refused(f"{self.remote.shown} answered with a web page, not with a file")
            total = self._expected_total(response)
            if self.remote.size is None:
                check_room(self.order.folder, None if total is None else total - partial.size)
                if total is not None:
                    self.progress.total(total)
            partial.note(response.headers, total)
            with partial.path.open("ab") as file:
                self._append(response, file)
                file.flush()
                os.fsync(file.fileno())
        if total is not None and partial.size != total:
            raise Broken(f"the transfer ended at {size_text(partial.size)} of {size_text(total)}")

    def _open(self):
        try:
            return self.reader.open(self.remote.url, self.partial.range_headers())
        except NoSuchRange as refused:
            if self.partial.size:
                raise Stale() from None
            raise Refused(str(refused)) from None

    def _append(self, response, file) -> None:
        try:
            while block := response.read1(CHUNK):
                self.partial.append(file, block)
                self.progress.have(self.partial.size)
        except TimeoutError:
            raise Broken(f"no byte in {self.order.stall_seconds} s, {self.progress.amount()}") from None
        except (http.client.HTTPException, ConnectionError, ssl.SSLError) as error:
            raise Broken(f"the transfer broke off: {error}") from None

    def _expected_total(self, response) -> int | None:
        """The size of the whole file, after checking that the response continues what is there."""
        total = self._announced(response)
        if total is not None and self.remote.size is not None and total != self.remote.size:
            raise Refused(f"{self.remote.shown} has {total} bytes, and its source lists {self.remote.size}", Exit.WRONG_CHECKSUM)
        return total if total is not None else self.remote.size

    def _announced(self, response) -> int | None:
        partial = self.partial
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
