"""Run with: python3 -m unittest discover -s inference-image/fetcher"""

import contextlib
import hashlib
import http.server
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

PROGRAM = Path(__file__).with_name("fetch.py")
CONTENT = random.Random(7).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Source(http.server.ThreadingHTTPServer):
    """A file server whose answers a test can spoil: `script` holds one behaviour for each request, then all is well."""

    daemon_threads = True

    def __init__(self, *script: str, ranges: bool = True, etag: str = '"v1"', content: bytes = CONTENT):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.ranges, self.etag, self.content = list(script), ranges, etag, content
        self.seen: list[str] = []
        self.release = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/model.gguf?token=secret"

    def close(self):
        self.release.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Source

    def log_message(self, *args):
        pass

    def do_GET(self):
        source = self.server
        asked = self.headers.get("Range", "")
        source.seen.append(asked)
        behaviour = source.script.pop(0) if source.script else "well"
        if behaviour.isdigit():
            self.send_response(int(behaviour))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start, length = 0, len(source.content)
        current = self.headers.get("If-Range", source.etag) == source.etag
        if asked and source.ranges and current:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{length - 1}/{length}")
        else:
            self.send_response(200)
        if source.etag:
            self.send_header("ETag", source.etag)
        self.send_header("Content-Type", "text/html" if behaviour == "page" else "application/octet-stream")
        if behaviour == "huge":
            length = start + (1 << 60)
        if behaviour != "no length":
            self.send_header("Content-Length", str(length - start))
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()
        body = source.content[start:]
        if behaviour in ("torn", "stall", "held"):
            self.wfile.write(body[:1_000_000])
            self.wfile.flush()
            if behaviour != "torn":
                source.release.wait(30)
            return
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)


