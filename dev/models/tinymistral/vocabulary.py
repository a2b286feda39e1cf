"""Learns the two kinds of vocabulary that Mistral models have: SentencePiece and tekken."""

import enum
import re
from dataclasses import dataclass

from tinymistral import script

SENTENCEPIECE_SIZE = 704
TEKKEN_SIZE = 508
TEKKEN_SPECIAL_SLOTS = 32
TEKKEN_PATTERN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

_SENTENCEPIECE_CONTROL = ["<s>", "</s>", "[INST]", "[/INST]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]",
                          "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]"]
_TEKKEN_SPECIAL = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]",
                   "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]",
                   "[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]"]
_PRINTABLE = [chr(code) for code in range(33, 127)]


class Kind(enum.Enum):
    UNKNOWN = "unknown"
    CONTROL = "control"
    BYTE = "byte"
    CHARACTER = "character"
    TEXT = "text"


@dataclass(frozen=True)
class Token:
    """One token; its id is its place in the vocabulary.

    `text` is what it stands for, or the token's own name for bytes and control tokens.  `raw`
    holds its bytes in a tekken vocabulary; `score` is its merge priority in SentencePiece.
    """

    text: str
    kind: Kind
    raw: bytes = b""
    score: float = 0.0


def sentencepiece() -> list[Token]:
    """A SentencePiece BPE vocabulary with byte fallback, in id order."""
    tokens = [Token("<unk>", Kind.UNKNOWN)]
    tokens += [Token(name, Kind.CONTROL) for name in _SENTENCEPIECE_CONTROL]
    tokens += [Token(f"<0x{byte:02X}>", Kind.BYTE) for byte in range(256)]
    characters = [" ", *_PRINTABLE]
    spoken = script.spoken(calls=False)
    counts: dict[str, int] = {}
    for word in script.CORPUS.split():
        counts[" " + word] = counts.get(" " + word, 0) + 1
    for word in spoken:  # frequent enough to be reached by merges
        counts[word] = counts.get(word, 0) + 20
    room = SENTENCEPIECE_SIZE - len(tokens) - len(characters)
    merges = _byte_pairs({word: (list(word), count) for word, count in counts.items()}, room)
    missing = [word for word in spoken if word not in merges]
    if missing:
        raise ValueError(f"the vocabulary has no room for {missing}")
    tokens += [Token(piece, Kind.TEXT, score=-float(rank)) for rank, piece in enumerate(merges, start=1)]
    return tokens + [Token(char, Kind.CHARACTER, score=-10000.0 - rank) for rank, char in enumerate(characters)]


def tekken(generation: str) -> list[Token]:
    """A tekken vocabulary (byte-level BPE) of a generation, v3 or v13, in id order."""
    special = list(_TEKKEN_SPECIAL)
    if generation == "v13":
        special += ["[ARGS]", "[CALL_ID]"]
    special += [f"<SPECIAL_{slot}>" for slot in range(len(special), TEKKEN_SPECIAL_SLOTS)]
    tokens = [Token(name, Kind.UNKNOWN if name == "<unk>" else Kind.CONTROL) for name in special]
    for byte in range(256):
        raw = bytes([byte])
        char = chr(byte)
        if char == " " or char in _PRINTABLE:
            tokens.append(Token(char, Kind.CHARACTER, raw))
        else:
            tokens.append(Token(f"<0x{byte:02X}>", Kind.BYTE, raw))
    spoken = [text.encode() for text in script.spoken(calls=True)]
    counts: dict[str, int] = {}
    for word in re.findall(r" ?[A-Za-z]+| ?[^A-Za-z\s]+", script.CORPUS.replace("\n", " ")):
        counts[word] = counts.get(word, 0) + 1
    words = {word: ([bytes([byte]) for byte in word.encode()], count) for word, count in counts.items()}
    merges = _byte_pairs(words, TEKKEN_SIZE - len(tokens) - len(spoken))
    return tokens + [Token(raw.decode(), Kind.TEXT, raw) for raw in [m for m in merges if m not in spoken] + spoken]


def _byte_pairs(words, room: int) -> list:
    """The merged symbols of byte-pair encoding, best first, at most `room` of them.

    `words` maps a word to its symbols (texts or bytes) and its count.  Ties go to the pair
    that sorts first, so that the result never depends on the order of insertion.
    """
    split = {word: list(symbols) for word, (symbols, _) in words.items()}
    merges: list = []
    while len(merges) < room:
        pairs: dict = {}
        for word, (_, count) in words.items():
            for pair in zip(split[word], split[word][1:]):
                pairs[pair] = pairs.get(pair, 0) + count
        if not pairs:
            break
        left, right = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if left + right not in merges:
            merges.append(left + right)
        for word, symbols in split.items():
            split[word] = _joined(symbols, left, right)
    return merges


def _joined(symbols: list, left, right) -> list:
    out, at = [], 0
    while at < len(symbols):
        if at + 1 < len(symbols) and symbols[at] == left and symbols[at + 1] == right:
            out.append(left + right)
            at += 2
        else:
            out.append(symbols[at])
            at += 1
    return out
