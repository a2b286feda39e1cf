"""Fetches model weights into a volume; a torn file is never left where an engine would read it.

inference-image/README.md lists the environment.  Progress goes to the standard output and to `GET /progress`;
the reason of a failure is the last line of the standard error and the container's termination message, its kind the exit
status.
"""

import errno
import hashlib
import os
import signal
import sys
import time
from pathlib import Path

from faults import Exit, Refused
from order import Order
from progress import Progress, serve
from remote import Reader, RemoteFile
from text import size_text
from transfer import Transfer, persist
from volume import Folder, check_room, locked

TERMINATION_LOG = Path("/dev/termination-log")


def version(file: RemoteFile) -> str:
    """What a file that is there already must have been, to be kept."""
    # Addresses may hold a signature in their query.
    return file.sha256 or file.git_blob or hashlib.sha256(file.url.encode()).hexdigest()


def fetch(order: Order, progress: Progress) -> None:
    """Makes the folder complete; the caller holds the lock."""
    folder = Folder(order.folder, order.source.identity)
    if folder.complete():
        print(f"{order.folder} is complete already", flush=True)
        return
    began, reader = time.monotonic(), Reader(order.source, order.stall_seconds)
    print(f"fetching {order.source.identity}", flush=True)
    files = persist(order, progress, lambda: order.source.files(reader))
    folder.begin({file.path for file in files})
    missing = [Transfer(order, reader, progress, file) for file in files if not folder.has(file.path, version(file))]
    known = all(file.size is not None for file in files)
    there = sum(folder.whole[file.path]["size"] for file in files if folder.has(file.path, version(file)))
    begun = sum(transfer.partial.size for transfer in missing)
    total = sum(file.size for file in files) if known else None
    progress.begin(there + begun, total)
    if total is not None:
        check_room(order.folder, total - there - begun)
    for transfer in missing:
        progress.file(transfer.partial.size)
        size, sha256 = transfer.run()
        folder.add(transfer.remote.path, size, sha256, version(transfer.remote))
        print(f"{transfer.remote.path}: {size_text(size)}, sha256 {sha256}", flush=True)
    folder.finish()
    print(f"complete after {time.monotonic() - began:.1f} s", flush=True)


def run(order: Order) -> None:
    """Fetches under the folder's lock, so that parallel fetchers do not tear each other's files."""
    order.folder.mkdir(parents=True, exist_ok=True)
    progress = Progress(order.folder)
    if order.port:
        serve(progress, order.port)
    with locked(order.folder, progress.follow):
        try:
            fetch(order, progress)
        finally:
            progress.close()


def main() -> int:
    # As process 1 there is no default action of this signal; what was fetched stays for the next process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run(Order.read(os.environ))
        return 0
    except Refused as error:
        reason, status = str(error), error.status
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = f"cannot write the files: {'no space left on the volume' if full else error}"
        status = Exit.VOLUME_FULL if full else Exit.FAILED
    print(reason, file=sys.stderr, flush=True)
    if TERMINATION_LOG.exists():
        TERMINATION_LOG.write_text(reason)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
