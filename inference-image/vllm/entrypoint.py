#!/usr/bin/env python3
"""Becomes vLLM's server, so that it is process 1 and gets the signals itself. All arguments are the server's own; the model is the first.

    ENGINE_GPUS  GPUs that the plan counts on (0). Where vLLM would use fewer it is not started, and the exit status is 20: a build for
                 CPUs serves on the CPU without a word.

vLLM spawns its processes from this file: what it does when it is imported happens in each of them.
"""

import ctypes
import os
import platform
import sys
from typing import NoReturn

GPUS_NOT_USED = 20
ARCH_PRCTL, REQUEST_PERMISSION, TILES = 158, 0x1023, 18
ENGINE_FAILED = "Engine core initialization failed"


def permit_tiles() -> None:
    """Linux lets a process use AMX's tiles only after it has asked, and vLLM's attention for CPUs does not ask (as of 0.32): unless another
    library of the process has, its first request is an illegal instruction. A CPU or kernel without tiles refuses, and vLLM then uses none.
    https://docs.kernel.org/arch/x86/xstate.html"""
    if sys.platform == "linux" and platform.machine() == "x86_64":
        ctypes.CDLL(None).syscall(ARCH_PRCTL, REQUEST_PERMISSION, TILES)


permit_tiles()


def shortfall(planned: int) -> str | None:
    """What vLLM itself has chosen to compute with, where that is less than planned, and the way out."""
    from vllm.platforms import current_platform

    device = current_platform.device_type
    if device == "cpu":
        return "this build of vLLM computes on the CPU: set images.vllm of the chart to one for GPUs"
    if not device:
        return "vLLM finds no GPU in the container: look at the node's driver and device plugin, and at the instance type's runtimeClassName"
    found = current_platform.device_count() if current_platform.is_cuda_alike() else planned
    if found < planned:
        return f"vLLM finds {found} in the container: look at the node's device plugin"
    return None


def end(line: str, status: int) -> NoReturn:
    """Makes it the last line of the log, which Kubernetes shows as the container's end."""
    sys.stdout.flush()
    print(line, file=sys.stderr, flush=True)
    sys.exit(status)


def main() -> None:
    planned = int(os.environ.get("ENGINE_GPUS", "0"))
    if planned > 0 and (reason := shortfall(planned)):
        end(f"GPUs planned: {planned}; {reason}", GPUS_NOT_USED)
    sys.argv[:] = ["vllm", "serve", *sys.argv[1:]]
    from vllm.entrypoints.cli.main import main as vllm

    try:
        vllm()
    except RuntimeError as failure:
        if not str(failure).startswith(ENGINE_FAILED):
            raise
        # Kubernetes shows the last 2048 bytes. The cause is the end of the engine process's own traceback just above; this one's would hide it.
        end(f"RuntimeError: {failure}", 1)


if __name__ == "__main__":
    main()
