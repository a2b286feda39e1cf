"""The folder that is filled: its lock, its room, and the mark that it is whole."""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import time
from pathlib import Path

from faults import Exit, Refused
from text import size_text

LOCK, MARK, STATE = ".lock", ".complete", ".fetched.json"
LOOK_AGAIN_SECONDS = 1.0


@contextlib.contextmanager
def locked(folder: Path, waiting):
    """One fetcher at a time for a folder, on all nodes that share the volume.

    The lock is the file system's: it goes with its holder, however that ends, so there is none to clean up.  `waiting`
    is called about once a second until the lock is had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        while not _taken(lock):
            waiting()
            time.sleep(LOOK_AGAIN_SECONDS)
        yield


def _taken(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
            raise Refused(f"the volume has no file locks ({error.strerror}): without them fetchers would tear each other's files; "
                          "use a claim of another storage class") from None
        raise


def check_room(folder: Path, needed: int | None) -> None:
    """Before anything is fetched: a volume that cannot hold it is refused."""
    free = shutil.disk_usage(folder).free
    if needed is None:
        print(f"warning: the source does not tell the size; {size_text(free)} are free", flush=True)
    elif needed > free:
        raise Refused(f"no space: {size_text(needed)} to fetch, {size_text(free)} free in {folder}", Exit.VOLUME_FULL)


class Folder:
    """Which files of a source are whole already."""

    def __init__(self, path: Path, source: str):
        self.path, self.source = path, source
        notes = _read(path / STATE)
        self.whole: dict[str, dict] = notes.get("files", {}) if notes.get("source") == source else {}

    def complete(self) -> dict | None:
        """The mark of a folder that is whole and is what was asked for."""
        mark = _read(self.path / MARK)
        files = mark.get("files", {})
        return mark if mark.get("source") == self.source and files and all(
            self._size(path) == notes.get("size") for path, notes in files.items()) else None

    def has(self, path: str, version: str) -> bool:
        notes = self.whole.get(path, {})
        return notes.get("version") == version and self._size(path) == notes.get("size")

    def begin(self, wanted: set[str]) -> None:
        """Takes the mark away before the folder changes, and what a file of another version left."""
        (self.path / MARK).unlink(missing_ok=True)
        for path in set(self.whole) - wanted:
            (self.path / path).unlink(missing_ok=True)
            del self.whole[path]

    def add(self, path: str, size: int, sha256: str, version: str) -> None:
        self.whole[path] = {"size": size, "sha256": sha256, "version": version}
        write_atomically(self.path / STATE, json.dumps({"source": self.source, "files": self.whole}))

    def finish(self) -> None:
        """The mark comes last: without it nothing here is served."""
        files = {path: {"size": notes["size"], "sha256": notes["sha256"]} for path, notes in sorted(self.whole.items())}
        write_atomically(self.path / MARK, json.dumps({"source": self.source, "files": files}))
        (self.path / STATE).unlink(missing_ok=True)

    def _size(self, path: str) -> int | None:
        try:
            return (self.path / path).stat().st_size
        except FileNotFoundError:
            return None


def write_atomically(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
