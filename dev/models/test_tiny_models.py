"""Run with: python3 -m unittest discover -s dev/models"""

import hashlib
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from make_models import GGUF_SHAPE, HF_SHAPE
from tinymistral import answers, network, script, vocabulary
from tinymistral.vocabulary import Kind

HERE = Path(__file__).parent


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def sentencepiece_encode(text: str, tokens) -> list[str]:
    """What llama.cpp's SentencePiece tokenizer does: join the best-scored pair until none is left."""
    scores = {token.text: token.score for token in tokens if token.kind in (Kind.TEXT, Kind.CHARACTER)}
    symbols = list(text)
    while True:
        pairs = [(-scores[left + right], at) for at, (left, right) in enumerate(zip(symbols, symbols[1:]))
                 if left + right in scores]
        if not pairs:
            return symbols
        at = min(pairs)[1]
        symbols[at:at + 2] = [symbols[at] + symbols[at + 1]]


def next_token(weights: network.Network, tokens, last: str, raised: list[int]) -> str:
    """The likeliest next token by the weights, with the residual's flags given."""
    ids = {token.text: index for index, token in enumerate(tokens)}
    width = weights.shape.width
    row = weights.embedding.values[ids[last] * width:(ids[last] + 1) * width].tolist()
    for flag in raised:
        row[width - 2 - flag] += 1.0
    scale = 1.0 / math.sqrt(sum(value * value for value in row) / width + weights.shape.epsilon)
    used = [(at, value * scale) for at, value in enumerate(row) if value]
    logits = [sum(weights.head.values[token * width + at] * value for at, value in used)
              for token in range(len(tokens))]
    return tokens[max(range(len(tokens)), key=logits.__getitem__)].text


def say(weights: network.Network, tokens, last: str, raised: list[int], limit: int) -> list[str]:
    said: list[str] = []
    while len(said) < limit and (not said or said[-1] != "</s>"):
        said.append(next_token(weights, tokens, said[-1] if said else last, raised))
    return said


class Files(unittest.TestCase):
    def test_two_runs_write_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            for folder, seed in ((first, "1"), (second, "2")):
                subprocess.run([sys.executable, str(HERE / "make_models.py"), folder], check=True,
                               env=os.environ | {"PYTHONHASHSEED": seed})
            made = digests(Path(first))
            self.assertEqual(made, digests(Path(second)))
            self.assertEqual(19, len(made))
            self.check_gguf(Path(first) / "tiny-scripted.gguf", chat=True)
            self.check_gguf(Path(first) / "tiny-base.gguf", chat=False)
            self.check_safetensors(Path(first) / "hf/tiny/model.safetensors")
            self.check_same_ids(Path(first) / "hf/tiny")
            base = json.loads((Path(first) / "hf/tiny-base/tokenizer_config.json").read_text())
            self.assertNotIn("chat_template", base)

    def check_gguf(self, path: Path, chat: bool):
        raw = path.read_bytes()
        magic, version = raw[:4], struct.unpack_from("<I", raw, 4)[0]
        self.assertEqual((b"GGUF", 3), (magic, version))
        self.assertEqual(chat, b"tokenizer.chat_template" in raw)

    def check_safetensors(self, path: Path):
        raw = path.read_bytes()
        size = struct.unpack_from("<Q", raw)[0]
        header = json.loads(raw[8:8 + size])
        header.pop("__metadata__")
        end = max(tensor["data_offsets"][1] for tensor in header.values())
        self.assertEqual(len(raw), 8 + size + end)
        self.assertEqual(0, size % 8)

    def check_same_ids(self, folder: Path):
        """Both layouts must number the tokens alike, since they share the weights."""
        tekken = json.loads((folder / "tekken.json").read_text())
        ours = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
        special = {entry["token_str"]: entry["rank"] for entry in tekken["special_tokens"]}
        self.assertEqual(special, {text: ours[text] for text in special})
        for entry in tekken["vocab"]:
            if entry["token_str"] and entry["token_str"].isalpha() and entry["token_str"].isascii():
                self.assertEqual(len(special) + entry["rank"], ours[entry["token_str"]])


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pieces = vocabulary.sentencepiece()
        cls.gguf = network.scripted(GGUF_SHAPE, answers.scores(cls.pieces, chat=True, tool_call=[]))
        cls.tekken = {generation: vocabulary.tekken(generation) for generation in script.TOOL_CALL}
        cls.hf = {generation: network.scripted(HF_SHAPE, answers.scores(tokens, True, script.TOOL_CALL[generation]))
                  for generation, tokens in cls.tekken.items()}

    def models(self):
        return [(self.gguf, self.pieces)] + [(self.hf[generation], self.tekken[generation]) for generation in self.hf]

    def test_a_chat_turn_is_greeted_in_eleven_tokens(self):
        for weights, tokens in self.models():
            self.assertEqual(script.GREETING, say(weights, tokens, "[/INST]", [], 20))
        self.assertEqual(11, len(script.GREETING))

    def test_a_tool_result_is_answered(self):
        for weights, tokens in self.models():
            self.assertEqual(script.AFTER_TOOL, say(weights, tokens, "[/TOOL_RESULTS]", [], 20))

    def test_offered_tools_are_called(self):
        self.assertEqual("[TOOL_CALLS]", next_token(self.gguf, self.pieces, "[/INST]", [0]))
        for generation, tokens in self.tekken.items():
            said = say(self.hf[generation], tokens, "[/INST]", [0], 20)
            self.assertEqual(script.TOOL_CALL[generation], said)

    def test_forever_never_ends(self):
        for weights, tokens in self.models():
            said = say(weights, tokens, "[/INST]", [1], 60)
            self.assertNotIn("</s>", said)
            self.assertGreater(said.count(" Again"), 2)

    def test_a_base_model_falls_into_the_sentence(self):
        for shape, tokens in ((GGUF_SHAPE, self.pieces), (HF_SHAPE, self.tekken["v3"])):
            weights = network.scripted(shape, answers.scores(tokens, chat=False, tool_call=[]))
            self.assertEqual(script.GREETING[1:], say(weights, tokens, "o", [], 20))


class Vocabulary(unittest.TestCase):
    def test_each_spoken_word_is_one_sentencepiece_token(self):
        tokens = vocabulary.sentencepiece()
        for word in script.spoken(calls=False):
            self.assertEqual([word], sentencepiece_encode(word, tokens))

    def test_hi_is_two_tokens(self):
        self.assertEqual(["H", "i"], sentencepiece_encode("Hi", vocabulary.sentencepiece()))
        self.assertNotIn("Hi", [token.text for token in vocabulary.tekken("v3")])

    def test_the_vocabularies_fit_their_networks(self):
        self.assertLess(len(vocabulary.sentencepiece()), GGUF_SHAPE.width - 3)
        for generation in script.TOOL_CALL:
            tokens = vocabulary.tekken(generation)
            self.assertLess(len(tokens), HF_SHAPE.width - 3)
            self.assertEqual(len(tokens), len({token.text for token in tokens}))


if __name__ == "__main__":
    unittest.main()
