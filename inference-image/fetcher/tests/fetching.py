"""Runs the fetcher as its image does, against a stand-in."""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SRC = Path(__file__).resolve().parent.parent / "src"
sys.path.insert(0, str(SRC))

from stand_in import StandIn  # noqa: E402

CONTENT = random.Random(7).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Fetching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "models"

    def stand_in(self, content=None, *script: str, **options) -> StandIn:
        server = StandIn({"model.gguf": CONTENT} if content is None else content, script, **options)
        self.addCleanup(server.close)
        return server

    def environment(self, **settings: str) -> dict[str, str]:
        return os.environ | {"FETCH_FOLDER": str(self.folder), "FETCH_STALL_SECONDS": "1", "FETCH_ATTEMPTS": "2",
                             "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"} | settings

    def start(self, **settings: str) -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, str(SRC)], env=self.environment(**settings),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.poll() is None and process.kill(), process.communicate()))
        return process

    def fetch(self, **settings: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, str(SRC)], env=self.environment(**settings), capture_output=True, text=True, timeout=300)

    def wait_for(self, condition, what: str):
        limit = time.monotonic() + 120
        while not (found := condition()):
            self.assertLess(time.monotonic(), limit, f"{what}: it never came")
            time.sleep(0.02)
        return found

    def assert_whole(self, done: subprocess.CompletedProcess, content: dict[str, bytes] | None = None):
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assert_folder(content)

    def assert_folder(self, content: dict[str, bytes] | None = None):
        """Exactly these files, their mark and the lock are there."""
        wanted = {"model.gguf": CONTENT} if content is None else content
        mark = json.loads((self.folder / ".complete").read_text())
        self.assertEqual({name: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in wanted.items()}, mark["files"])
        there = {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}
        self.assertEqual(set(wanted) | {".complete", ".lock"}, there)
        for name, body in wanted.items():
            self.assertEqual(body, (self.folder / name).read_bytes(), name)

    def assert_refused(self, done: subprocess.CompletedProcess, status: int, *words: str):
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr.splitlines()[-1])
        self.assertNotIn("hush", done.stdout + done.stderr)
        self.assertFalse((self.folder / ".complete").exists())
