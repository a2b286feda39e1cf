"""The entrypoint of vLLM with a stand-in for vLLM's package: python3 -m unittest discover -s inference-image/tests"""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

ENTRYPOINT = Path(__file__).parents[1] / "vllm" / "entrypoint.py"
PLATFORM = """
class current_platform:
    device_type = {device!r}
    is_cuda_alike = staticmethod(lambda: {device!r} == "cuda")
    device_count = staticmethod(lambda: {count})
"""
SERVER = """
def main():
    import sys
    print(sys.argv)
"""


class VllmEntrypoint(unittest.TestCase):
    def run_entrypoint(self, device: str, count: int, *, gpus: str | None, noise: str = "") -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as packages:
            for path, source in {"platforms": noise + PLATFORM.format(device=device, count=count), "entrypoints": "",
                                 "entrypoints/cli": "", "entrypoints/cli/main": SERVER}.items():
                folder = Path(packages) / "vllm" / path
                folder.parent.mkdir(parents=True, exist_ok=True)
                (folder.parent / "__init__.py").touch()
                folder.with_suffix(".py").write_text(textwrap.dedent(source)) if source else folder.mkdir()
            environment = {name: value for name, value in os.environ.items() if name != "ENGINE_GPUS"}
            environment |= {"PYTHONPATH": packages} | ({} if gpus is None else {"ENGINE_GPUS": gpus})
            return subprocess.run([sys.executable, ENTRYPOINT, "/models/m", "--port", "8000"], env=environment, capture_output=True,
                                  text=True, timeout=60)

    def assert_serves(self, done: subprocess.CompletedProcess):
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual("['vllm', 'serve', '/models/m', '--port', '8000']\n", done.stdout)

    def assert_ends(self, done: subprocess.CompletedProcess, reason: str):
        self.assertEqual((20, ""), (done.returncode, done.stdout))
        self.assertIn(reason, done.stderr.splitlines()[-1])

    def test_the_server_gets_all_arguments(self):
        self.assert_serves(self.run_entrypoint("cpu", 0, gpus=None))
        self.assert_serves(self.run_entrypoint("cuda", 2, gpus="2"))

    def test_vllm_is_not_asked_where_no_gpu_is_planned(self):
        self.assert_serves(self.run_entrypoint("cpu", 0, gpus="0", noise="raise Exception\n"))

    def test_an_accelerator_that_is_no_gpu_of_cuda_is_vllms_business(self):
        self.assert_serves(self.run_entrypoint("xpu", 0, gpus="2"))

    def test_ts10_a_build_for_cpus_does_not_serve_where_gpus_are_planned(self):
        self.assert_ends(self.run_entrypoint("cpu", 0, gpus="2"),
                         "GPUs planned: 2; this build of vLLM computes on the CPU: set images.vllm")

    def test_ts10_without_a_gpu_the_reason_is_the_last_line(self):
        noise = "import sys; print('ImportError: libcuda.so.1', file=sys.stderr)\n"
        self.assert_ends(self.run_entrypoint("", 0, gpus="1", noise=noise), "GPUs planned: 1; vLLM finds no GPU in the container")

    def test_ts10_fewer_gpus_than_planned_are_told(self):
        self.assert_ends(self.run_entrypoint("cuda", 1, gpus="4"), "GPUs planned: 4; vLLM finds 1 in the container")


if __name__ == "__main__":
    unittest.main()
