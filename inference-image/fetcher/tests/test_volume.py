"""Fetchers that share a volume, and what others learn of a fetch."""

import json
import signal
import socket
import unittest
import urllib.request

import fetching
from fetching import CONTENT, SHA256


class SharingVolumes(fetching.Fetching):
    def order(self, server, **settings: str) -> dict[str, str]:
        return {"FETCH_SOURCE": "url", "FETCH_URL": server.url + "/files/model.gguf", "FETCH_FILE": "model.gguf",
                "FETCH_SHA256": SHA256, "FETCH_STALL_SECONDS": "300"} | settings

    def half_way(self, **settings: str):
        """A fetcher that holds the lock and the first piece."""
        server = self.stand_in(None, "held")
        process = self.start(**self.order(server, **settings))
        partial = self.folder / "model.gguf.partial"
        self.wait_for(lambda: partial.exists() and partial.stat().st_size == 1_000_000, "the first piece")
        return server, process

    def test_parallel_fetchers_fetch_once(self):
        """T-M5: one download, no torn files."""
        server = self.stand_in(None, "slow")
        processes = [self.start(**self.order(server)) for _ in range(4)]
        for process in processes:
            self.assertEqual(0, process.wait(120))
        self.assertEqual([""], server.ranges_seen())
        self.assert_folder()

    def test_a_waiting_fetcher_goes_on_where_a_killed_one_was(self):
        """T-M5: the lock of a fetcher that died is free at once."""
        server, holder = self.half_way()
        waiting = self.start(**self.order(server))
        self.assertIn("waiting", self.wait_for(waiting.stdout.readline, "word of the waiting one"))
        holder.send_signal(signal.SIGKILL)
        holder.wait(120)
        self.assertEqual(0, waiting.wait(120))
        self.assertEqual(["", "bytes=1000000-"], server.ranges_seen())
        self.assert_folder()

    def test_a_stopped_fetcher_leaves_its_part_to_the_next(self):
        server, process = self.half_way()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(143, process.wait(120))
        self.assertFalse((self.folder / "model.gguf").exists())
        self.assert_whole(self.fetch(**self.order(server)))
        self.assertEqual("bytes=1000000-", server.ranges_seen()[-1])

    def test_another_source_in_the_same_volume_is_not_touched(self):
        """T-M9: the cache of others stays."""
        server = self.stand_in()
        self.assert_whole(self.fetch(**self.order(server)))
        first, self.folder = self.folder, self.folder.with_name("other")
        self.assert_refused(self.fetch(**self.order(server, FETCH_SHA256="0" * 64)), 13, "wrong checksum")
        self.folder = first
        self.assert_folder()

    def test_two_writers_of_one_file_are_noticed(self):
        """A volume that pretends to lock must not lead to a torn file."""
        server, process = self.half_way(FETCH_SHA256="")
        with (self.folder / "model.gguf.partial").open("ab") as file:
            file.write(b"intruder")
        server.script.clear()
        process.kill()
        process.wait(120)
        self.assertEqual(0, self.fetch(**self.order(server)).returncode)
        self.assert_folder()


class TellingProgress(fetching.Fetching):
    def ask(self, port: int):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/progress", timeout=5) as response:
                return json.load(response)
        except OSError:
            return None

    @staticmethod
    def free_port() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def test_bytes_only_grow_and_end_with_all(self):
        """T-M10: bytes, total and rate; monotonic."""
        server, port = self.stand_in(None, "stepped"), self.free_port()
        process = self.start(FETCH_SOURCE="url", FETCH_URL=server.url + "/files/model.gguf", FETCH_FILE="model.gguf",
                             FETCH_PORT=str(port), FETCH_STALL_SECONDS="300")
        self.wait_for(lambda: self.ask(port), "the fetcher")
        for step in range(1, 10):
            server.steps.release()
            told = self.wait_for(lambda: (now := self.ask(port))["bytesDone"] >= step * 300_000 and now, f"step {step}")
            self.assertEqual((step * 300_000, len(CONTENT)), (told["bytesDone"], told["bytesTotal"]))
        rate = self.wait_for(lambda: self.ask(port)["bytesPerSecond"], "a rate")
        self.assertLess(rate, 2_700_001)
        server.steps.release()
        self.assertEqual(0, process.wait(120))
        self.assert_folder()

    def test_trouble_and_those_who_wait_are_told(self):
        """T-M1, T-M5: a retry is seen while it lasts, and a waiting fetcher tells of the one at work."""
        server, ports = self.stand_in(None, "torn", "busy"), (self.free_port(), self.free_port())
        order = {"FETCH_SOURCE": "url", "FETCH_URL": server.url + "/files/model.gguf", "FETCH_FILE": "model.gguf"}
        self.start(**order, FETCH_PORT=str(ports[0]), FETCH_ATTEMPTS="9")
        self.wait_for(lambda: (self.folder / ".progress.json").exists(), "the first fetcher")
        self.start(**order, FETCH_PORT=str(ports[1]))
        waiting = self.wait_for(lambda: (told := self.ask(ports[1])) and told["phase"] == "Waiting" and told, "the waiting one")
        self.assertIn("bytesDone", waiting)
        told = self.wait_for(lambda: (now := self.ask(ports[0])) and "503" in now["trouble"] and now, "trouble")
        self.assertIn("answered HTTP 503; trying again in 30 s", told["trouble"])
        self.assertEqual(1_000_000, told["bytesDone"])


if __name__ == "__main__":
    unittest.main()
