"""The unfinished file beside its target, and what is known of it."""

import hashlib
import json
from pathlib import Path

from remote import RemoteFile
from volume import write_atomically

CHUNK = 1 << 20


class Partial:
    """The part fetched so far, with its running checksums and what identifies its version."""

    def __init__(self, target: Path, remote: RemoteFile):
        self.path = target.with_name(target.name + ".partial")
        self.notes_path = target.with_name(target.name + ".partial.json")
        # Addresses may hold a signature in their query.
        self.source = hashlib.sha256(remote.url.encode()).hexdigest()
        self.notes: dict = {}
        self.inherited = False
        self._begin(0)
        self._load()

    def _begin(self, size: int) -> None:
        self.size, self.digest, self.digested = size, hashlib.sha256(), 0

    def _load(self) -> None:
        try:
            notes = json.loads(self.notes_path.read_text())
            size = self.path.stat().st_size
        except (FileNotFoundError, ValueError):
            return
        if notes.get("source") == self.source and size:
            self.notes, self.inherited = notes, True
            self._begin(size)

    def catch_up(self) -> None:
        """Digests what an earlier process left; minutes for a large file."""
        if self.digested == self.size:
            return
        with self.path.open("rb") as file:
            file.seek(self.digested)
            while self.digested < self.size and (block := file.read(min(CHUNK, self.size - self.digested))):
                self.digest.update(block)
                self.digested += len(block)

    def append(self, file, block: bytes) -> None:
        file.write(block)
        self.digest.update(block)
        self.size += len(block)
        self.digested += len(block)

    def restart(self) -> None:
        self.path.unlink(missing_ok=True)
        self.notes_path.unlink(missing_ok=True)
        self.notes, self.inherited = {}, False
        self._begin(0)

    def note(self, headers, total: int | None) -> None:
        """Remembers the version, for the next attempt and the next process."""
        etag = headers.get("ETag", "")
        validator = etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")
        self.notes = {"source": self.source, "validator": validator, "total": total}
        write_atomically(self.notes_path, json.dumps(self.notes))

    def range_headers(self) -> dict[str, str]:
        if not self.size:
            return {}
        headers = {"Range": f"bytes={self.size}-"}
        if self.notes.get("validator"):
            headers["If-Range"] = self.notes["validator"]
        return headers

    def git_blob(self) -> str:
        """Git's name of the content: SHA-1 over a header and the bytes."""
        digest = hashlib.sha1(f"blob {self.size}\0".encode(), usedforsecurity=False)
        with self.path.open("rb") as file:
            while block := file.read(CHUNK):
                digest.update(block)
        return digest.hexdigest()
