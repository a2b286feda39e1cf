"""Weights of the tiny models: a Llama-shaped network computed from scores, or noise."""

import array
import enum
import math
import random
from dataclasses import dataclass

from tinymistral.answers import Scores


class Rotary(enum.Enum):
    """Which two dimensions of a head are rotated together."""

    INTERLEAVED = "2i with 2i+1"  # llama.cpp, Mistral's own files
    HALVES = "i with i+size/2"  # Hugging Face files


@dataclass(frozen=True)
class Shape:
    width: int
    heads: int
    kv_heads: int
    hidden: int
    rotary: Rotary
    layers: int = 2
    context: int = 32768
    rope_base: float = 1000000.0
    epsilon: float = 1e-5

    @property
    def head_size(self) -> int:
        return self.width // self.heads

    @property
    def slowest(self) -> int:
        """A dimension of the rotary pair that turns slowest, about 1e-6 rad a token."""
        return self.head_size - (2 if self.rotary is Rotary.INTERLEAVED else 1)


class Matrix:
    """Float matrix, row-major, of zeros at first."""

    def __init__(self, rows: int, cols: int):
        self.rows, self.cols = rows, cols
        self.values = array.array("f", bytes(4 * rows * cols))

    def set(self, row: int, col: int, value: float) -> None:
        self.values[row * self.cols + col] = value

    def fill_noise(self, source: random.Random, deviation: float) -> None:
        self.values = array.array("f", (source.gauss(0.0, deviation) for _ in range(self.rows * self.cols)))

    def with_rows(self, order: list[int]) -> "Matrix":
        """A copy whose row i is this matrix's row order[i]."""
        out = Matrix(self.rows, self.cols)
        for row, source in enumerate(order):
            start = source * self.cols
            out.values[row * self.cols:(row + 1) * self.cols] = self.values[start:start + self.cols]
        return out


@dataclass(frozen=True)
class Layer:
    query: Matrix
    key: Matrix
    value: Matrix
    output: Matrix
    gate: Matrix
    up: Matrix
    down: Matrix

    def matrices(self) -> list[Matrix]:
        return [self.query, self.key, self.value, self.output, self.gate, self.up, self.down]


@dataclass(frozen=True)
class Network:
    """Weights; every norm's weight is one."""

    shape: Shape
    embedding: Matrix
    head: Matrix
    layers: list[Layer]


def _empty_layer(shape: Shape) -> Layer:
    kv_width = shape.kv_heads * shape.head_size
    return Layer(query=Matrix(shape.width, shape.width), key=Matrix(kv_width, shape.width),
                 value=Matrix(kv_width, shape.width), output=Matrix(shape.width, shape.width),
                 gate=Matrix(shape.hidden, shape.width), up=Matrix(shape.hidden, shape.width),
                 down=Matrix(shape.width, shape.hidden))


def noise(shape: Shape, vocabulary_size: int, seed: int) -> Network:
    """Gaussian weights: the output is noise and practically never ends by itself."""
    source = random.Random(seed)
    embedding, head = Matrix(vocabulary_size, shape.width), Matrix(vocabulary_size, shape.width)
    embedding.fill_noise(source, 1.0)
    head.fill_noise(source, 3.0 / math.sqrt(shape.width))
    layers = [_empty_layer(shape) for _ in range(shape.layers)]
    for layer in layers:
        for matrix in layer.matrices():
            matrix.fill_noise(source, 1.0 / math.sqrt(matrix.cols))
    return Network(shape, embedding, head, layers)


def scripted(shape: Shape, scores: Scores) -> Network:
    """Weights that compute the scores exactly.

    The residual stream holds a one-hot of the last token, a constant one in its last dimension
    and, below it, one flag for each mark, which an attention head of layer 0 raises to one.
    The output matrix reads the table off these.
    """
    size, constant = len(scores.default), shape.width - 1
    flags = [constant - 1 - index for index in range(len(scores.marked))]
    if size > flags[-1]:
        raise ValueError(f"{size} tokens do not fit into width {shape.width}")
    rms = math.sqrt(2.0 / shape.width)  # of every embedding row: two ones
    embedding, head = Matrix(size, shape.width), Matrix(size, shape.width)
    for token, default in enumerate(scores.default):
        embedding.set(token, token, 1.0)
        embedding.set(token, constant, 1.0)
        head.set(token, constant, default * rms)
    for (last, following), score in scores.after.items():
        head.set(following, last, (score - scores.default[following]) * rms)
    # A raised flag adds a third one to the norm, so all logits shrink by sqrt(2/3): no order changes.
    for flag, (_, added) in zip(flags, scores.marked):
        for token, score in added.items():
            head.set(token, flag, score * rms)
    layers = [_empty_layer(shape) for _ in range(shape.layers)]
    for group, (flag, (marks, _)) in enumerate(zip(flags, scores.marked)):
        _watch(layers[0], shape, rms, group, flag, constant, marks)
    return Network(shape, embedding, head, layers)


def _watch(layer: Layer, shape: Shape, rms: float, group: int, flag: int, constant: int, marks: list[int]) -> None:
    """Makes the first head of a key group raise `flag` once one of `marks` was seen.

    Score 40 against 0 leaves the other tokens nothing; the slowest rotary pair makes it
    independent of the distance.  After the norm a one has the value 1/rms.
    """
    size, root = shape.head_size, math.sqrt(math.sqrt(shape.head_size))
    first = group * (shape.heads // shape.kv_heads) * size
    layer.query.set(first + shape.slowest, constant, 20.0 * root * rms)
    layer.output.set(flag, first, 1.0)
    for mark in marks:
        layer.key.set(group * size + shape.slowest, mark, 2.0 * root * rms)
        layer.value.set(group * size, mark, rms)
