#!/usr/bin/env python3
"""Replaces the NVIDIA libraries of a CUDA build of torch by stubs, for images that run on CPUs.

    stub_cuda_libraries.py SITE_PACKAGES

PyPI's torch for Linux is the CUDA build: importing it needs gigabytes of NVIDIA libraries that a
CPU never calls.  The stubs have the same sonames, symbols and symbol versions, and every function
returns 100 (cudaErrorNoDevice), so torch finds no GPU and everything on the CPU works.  Needs gcc
and binutils.
"""

import collections
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NO_DEVICE = 100
SYMBOL_KINDS = ("FUNC", "OBJECT", "NOTYPE", "IFUNC")


def output(*command) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def dynamic(path: Path, tag: str) -> list[str]:
    """The values of a tag in the dynamic section: NEEDED or SONAME."""
    return re.findall(rf"\({tag}\)[^\[]*\[(.*?)\]", output("readelf", "-dW", path))


def users(site: Path) -> set[Path]:
    """The libraries that link against NVIDIA's."""
    return {path for pattern in ("torch/**/*.so*", "vllm/*.so") for path in site.glob(pattern) if path.is_file()}


def wanted_symbols(paths: set[Path]) -> set[str]:
    lines = (line for path in paths for line in output("nm", "-D", "--undefined-only", path).splitlines())
    return {line.split()[-1].split("@")[0] for line in lines}


def exported(library: Path, wanted: set[str]) -> dict[str, dict[str, tuple[str, int]]]:
    """The wanted symbols that a library exports: version -> name -> (kind, size)."""
    found: dict = collections.defaultdict(dict)
    for line in output("readelf", "-W", "--dyn-syms", library).splitlines():
        fields = line.split()
        if len(fields) < 8 or not fields[0].rstrip(":").isdigit() or fields[6] == "UND":
            continue
        size, kind, binding = fields[2], fields[3], fields[4]
        name, _, version = fields[7].replace("@@", "@").partition("@")
        # C++ names are of the C++ runtime, which these libraries export again.
        if binding in ("GLOBAL", "WEAK") and kind in SYMBOL_KINDS and name in wanted and not name.startswith("_Z"):
            found[version][name] = (kind, int(size, 0))
    return found


def definition(name: str, kind: str, size: int) -> str:
    if kind == "OBJECT":
        return f"char {name}[{max(size, 8)}];"
    if "GetErrorString" in name or "GetErrorName" in name or "ErrorString" in name:
        return f'const char *{name}(void) {{ return "no CUDA device (stub library)"; }}'
    if name in ("cudaGetLastError", "cudaPeekAtLastError"):
        return f"long {name}(void) {{ return 0; }}"
    return f"long {name}(void) {{ return {NO_DEVICE}; }}"


def write_stub(soname: str, symbols: dict, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, script = Path(folder) / "stub.c", Path(folder) / "versions"
        source.write_text("\n".join(definition(name, kind, size) for names in symbols.values()
                                    for name, (kind, size) in sorted(names.items())) + "\n")
        versions = [f"{version} {{ global: {'; '.join(sorted(names))}; }};" for version, names in symbols.items() if version]
        command = ["gcc", "-shared", "-fPIC", "-O1", "-w", "-fno-builtin", f"-Wl,-soname,{soname}", "-o", target]
        if versions:
            script.write_text("\n".join(versions) + "\n")
            command.append(f"-Wl,--version-script={script}")
        subprocess.run([*command, source], check=True)


def main() -> int:
    site = Path(sys.argv[1]).resolve()
    paths = users(site)
    needed = {name for path in paths for name in dynamic(path, "NEEDED")}
    wanted = wanted_symbols(paths)
    libraries = {soname: path for path in sorted(site.glob("nvidia/**/*.so*")) if path.is_file() and not path.is_symlink()
                 for soname in dynamic(path, "SONAME")}
    for soname in sorted(needed & libraries.keys()):
        symbols = exported(libraries[soname], wanted)
        write_stub(soname, symbols, site / "torch/lib" / soname)
        print(f"{soname}: {sum(map(len, symbols.values()))} symbols")
    for pattern in ("nvidia", "triton", "cuda", "nvidia_*", "triton-*", "cuda_*"):
        for path in site.glob(pattern):
            shutil.rmtree(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
