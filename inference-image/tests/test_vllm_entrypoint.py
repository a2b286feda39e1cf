"""The entrypoint of vLLM with a stand-in for vLLM's package: python3 -m unittest discover -s inference-image/tests"""

import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

ENTRYPOINT = Path(__file__).parents[1] / "vllm" / "entrypoint.py"
DOCKERFILE = ENTRYPOINT.with_name("Dockerfile")
# Without a GPU vLLM has a platform without a type, whose device_count is None. GPUs that are hidden from a build for CUDA leave it
# its platform, with a count of 0.
PLATFORM = """
class current_platform:
    device_type = {device!r}
    is_cuda_alike = staticmethod(lambda: {device!r} == "cuda")
    device_count = staticmethod(lambda: {count}) if {device!r} else None
"""
SERVER = """
def main():
    import sys
    print(sys.argv)
"""
FAILING_SERVER = """
def main():
    import sys
    print("ValueError: Free memory on device", file=sys.stderr)
    raise RuntimeError({message!r})
"""

# What the kernel permits to a process that vLLM would spawn, and what it has, as masks of XSAVE's components.
SPAWNING_SERVER = """
import ctypes, multiprocessing

def show():
    mask = ctypes.c_uint64()
    for ask in 0x1022, 0x1021:
        assert ctypes.CDLL(None).syscall(158, ask, ctypes.byref(mask)) == 0
        print(mask.value >> 18 & 1, flush=True)

def main():
    process = multiprocessing.get_context("spawn").Process(target=show)
    process.start()
    process.join()
"""


class VllmEntrypoint(unittest.TestCase):
    def run_entrypoint(self, device: str, count: int, *, gpus: str | None, noise: str = "",
                       server: str = SERVER) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as packages:
            for path, source in {"platforms": noise + PLATFORM.format(device=device, count=count), "entrypoints": "",
                                 "entrypoints/cli": "", "entrypoints/cli/main": server}.items():
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

    def test_ts10_gpus_that_are_hidden_from_the_container_are_not_found(self):
        self.assert_ends(self.run_entrypoint("cuda", 0, gpus="1"), "GPUs planned: 1; vLLM finds 0 in the container: look at the node's device plugin")

    def test_the_cause_of_an_engine_that_does_not_start_stays_next_to_the_end(self):
        message = "Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore': 1}"
        done = self.run_entrypoint("cuda", 1, gpus="1", server=FAILING_SERVER.format(message=message))
        self.assertEqual((1, f"ValueError: Free memory on device\nRuntimeError: {message}\n"), (done.returncode, done.stderr))

    @unittest.skipUnless(platform.machine() == "x86_64", "AMX is of x86-64")
    def test_a_process_of_vllm_may_use_the_tiles_that_the_machine_has(self):
        done = self.run_entrypoint("cpu", 0, gpus=None, server=SPAWNING_SERVER)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        permitted, there = done.stdout.split()
        self.assertEqual(there, permitted)

    def test_any_other_failure_of_the_server_keeps_its_traceback(self):
        done = self.run_entrypoint("cuda", 1, gpus="1", server=FAILING_SERVER.format(message="broken"))
        self.assertEqual(1, done.returncode)
        self.assertIn("Traceback", done.stderr)
        self.assertEqual("RuntimeError: broken", done.stderr.splitlines()[-1])


class VllmImage(unittest.TestCase):
    def test_the_user_has_a_name_without_an_entry_in_passwd(self):
        instructions = DOCKERFILE.read_text().replace("\\\n", " ")
        environment = dict(word.split("=", 1) for line in re.findall("^ENV (.*)", instructions, re.MULTILINE) for word in shlex.split(line))
        nameless = "import getpass, pwd; pwd.getpwuid = lambda uid: {}[uid]; print(getpass.getuser())"
        done = subprocess.run([sys.executable, "-c", nameless], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(("nonroot\n", ""), (done.stdout, done.stderr))


if __name__ == "__main__":
    unittest.main()
