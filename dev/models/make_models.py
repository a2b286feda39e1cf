#!/usr/bin/env python3
"""Writes all tiny models into a folder.  Standard library only; the same bytes every time.

    python3 dev/models/make_models.py FOLDER

    tiny-scripted.gguf  known answers, for llama.cpp
    tiny-random.gguf    noise that never ends by itself: set max_tokens
    tiny-base.gguf      a base model: known text, no chat template
    hf/tiny             known answers for vLLM, tekken v3, in Hugging Face and in Mistral layout
    hf/tiny-v13         the same with tekken v13, Mistral layout only
    hf/tiny-base        a base model, Hugging Face layout only

At temperature 0 the scripted models answer a chat turn with "Hello from a tiny Mistral model
running on CPU." (11 tokens with the end), call a tool when tools are offered, say "The tool has
answered." after its result, close JSON early under a grammar, and never end when the prompt
holds the word "forever".
"""

import argparse
import sys
from pathlib import Path

from tinymistral import answers, gguf, huggingface, mistral, network, script, vocabulary
from tinymistral.network import Rotary, Shape

GGUF_SHAPE = Shape(width=768, heads=12, kv_heads=4, hidden=256, rotary=Rotary.INTERLEAVED)
HF_SHAPE = Shape(width=512, heads=8, kv_heads=2, hidden=128, rotary=Rotary.HALVES)
NOISE_SEED = 1


def write_gguf_models(folder: Path) -> None:
    tokens = vocabulary.sentencepiece()
    models = {
        "tiny-scripted": (True, network.scripted(GGUF_SHAPE, answers.scores(tokens, chat=True, tool_call=[]))),
        "tiny-base": (False, network.scripted(GGUF_SHAPE, answers.scores(tokens, chat=False, tool_call=[]))),
        "tiny-random": (True, network.noise(GGUF_SHAPE, len(tokens), NOISE_SEED)),
    }
    for name, (chat, weights) in models.items():
        gguf.write(folder / f"{name}.gguf", name, tokens, weights, chat)


def write_hf_models(folder: Path) -> None:
    for name, generation, chat in (("tiny", "v3", True), ("tiny-v13", "v13", True), ("tiny-base", "v3", False)):
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        tokens = vocabulary.tekken(generation)
        weights = network.scripted(HF_SHAPE, answers.scores(tokens, chat, script.TOOL_CALL[generation]))
        if generation == "v3":
            huggingface.write(target, tokens, weights, chat)
        if chat:
            mistral.write(target, tokens, weights, generation)


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes all tiny models into a folder.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    write_gguf_models(folder)
    write_hf_models(folder / "hf")
    return 0


if __name__ == "__main__":
    sys.exit(main())
