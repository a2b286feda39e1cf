"""The unfinished file on the volume."""

import hashlib
import json
import os
from pathlib import Path

from order import Order
from progress import size_text

CHUNK = 1 << 20


class Partial:
    """The part fetched so far, with its running checksum and what identifies its version."""

    def __init__(self, order: Order):
        self.order = order
        self.path, self.notes_path = order.beside(".partial"), order.beside(".partial.json")
        self.notes: dict = {}
        self.digest = hashlib.sha256()
        self.size = 0
        self.inherited = False
        self._load()

    def _load(self) -> None:
        try:
            notes = json.loads(self.notes_path.read_text())
            size = self.path.stat().st_size
        except (FileNotFoundError, ValueError):
            return
        if notes.get("url") != self.order.url or size == 0:
            return
        self.notes, self.size, self.inherited = notes, size, True
        print(f"resuming at {size_text(size)}", flush=True)
        with self.path.open("rb") as file:
            while block := file.read(CHUNK):
                self.digest.update(block)

    def restart(self) -> None:
        self.path.unlink(missing_ok=True)
        self.notes_path.unlink(missing_ok=True)
        self.notes, self.size, self.inherited, self.digest = {}, 0, False, hashlib.sha256()

    def note(self, headers, total: int | None) -> None:
        """Remembers the version, for the next attempt and the next process."""
        etag = headers.get("ETag", "")
        validator = etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")
        self.notes = {"url": self.order.url, "validator": validator, "total": total}
        write_atomically(self.notes_path, json.dumps(self.notes))

    def range_headers(self) -> dict[str, str]:
        if not self.size:
            return {}
        headers = {"Range": f"bytes={self.size}-"}
        if self.notes.get("validator"):
            headers["If-Range"] = self.notes["validator"]
        return headers


def write_atomically(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