class Fetching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.target = Path(folder.name) / "models" / "model.gguf"

    def source(self, *script: str, **options) -> Source:
        source = Source(*script, **options)
        self.addCleanup(source.close)
        return source

    def environment(self, source: Source, **settings: str) -> dict[str, str]:
        return os.environ | {"FETCH_URL": source.url, "FETCH_TARGET": str(self.target), "FETCH_STALL_SECONDS": "1",
                             "FETCH_ATTEMPTS": "2", "FETCH_SHA256": SHA256, "PYTHONDONTWRITEBYTECODE": "1"} | settings

    def start(self, source: Source, **settings: str) -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, str(PROGRAM)], env=self.environment(source, **settings),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.poll() is None and process.kill(), process.communicate()))
        return process

    def fetch(self, source: Source, **settings: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, str(PROGRAM)], env=self.environment(source, **settings),
                              capture_output=True, text=True, timeout=60)

    def assert_whole(self, done: subprocess.CompletedProcess):
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertEqual(SHA256, hashlib.sha256(self.target.read_bytes()).hexdigest())
        marker = json.loads(self.target.with_name("model.gguf.complete").read_text())
        self.assertEqual((len(CONTENT), SHA256), (marker["size"], marker["sha256"]))
        self.assertEqual(["model.gguf", "model.gguf.complete", "model.gguf.lock"],
                         sorted(path.name for path in self.target.parent.iterdir()))

    def assert_refused(self, done: subprocess.CompletedProcess, reason: str):
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertIn(reason, done.stderr.splitlines()[-1])
        self.assertNotIn("secret", done.stdout + done.stderr)
        self.assertFalse(self.target.exists())
        self.assertFalse(self.target.with_name("model.gguf.complete").exists())

    def test_a_file_is_fetched_whole_and_marked(self):
        source = self.source()
        done = self.fetch(source)
        self.assert_whole(done)
        self.assertIn("2.9 MiB", done.stdout)
        self.assertNotIn("secret", done.stdout)

    def test_a_complete_file_is_not_fetched_again(self):
        source = self.source()
        self.fetch(source)
        self.assertIn("complete already", self.fetch(source).stdout)
        self.assertEqual(1, len(source.seen))

    def test_another_wanted_checksum_replaces_the_file(self):
        self.fetch(self.source(content=b"old"), FETCH_SHA256=hashlib.sha256(b"old").hexdigest())
        self.assert_whole(self.fetch(self.source()))

    def test_a_file_without_its_marker_is_not_trusted(self):
        self.target.parent.mkdir()
        self.target.write_bytes(CONTENT[:-1] + b"?")
        self.assert_whole(self.fetch(self.source()))

    def test_a_file_of_another_size_than_marked_is_not_trusted(self):
        source = self.source()
        self.fetch(source)
        self.target.write_bytes(CONTENT[:10])
        self.assert_whole(self.fetch(source))

    def test_a_torn_transfer_is_resumed(self):
        source = self.source("torn")
        self.assert_whole(self.fetch(source))
        self.assertEqual(["", "bytes=1000000-"], source.seen)

    def test_a_stalled_transfer_is_resumed(self):
        source = self.source("stall", "stall")
        done = self.fetch(source)
        self.assert_whole(done)
        self.assertEqual(["", "bytes=1000000-", "bytes=2000000-"], source.seen)
        self.assertIn("no byte in 1 s", done.stdout)

    def test_a_source_without_etag_is_resumed_by_its_size(self):
        source = self.source("torn", etag="")
        self.assert_whole(self.fetch(source))
        self.assertEqual("bytes=1000000-", source.seen[-1])

    def test_a_source_without_ranges_is_fetched_from_the_beginning(self):
        source = self.source("torn", ranges=False)
        done = self.fetch(source)
        self.assert_whole(done)
        self.assertIn("from its beginning", done.stdout)

    def test_the_next_process_resumes(self):
        source = self.source("torn")
        self.assertEqual(1, self.fetch(source, FETCH_ATTEMPTS="1").returncode)
        self.assertFalse(self.target.exists())
        self.assert_whole(self.fetch(source))
        self.assertEqual("bytes=1000000-", source.seen[-1])

    def test_a_file_that_changed_between_two_attempts_is_not_mixed(self):
        source = self.source("torn", content=bytes(len(CONTENT)), etag='"v0"')
        self.fetch(source, FETCH_ATTEMPTS="1")
        source.content, source.etag = CONTENT, '"v1"'
        self.assert_whole(self.fetch(source))

    def test_a_changed_size_without_etag_is_not_mixed(self):
        source = self.source("torn", content=bytes(len(CONTENT) + 5), etag="")
        self.fetch(source, FETCH_ATTEMPTS="1")
        source.content = CONTENT
        self.assert_whole(self.fetch(source))

    def test_a_resumed_file_with_a_wrong_sum_is_fetched_anew(self):
        source = self.source("torn", content=bytes(len(CONTENT)), etag="")
        self.fetch(source, FETCH_ATTEMPTS="1")
        source.content = CONTENT
        done = self.fetch(source)
        self.assert_whole(done)
        self.assertIn("starting over", done.stdout)

    def test_a_wrong_checksum_is_refused(self):
        self.assert_refused(self.fetch(self.source(), FETCH_SHA256="0" * 64), "wrong checksum")

    def test_a_refusal_is_named_and_not_retried(self):
        for code, words in (("401", "asks for credentials"), ("403", "refuses access"), ("404", "no such file")):
            source = self.source(code)
            self.assert_refused(self.fetch(source), words)
            self.assertEqual(1, len(source.seen))

    def test_a_server_error_is_retried(self):
        self.assert_whole(self.fetch(self.source("503")))

    def test_a_source_that_stays_broken_is_given_up(self):
        self.assert_refused(self.fetch(self.source("500", "500")), "gave up after 2 failures")

    def test_a_web_page_is_not_taken_for_a_model(self):
        self.assert_refused(self.fetch(self.source("page"), FETCH_SHA256=""), "web page")

    def test_a_file_larger_than_the_free_space_is_refused_before_it_is_fetched(self):
        self.assert_refused(self.fetch(self.source("huge")), "no space")

    def test_an_unknown_size_passes_with_a_warning(self):
        done = self.fetch(self.source("no length"))
        self.assert_whole(done)
        self.assertIn("does not tell the size", done.stdout)

    def test_an_unreachable_source_is_named(self):
        source = self.source()
        source.close()
        self.assert_refused(self.fetch(source), "refused")

    def test_parallel_fetchers_fetch_once(self):
        source = self.source()
        both = [self.start(source) for _ in range(2)]
        for process in both:
            self.assertEqual(0, process.wait(30))
        self.assertEqual(1, len(source.seen))

    def test_a_stopped_fetcher_leaves_its_part_to_the_next(self):
        source = self.source("held")
        process = self.start(source, FETCH_STALL_SECONDS="30")
        partial = self.target.with_name("model.gguf.partial")
        limit = time.monotonic() + 20
        while not (partial.exists() and partial.stat().st_size == 1_000_000):
            self.assertLess(time.monotonic(), limit, "the first part never came")
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(143, process.wait(10))
        self.assert_whole(self.fetch(source))
        self.assertEqual("bytes=1000000-", source.seen[-1])

    def test_bad_settings_are_refused(self):
        source = self.source()
        for settings, words in (({"FETCH_URL": "file:///etc/passwd"}, "FETCH_URL"), ({"FETCH_TARGET": "m"}, "FETCH_TARGET"),
                                ({"FETCH_SHA256": "abc"}, "FETCH_SHA256"), ({"FETCH_ATTEMPTS": "x"}, "FETCH_ATTEMPTS")):
            self.assert_refused(self.fetch(source, **settings), words)


if __name__ == "__main__":
    unittest.main()
