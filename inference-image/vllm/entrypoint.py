#!/usr/bin/env python3
"""Becomes vLLM's server, so that it is process 1 and gets the signals itself. All arguments are the server's own; the model is the first.

    ENGINE_GPUS  GPUs that the plan counts on (0). Where vLLM would use fewer it is not started, and the exit status is 20: a build for
                 CPUs serves on the CPU without a word.

vLLM spawns its processes from this file, so it must do nothing when it is imported.
"""

import os
import sys

GPUS_NOT_USED = 20


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


def main() -> None:
    planned = int(os.environ.get("ENGINE_GPUS", "0"))
    if planned > 0 and (reason := shortfall(planned)):
        # The last line of the log, which Kubernetes shows as the container's end.
        sys.stdout.flush()
        print(f"GPUs planned: {planned}; {reason}", file=sys.stderr, flush=True)
        sys.exit(GPUS_NOT_USED)
    sys.argv[:] = ["vllm", "serve", *sys.argv[1:]]
    from vllm.entrypoints.cli.main import main as vllm

    vllm()


if __name__ == "__main__":
    main()
