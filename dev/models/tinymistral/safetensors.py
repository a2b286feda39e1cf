"""Writes tensors as a safetensors file in bfloat16."""

import json
import struct
from pathlib import Path

from tinymistral.network import Matrix


def write(path: Path, tensors: dict[str, Matrix | list[float]]) -> None:
    """Writes the tensors in the order given."""
    header: dict = {"__metadata__": {"format": "pt"}}
    blobs, offset = [], 0
    for name, tensor in tensors.items():
        flat, shape = (tensor, [len(tensor)]) if isinstance(tensor, list) else (tensor.values, [tensor.rows, tensor.cols])
        blob = _bfloat16(flat)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + b"".join(blobs))


def _bfloat16(values) -> bytes:
    """The upper halves of the floats, rounded to nearest even."""
    bits = struct.unpack(f"<{len(values)}I", struct.pack(f"<{len(values)}f", *values))
    return struct.pack(f"<{len(bits)}H", *((bit + 0x7FFF + ((bit >> 16) & 1)) >> 16 for bit in bits))
