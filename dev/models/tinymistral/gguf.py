"""Writes a network as a GGUF version 3 file with Q8_0 weights, as llama.cpp reads it."""

import struct
from pathlib import Path

from tinymistral import script
from tinymistral.network import Matrix, Network
from tinymistral.vocabulary import Kind, Token

_U32, _I32, _F32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_FORMATS = {_U32: "<I", _I32: "<i", _F32: "<f", _BOOL: "<?"}
_TENSOR_F32, _TENSOR_Q8_0 = 0, 8
_FILE_TYPE_Q8_0 = 7
_ALIGNMENT = 32
_Q8_BLOCK = 32
_TOKEN_TYPES = {Kind.TEXT: 1, Kind.CHARACTER: 1, Kind.UNKNOWN: 2, Kind.CONTROL: 3, Kind.BYTE: 6}


def write(path: Path, name: str, tokens: list[Token], network: Network, chat: bool) -> None:
    """Writes the model file; `chat` adds the chat template."""
    metadata = _metadata(name, tokens, network, chat)
    infos, blobs, offset = [], [], 0
    tensors = _tensors(network)
    for tensor_name, tensor in tensors:
        shape, kind, blob = _encoded(tensor)
        blob += bytes(-len(blob) % _ALIGNMENT)
        infos.append(_string(tensor_name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset))
        blobs.append(blob)
        offset += len(blob)
    header = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(metadata)) + b"".join(metadata) + b"".join(infos)
    header += bytes(-len(header) % _ALIGNMENT)
    path.write_bytes(header + b"".join(blobs))


def _metadata(name: str, tokens: list[Token], network: Network, chat: bool) -> list[bytes]:
    shape = network.shape
    entries = [
        _entry("general.architecture", _STRING, "llama"),
        _entry("general.name", _STRING, name),
        _entry("general.description", _STRING, "Synthetic test model"),
        _entry("general.license", _STRING, "apache-2.0"),
        _entry("general.file_type", _U32, _FILE_TYPE_Q8_0),
        _entry("general.alignment", _U32, _ALIGNMENT),
        _entry("llama.block_count", _U32, shape.layers),
        _entry("llama.context_length", _U32, shape.context),
        _entry("llama.embedding_length", _U32, shape.width),
        _entry("llama.feed_forward_length", _U32, shape.hidden),
        _entry("llama.attention.head_count", _U32, shape.heads),
        _entry("llama.attention.head_count_kv", _U32, shape.kv_heads),
        _entry("llama.attention.layer_norm_rms_epsilon", _F32, shape.epsilon),
        _entry("llama.rope.dimension_count", _U32, shape.head_size),
        _entry("llama.rope.freq_base", _F32, shape.rope_base),
        _entry("llama.vocab_size", _U32, len(tokens)),
        _entry("tokenizer.ggml.model", _STRING, "llama"),
        _entry("tokenizer.ggml.pre", _STRING, "default"),
        _entry("tokenizer.ggml.tokens", _ARRAY, [token.text.replace(" ", "▁") for token in tokens], _STRING),
        _entry("tokenizer.ggml.scores", _ARRAY, [token.score for token in tokens], _F32),
        _entry("tokenizer.ggml.token_type", _ARRAY, [_TOKEN_TYPES[token.kind] for token in tokens], _I32),
        _entry("tokenizer.ggml.bos_token_id", _U32, 1),
        _entry("tokenizer.ggml.eos_token_id", _U32, 2),
        _entry("tokenizer.ggml.unknown_token_id", _U32, 0),
        _entry("tokenizer.ggml.add_bos_token", _BOOL, True),
        _entry("tokenizer.ggml.add_eos_token", _BOOL, False),
        _entry("tokenizer.ggml.add_space_prefix", _BOOL, False),
    ]
    if chat:
        entries.append(_entry("tokenizer.chat_template", _STRING, script.chat_template(strict_roles=False)))
    return entries


def _tensors(network: Network) -> list[tuple[str, Matrix | list[float]]]:
    ones = [1.0] * network.shape.width
    tensors: list = [("token_embd.weight", network.embedding), ("output.weight", network.head),
                     ("output_norm.weight", ones)]
    for index, layer in enumerate(network.layers):
        parts = [("attn_norm", ones), ("ffn_norm", ones), ("attn_q", layer.query), ("attn_k", layer.key),
                 ("attn_v", layer.value), ("attn_output", layer.output), ("ffn_gate", layer.gate),
                 ("ffn_up", layer.up), ("ffn_down", layer.down)]
        tensors += [(f"blk.{index}.{part}.weight", tensor) for part, tensor in parts]
    return tensors


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(kind: int, value) -> bytes:
    return _string(value) if kind == _STRING else struct.pack(_FORMATS[kind], value)


def _entry(key: str, kind: int, value, element: int = 0) -> bytes:
    head = _string(key) + struct.pack("<I", kind)
    if kind != _ARRAY:
        return head + _value(kind, value)
    return head + struct.pack("<IQ", element, len(value)) + b"".join(_value(element, item) for item in value)


def _encoded(tensor: Matrix | list[float]) -> tuple[list[int], int, bytes]:
    """Dimensions (innermost first), type and bytes of a tensor; norms stay in full precision."""
    if isinstance(tensor, list):
        return [len(tensor)], _TENSOR_F32, struct.pack(f"<{len(tensor)}f", *tensor)
    return [tensor.cols, tensor.rows], _TENSOR_Q8_0, _q8_0(tensor.values)


def _q8_0(values) -> bytes:
    """Blocks of a half-precision scale and 32 signed bytes."""
    out, zero = bytearray(), bytes(2 + _Q8_BLOCK)
    for start in range(0, len(values), _Q8_BLOCK):
        block = values[start:start + _Q8_BLOCK]
        top = max(max(block), -min(block))
        if top == 0.0:
            out += zero
            continue
        raw_scale = struct.pack("<e", top / 127.0)
        scale = struct.unpack("<e", raw_scale)[0] or top / 127.0
        out += raw_scale
        out += struct.pack("<32b", *(max(-127, min(127, round(value / scale))) for value in block))
    return bytes(out)
