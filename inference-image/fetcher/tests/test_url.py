"""Run with: python3 -m unittest discover -s inference-image/fetcher/tests"""

import hashlib
import unittest

import fetching
from fetching import CONTENT, SHA256


class FetchingUrls(fetching.Fetching):
    def order(self, server, **settings: str) -> dict[str, str]:
        return {"FETCH_SOURCE": "url", "FETCH_URL": server.url + "/files/model.gguf?token=hush", "FETCH_FILE": "model.gguf",
                "FETCH_SHA256": SHA256} | settings

    def fetched(self, server, **settings: str):
        return self.fetch(**self.order(server, **settings))

    def test_a_file_is_fetched_whole_and_marked(self):
        done = self.fetched(self.stand_in())
        self.assert_whole(done)
        self.assertIn("2.9 MiB", done.stdout)
        self.assertNotIn("hush", done.stdout)

    def test_a_complete_file_is_not_fetched_again(self):
        server = self.stand_in()
        self.fetched(server)
        self.assertIn("complete already", self.fetched(server).stdout)
        self.assertEqual(1, len(server.seen))

    def test_another_wanted_checksum_replaces_the_file(self):
        self.fetched(self.stand_in({"model.gguf": b"old"}), FETCH_SHA256=hashlib.sha256(b"old").hexdigest())
        self.assert_whole(self.fetched(self.stand_in()))

    def test_a_file_without_its_mark_is_not_trusted(self):
        self.folder.mkdir()
        (self.folder / "model.gguf").write_bytes(CONTENT[:-1] + b"?")
        self.assert_whole(self.fetched(self.stand_in()))

    def test_a_file_of_another_size_than_marked_is_not_trusted(self):
        server = self.stand_in()
        self.fetched(server)
        (self.folder / "model.gguf").write_bytes(CONTENT[:10])
        self.assert_whole(self.fetched(server))

    def test_a_torn_transfer_is_resumed(self):
        server = self.stand_in(None, "torn")
        self.assert_whole(self.fetched(server))
        self.assertEqual(["", "bytes=1000000-"], server.ranges_seen())

    def test_a_stalled_transfer_is_resumed(self):
        """T-M1: a stall times out and is tried again."""
        server = self.stand_in(None, "stall", "stall")
        done = self.fetched(server)
        self.assert_whole(done)
        self.assertEqual(["", "bytes=1000000-", "bytes=2000000-"], server.ranges_seen())
        self.assertIn("no byte in 1 s", done.stdout)

    def test_a_source_that_stalls_for_good_is_given_up_with_the_bytes_done(self):
        """T-M1: stall, time-out, retry with backoff, failure with what was fetched."""
        done = self.fetched(self.stand_in(None, "stall", "503", "503"))
        self.assert_refused(done, 14, "gave up after 2 failures", "976.6 KiB of 2.9 MiB fetched", "HTTP 503")
        self.assertIn("trying again in 1 s", done.stdout)

    def test_a_source_without_etag_is_resumed_by_its_size(self):
        server = self.stand_in(None, "torn", etag="")
        self.assert_whole(self.fetched(server))
        self.assertEqual("bytes=1000000-", server.ranges_seen()[-1])

    def test_a_source_without_ranges_is_fetched_from_the_beginning(self):
        done = self.fetched(self.stand_in(None, "torn", ranges=False))
        self.assert_whole(done)
        self.assertIn("from its beginning", done.stdout)

    def test_the_next_process_resumes(self):
        server = self.stand_in(None, "torn")
        self.assertEqual(14, self.fetched(server, FETCH_ATTEMPTS="1").returncode)
        self.assertFalse((self.folder / "model.gguf").exists())
        self.assert_whole(self.fetched(server))
        self.assertEqual("bytes=1000000-", server.ranges_seen()[-1])

    def test_a_file_that_changed_between_two_attempts_is_not_mixed(self):
        server = self.stand_in({"model.gguf": bytes(len(CONTENT))}, "torn", etag='"v0"')
        self.fetched(server, FETCH_ATTEMPTS="1")
        server.content, server.etag = {"model.gguf": CONTENT}, '"v1"'
        self.assert_whole(self.fetched(server))

    def test_a_changed_size_without_etag_is_not_mixed(self):
        server = self.stand_in({"model.gguf": bytes(len(CONTENT) + 5)}, "torn", etag="")
        self.fetched(server, FETCH_ATTEMPTS="1")
        server.content = {"model.gguf": CONTENT}
        self.assert_whole(self.fetched(server))

    def test_a_resumed_file_with_a_wrong_sum_is_fetched_anew(self):
        server = self.stand_in({"model.gguf": bytes(len(CONTENT))}, "torn", etag="")
        self.fetched(server, FETCH_ATTEMPTS="1")
        server.content = {"model.gguf": CONTENT}
        done = self.fetched(server)
        self.assert_whole(done)
        self.assertIn("starting over", done.stdout)

    def test_a_wrong_checksum_is_refused(self):
        self.assert_refused(self.fetched(self.stand_in(), FETCH_SHA256="0" * 64), 13, "wrong checksum", "expected 0000")
        self.assertFalse((self.folder / "model.gguf").exists())

    def test_a_refusal_is_named_and_not_retried(self):
        for code, status, words in (("401", 10, "asks for credentials"), ("403", 10, "refuses access"), ("404", 11, "no such file")):
            server = self.stand_in(None, code)
            self.assert_refused(self.fetched(server), status, words)
            self.assertEqual(1, len(server.seen))

    def test_a_server_error_is_retried(self):
        self.assert_whole(self.fetched(self.stand_in(None, "503")))

    def test_a_web_page_is_not_taken_for_a_model(self):
        self.assert_refused(self.fetched(self.stand_in(None, "page"), FETCH_SHA256=""), 1, "web page")

    def test_a_file_larger_than_the_free_space_is_refused_before_it_is_fetched(self):
        """T-M7: refused before the download, with what is needed and free."""
        self.assert_refused(self.fetched(self.stand_in(None, "huge")), 12, "no space: 1048576.0 TiB to fetch, ", " free in ")

    def test_an_unknown_size_passes_with_a_warning(self):
        """T-M7: an unknown size is unknown, and never nothing."""
        done = self.fetched(self.stand_in(None, "no length"))
        self.assert_whole(done)
        self.assertIn("does not tell the size", done.stdout)

    def test_an_unreachable_source_is_named(self):
        server = self.stand_in()
        server.close()
        self.assert_refused(self.fetched(server), 14, "refused")

    def test_bad_settings_are_refused(self):
        server = self.stand_in()
        for settings, words in (
                ({"FETCH_SOURCE": "ftp"}, "FETCH_SOURCE must be one of url, huggingface, s3"),
                ({"FETCH_URL": "file:///etc/passwd"}, "FETCH_URL"), ({"FETCH_URL": "http://me@host/x"}, "user name"),
                ({"FETCH_FOLDER": "m"}, "FETCH_FOLDER"), ({"FETCH_FILE": "../m"}, "FETCH_FILE"),
                ({"FETCH_SHA256": "abc"}, "FETCH_SHA256"), ({"FETCH_ATTEMPTS": "x"}, "FETCH_ATTEMPTS"),
                ({"FETCH_SOURCE": "huggingface", "FETCH_REPOSITORY": "tiny"}, "owner/name"),
                ({"FETCH_SOURCE": "s3", "FETCH_BUCKET": "b", "AWS_ACCESS_KEY_ID": "k"}, "go together")):
            self.assert_refused(self.fetched(server, **settings), 1, words)
        self.assertEqual([], server.seen)


if __name__ == "__main__":
    unittest.main()
