"""Which files of a folder an engine needs."""

import re

from faults import Exit, Refused
from remote import RemoteFile

_NEEDED = re.compile(r"[^/]+\.(safetensors|json|jinja|model|txt)")
_LAYOUTS = {
    "mistral": re.compile(r"consolidated[^/]*\.safetensors(\.index\.json)?"),
    "hf": re.compile(r"model[^/]*\.safetensors(\.index\.json)?"),
}


def needed(files: list[RemoteFile], layout: str, where: str) -> list[RemoteFile]:
    """Weights, configuration and tokenizer.

    Mistral's repositories hold the same weights in two layouts: only one is fetched, of the wanted layout where both
    are there.  Code, pickled weights and subfolders are never fetched.
    """
    chosen = [file for file in files if _NEEDED.fullmatch(file.path)]
    if not any(file.path.endswith(".safetensors") for file in chosen):
        raise Refused(f"{where} has no weights: there is no file *.safetensors", Exit.NOT_FOUND)
    wanted, other = _LAYOUTS[layout], _LAYOUTS["hf" if layout == "mistral" else "mistral"]
    if any(wanted.fullmatch(file.path) for file in chosen):
        chosen = [file for file in chosen if not other.fullmatch(file.path)]
    return sorted(chosen, key=lambda file: file.path)


def one(files: list[RemoteFile], path: str, where: str) -> list[RemoteFile]:
    """The one file of a path; a GGUF file that is split comes with all its parts."""
    parts = re.fullmatch(r"(.*-)(\d{5})-of-(\d{5})(\.gguf)", path)
    wanted = {path} if not parts else {
        f"{parts[1]}{number:05d}-of-{parts[3]}{parts[4]}" for number in range(1, int(parts[3]) + 1)
    }
    chosen = [file for file in files if file.path in wanted]
    missing = sorted(wanted - {file.path for file in chosen})
    if missing:
        near = ", ".join(sorted(file.path for file in files if file.path.endswith(".gguf"))[:10])
        raise Refused(f"{where} has no file {missing[0]}" + (f"; it has {near}" if near else ""), Exit.NOT_FOUND)
    return chosen
