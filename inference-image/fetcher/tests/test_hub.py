"""Repositories of a hub."""

import unittest

import fetching
from stand_in import COMMIT, REPOSITORY, TOKEN

MODEL = {
    "config.json": b"{}", "params.json": b'{"dim": 1}', "tekken.json": b'{"v": 3}',
    "model-00001-of-00002.safetensors": b"one" * 400_000, "model-00002-of-00002.safetensors": b"two" * 9,
    "model.safetensors.index.json": b'{"weight_map": {}}', "consolidated.safetensors": b"con" * 400_000,
    "modeling_tiny.py": b"import os", "pytorch_model.bin": b"pickle", "original/params.json": b"{}", "tiny.Q4.gguf": b"GGUF",
    "big-00001-of-00002.gguf": b"GGUF1", "big-00002-of-00002.gguf": b"GGUF2",
}
MISTRAL = {name: MODEL[name] for name in ("config.json", "params.json", "tekken.json", "consolidated.safetensors")}
HF = {name: MODEL[name] for name in ("config.json", "params.json", "tekken.json", "model-00001-of-00002.safetensors",
                                     "model-00002-of-00002.safetensors", "model.safetensors.index.json")}


class FetchingFromHubs(fetching.Fetching):
    def fetched(self, server, **settings: str):
        return self.fetch(**self.order(server) | settings)

    def order(self, server) -> dict[str, str]:
        return {"FETCH_SOURCE": "huggingface", "FETCH_ENDPOINT": server.url, "FETCH_REPOSITORY": REPOSITORY, "FETCH_SECRET": "hub-token"}

    def test_one_layout_is_fetched_without_code_and_pickles(self):
        for layout, wanted in (("mistral", MISTRAL), ("hf", HF)):
            with self.subTest(layout):
                self.folder = self.folder.with_name(layout)
                self.assert_whole(self.fetched(self.stand_in(MODEL), FETCH_LAYOUT=layout), wanted)

    def test_the_layout_that_is_there_is_taken(self):
        only = {name: body for name, body in MODEL.items() if not name.startswith("consolidated")}
        self.assert_whole(self.fetched(self.stand_in(only), FETCH_LAYOUT="mistral"), HF)

    def test_one_file_can_be_named(self):
        self.assert_whole(self.fetched(self.stand_in(MODEL), FETCH_FILE="tiny.Q4.gguf"), {"tiny.Q4.gguf": b"GGUF"})

    def test_a_split_file_comes_with_its_parts(self):
        done = self.fetched(self.stand_in(MODEL), FETCH_FILE="big-00001-of-00002.gguf")
        self.assert_whole(done, {name: body for name, body in MODEL.items() if name.startswith("big-")})

    def test_a_missing_file_is_named_with_those_that_are_there(self):
        done = self.fetched(self.stand_in(MODEL), FETCH_FILE="tiny.Q8.gguf")
        self.assert_refused(done, 11, f"revision main of {REPOSITORY} has no file tiny.Q8.gguf", "tiny.Q4.gguf")

    def test_a_revision_is_pinned_to_its_commit(self):
        server = self.stand_in(MODEL)
        self.assertIn(f"is commit {COMMIT}", self.fetched(server).stdout)
        self.assertTrue(all("/main/" not in path for _, path, _ in server.seen), server.seen)

    def test_a_missing_revision_is_named(self):
        """T-M3: 404 of a revision."""
        self.assert_refused(self.fetched(self.stand_in(MODEL), FETCH_REVISION="v9"), 11, f"has no revision v9 of {REPOSITORY}")

    def test_a_missing_repository_is_named(self):
        self.assert_refused(self.fetched(self.stand_in(MODEL), FETCH_REPOSITORY="mistralai/none"), 11, "mistralai/none")

    def test_a_gated_repository_needs_a_token(self):
        """T-M2: without a token the message says where one belongs."""
        for gate in ((401, "GatedRepo"), (403, "GatedRepo"), (401, "RepoNotFound"), (401, "")):
            done = self.fetched(self.stand_in(MODEL, gate=gate))
            self.assert_refused(done, 10, f"HTTP {gate[0]}", "huggingFace.tokenSecretRef", REPOSITORY)

    def test_a_wrong_token_names_its_secret(self):
        """T-M2: 401 and 403 name the Secret and the way out."""
        for gate, words in (((401, ""), "the token is invalid or has expired"), ((403, "GatedRepo"), "accept the model's terms at"),
                            ((401, "GatedRepo"), "accept the model's terms at"), ((403, ""), "the right to read it")):
            done = self.fetched(self.stand_in(MODEL, gate=gate), FETCH_TOKEN="hf_hush_wrong")
            self.assert_refused(done, 10, "Secret hub-token", f"HTTP {gate[0]}", words)

    def test_the_token_opens_a_gate_and_goes_to_no_other_host(self):
        server = self.stand_in(MODEL, gate=(401, "GatedRepo"))
        self.assert_whole(self.fetched(server, FETCH_TOKEN=f"{TOKEN}\n"), MISTRAL)
        self.assertNotIn(TOKEN, (self.folder / ".complete").read_text())

    def test_a_file_that_differs_from_its_listed_checksum_is_refused(self):
        for name in ("consolidated.safetensors", "config.json"):
            with self.subTest(name):
                server = self.stand_in(MODEL)
                give = dict(MODEL, **{name: MODEL[name][:-1] + b"?"})
                listed, server.content = server.content, Switching(MODEL, give)
                self.assert_refused(self.fetched(server), 13, f"wrong checksum of {server.url}", name)
                server.content = listed

    def test_whole_files_of_an_interrupted_fetch_are_kept(self):
        server = self.stand_in(HF, "well", "torn")
        self.assertEqual(14, self.fetched(server, FETCH_ATTEMPTS="1", FETCH_LAYOUT="hf").returncode)
        self.assert_whole(self.fetched(server, FETCH_LAYOUT="hf"), HF)
        self.assertEqual(1, sum(name == "config.json" and kind == "content" for kind, name, _ in server.seen))
        self.assertIn("bytes=1000000-", server.ranges_seen())

    def test_all_sizes_are_summed_before_anything_is_fetched(self):
        """T-M7: the whole model must fit, not only its next file."""
        server = self.stand_in(MODEL)
        server.content = Listed(MODEL, 1 << 60)
        self.assert_refused(self.fetched(server), 12, "no space: ", " free in ")
        self.assertEqual([], server.ranges_seen())

    def test_a_complete_model_asks_the_hub_nothing(self):
        """T-M8: what is there needs no network and no token."""
        server = self.stand_in(MODEL, gate=(401, "GatedRepo"))
        self.assert_whole(self.fetched(server, FETCH_TOKEN=TOKEN), MISTRAL)
        server.seen.clear()
        self.assert_whole(self.fetched(server), MISTRAL)
        self.assertEqual([], server.seen)

    def test_a_path_that_leads_out_of_the_folder_is_refused(self):
        for name in ("../evil.safetensors", "/etc/evil.safetensors"):
            self.assert_refused(self.fetched(self.stand_in({name: b"x"})), 1, "outside the folder")

    def test_a_repository_without_weights_is_refused(self):
        self.assert_refused(self.fetched(self.stand_in({"README.md": b"x", "pytorch_model.bin": b"x"})), 11, "no file *.safetensors")


class Switching(dict):
    """Lists one content and gives another."""

    def __init__(self, listed, given):
        super().__init__(listed)
        self.given, self.asked = given, set()

    def __getitem__(self, name):
        if name in self.asked:
            return self.given[name]
        self.asked.add(name)
        return super().__getitem__(name)


class Large(bytes):
    """Says that it is larger than it is."""

    size = 0

    def __len__(self):
        return self.size


class Listed(dict):
    """Lists files as too large."""

    def __init__(self, content, size):
        super().__init__({name: Large(body) for name, body in content.items()})
        for body in self.values():
            body.size = size


if __name__ == "__main__":
    unittest.main()
