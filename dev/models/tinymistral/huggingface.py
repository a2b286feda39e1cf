"""Writes the Hugging Face layout of a model: config.json, model.safetensors, tokenizer.json."""

import json
from pathlib import Path

from tinymistral import safetensors, script
from tinymistral.network import Network
from tinymistral.vocabulary import TEKKEN_PATTERN, Kind, Token

_TRANSFORMERS = "4.57.0"


def write(folder: Path, tokens: list[Token], network: Network, chat: bool) -> None:
    """Writes the files; without `chat` there is no chat template anywhere."""
    safetensors.write(folder / "model.safetensors", _tensors(network))
    write_json(folder / "config.json", _config(network, len(tokens)))
    write_json(folder / "generation_config.json",
               {"_from_model_config": True, "bos_token_id": 1, "eos_token_id": 2, "transformers_version": _TRANSFORMERS})
    write_json(folder / "tokenizer.json", _tokenizer(tokens))
    write_json(folder / "tokenizer_config.json", _tokenizer_config(tokens, network.shape.context, chat))


def write_json(path: Path, value) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def _tensors(network: Network) -> dict:
    ones = [1.0] * network.shape.width
    tensors = {"model.embed_tokens.weight": network.embedding}
    for index, layer in enumerate(network.layers):
        block = f"model.layers.{index}."
        tensors |= {
            block + "self_attn.q_proj.weight": layer.query, block + "self_attn.k_proj.weight": layer.key,
            block + "self_attn.v_proj.weight": layer.value, block + "self_attn.o_proj.weight": layer.output,
            block + "mlp.gate_proj.weight": layer.gate, block + "mlp.up_proj.weight": layer.up,
            block + "mlp.down_proj.weight": layer.down,
            block + "input_layernorm.weight": ones, block + "post_attention_layernorm.weight": ones}
    return tensors | {"model.norm.weight": ones, "lm_head.weight": network.head}


def _config(network: Network, vocabulary_size: int) -> dict:
    shape = network.shape
    return {
        "architectures": ["MistralForCausalLM"], "model_type": "mistral", "attention_dropout": 0.0,
        "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 11, "head_dim": shape.head_size, "hidden_act": "silu",
        "hidden_size": shape.width, "initializer_range": 0.02, "intermediate_size": shape.hidden,
        "max_position_embeddings": shape.context, "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers, "num_key_value_heads": shape.kv_heads, "rms_norm_eps": shape.epsilon,
        "rope_theta": shape.rope_base, "sliding_window": None, "tie_word_embeddings": False,
        "torch_dtype": "bfloat16", "transformers_version": _TRANSFORMERS, "use_cache": True,
        "vocab_size": vocabulary_size}


def _special(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.kind in (Kind.UNKNOWN, Kind.CONTROL)]


def _added(tokens: list[Token]) -> list[dict]:
    return [{"id": index, "content": token.text, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for index, token in enumerate(_special(tokens))]


def _tokenizer(tokens: list[Token]) -> dict:
    alphabet = _byte_alphabet()
    special = _special(tokens)
    ordinary = [token.raw for token in tokens[len(special):]]
    known = set(ordinary)

    def shown(raw: bytes) -> str:
        return "".join(alphabet[byte] for byte in raw)

    # Every way to make a token from two others.
    merges = [[shown(raw[:cut]), shown(raw[cut:])] for raw in ordinary
              for cut in range(1, len(raw)) if raw[:cut] in known and raw[cut:] in known]
    ids = {token.text: index for index, token in enumerate(special)}
    ids |= {shown(raw): len(special) + index for index, raw in enumerate(ordinary)}
    begin = {"SpecialToken": {"id": "<s>", "type_id": 0}}
    second = [{"SpecialToken": {"id": "<s>", "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}]
    first = [begin, {"Sequence": {"id": "A", "type_id": 0}}]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": _added(tokens), "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": TEKKEN_PATTERN}, "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
        "post_processor": {"type": "TemplateProcessing", "single": first, "pair": first + second,
                           "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": True,
                  "vocab": ids, "merges": merges}}


def _tokenizer_config(tokens: list[Token], context: int, chat: bool) -> dict:
    config = {
        "add_bos_token": True, "add_eos_token": False, "bos_token": "<s>", "eos_token": "</s>",
        "unk_token": "<unk>", "pad_token": "<pad>", "clean_up_tokenization_spaces": False,
        "model_max_length": context, "tokenizer_class": "PreTrainedTokenizerFast",
        "added_tokens_decoder": {str(entry["id"]): {key: value for key, value in entry.items() if key != "id"}
                                 for entry in _added(tokens)}}
    if chat:
        config["chat_template"] = script.chat_template(strict_roles=True)
    return config


def _byte_alphabet() -> dict[int, str]:
    """GPT-2's printable stand-ins for the 256 bytes."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + rank) for rank, byte in enumerate(others)}
