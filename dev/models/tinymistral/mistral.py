"""Writes Mistral's own layout of a model: params.json, consolidated.safetensors, tekken.json."""

import base64
from pathlib import Path

from tinymistral import safetensors
from tinymistral.huggingface import write_json
from tinymistral.network import Network
from tinymistral.vocabulary import TEKKEN_PATTERN, Kind, Token


def write(folder: Path, tokens: list[Token], network: Network, generation: str) -> None:
    """Writes the files; the network's rotary order is that of Hugging Face files."""
    shape = network.shape
    safetensors.write(folder / "consolidated.safetensors", _tensors(network))
    write_json(folder / "params.json", {
        "dim": shape.width, "n_layers": shape.layers, "head_dim": shape.head_size, "hidden_dim": shape.hidden,
        "n_heads": shape.heads, "n_kv_heads": shape.kv_heads, "norm_eps": shape.epsilon, "vocab_size": len(tokens),
        "rope_theta": shape.rope_base, "max_position_embeddings": shape.context})
    write_json(folder / "tekken.json", _tekken(tokens, generation))


def _tensors(network: Network) -> dict:
    shape, ones = network.shape, [1.0] * network.shape.width
    tensors = {"tok_embeddings.weight": network.embedding}
    for index, layer in enumerate(network.layers):
        block = f"layers.{index}."
        tensors |= {
            block + "attention.wq.weight": layer.query.with_rows(_interleaved(shape.heads, shape.head_size)),
            block + "attention.wk.weight": layer.key.with_rows(_interleaved(shape.kv_heads, shape.head_size)),
            block + "attention.wv.weight": layer.value, block + "attention.wo.weight": layer.output,
            block + "feed_forward.w1.weight": layer.gate, block + "feed_forward.w3.weight": layer.up,
            block + "feed_forward.w2.weight": layer.down,
            block + "attention_norm.weight": ones, block + "ffn_norm.weight": ones}
    return tensors | {"norm.weight": ones, "output.weight": network.head}


def _interleaved(heads: int, size: int) -> list[int]:
    """Row order that turns halves-rotated heads into interleaved ones."""
    return [head * size + row // 2 + (size // 2 if row % 2 else 0) for head in range(heads) for row in range(size)]


def _tekken(tokens: list[Token], generation: str) -> dict:
    special = [token for token in tokens if token.kind in (Kind.UNKNOWN, Kind.CONTROL)]
    ordinary = tokens[len(special):]
    return {
        "config": {"pattern": TEKKEN_PATTERN, "num_vocab_tokens": len(ordinary), "default_vocab_size": len(tokens),
                   "default_num_special_tokens": len(special), "version": generation},
        "version": 1, "type": "Tekken",
        "vocab": [{"rank": rank, "token_bytes": base64.b64encode(token.raw).decode(), "token_str": _text(token.raw)}
                  for rank, token in enumerate(ordinary)],
        "special_tokens": [{"rank": rank, "token_str": token.text, "is_control": True}
                           for rank, token in enumerate(special)]}


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
