"""The start-up probe and the drain hook against a stand-in for an engine: python3 -m unittest discover -s inference-image/tests"""

import http.server
import json
import os
import subprocess
import threading
import time
import unittest
from pathlib import Path

BIN = Path(__file__).parents[1] / "bin"
ANSWER = {"choices": [{"message": {"content": "H"}, "text": "H", "finish_reason": "length"}], "usage": {"total_tokens": 1}}
LLAMACPP = "# TYPE llamacpp:requests_processing gauge\nllamacpp:requests_processing {}\nllamacpp:requests_deferred {}\n"
VLLM = ('vllm:num_requests_running{{engine="0",model_name="m"}} {}.0\nvllm:num_requests_waiting{{engine="0",model_name="m"}} {}.0\n'
        'vllm:num_requests_waiting_by_reason{{engine="0",model_name="m",reason="capacity"}} 5.0\n')


class Engine(http.server.ThreadingHTTPServer):
    """Answers completions with `reply`, and each look at the metrics with the next of `metrics`, the last one again and again."""

    daemon_threads = True

    def __init__(self, status=200, reply=ANSWER, metrics=("",), metrics_status=200):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.reply = status, reply
        self.metrics, self.metrics_status = list(metrics), metrics_status
        self.requests: list[tuple[str, dict]] = []
        self.release = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.release.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    server: Engine

    def log_message(self, *args):
        pass

    def answer(self, status: int, raw: bytes):
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, body))
        self.answer(self.server.status, json.dumps(self.server.reply).encode())

    def do_GET(self):
        engine = self.server
        if self.path == "/health":
            self.answer(200, b"{}")
            return
        page = engine.metrics.pop(0) if len(engine.metrics) > 1 else engine.metrics[0]
        if page == "slow":
            engine.release.wait(10)
            return
        self.answer(engine.metrics_status, page.encode())


class Hooks(unittest.TestCase):
    def engine(self, **options) -> Engine:
        engine = Engine(**options)
        self.addCleanup(engine.close)
        return engine

    def run_hook(self, name: str, port: int, **settings: str) -> subprocess.CompletedProcess:
        began = time.monotonic()
        done = subprocess.run([BIN / name], env=os.environ | {"ENGINE_PORT": str(port)} | settings, capture_output=True, text=True,
                              timeout=60)
        done.seconds = time.monotonic() - began
        return done

    def probe(self, engine: Engine, **settings: str) -> subprocess.CompletedProcess:
        return self.run_hook("probe", engine.server_address[1], **settings)

    def drain(self, engine: Engine, **settings: str) -> subprocess.CompletedProcess:
        return self.run_hook("drain", engine.server_address[1], DRAIN_QUIET_SECONDS="1", **settings)


class Probe(Hooks):
    def assert_failed(self, done: subprocess.CompletedProcess, reason: str):
        self.assertEqual(1, done.returncode)
        self.assertIn(reason, done.stderr)
        self.assertEqual(1, len(done.stderr.strip().splitlines()))

    def test_a_chat_completion_passes(self):
        engine = self.engine()
        self.assertEqual(0, self.probe(engine).returncode)
        path, body = engine.requests[0]
        self.assertEqual(("/v1/chat/completions", 1), (path, body["max_tokens"]))
        self.assertNotIn("tools", body)
        self.assertNotIn("model", body)

    def test_a_tool_is_offered_when_told(self):
        engine = self.engine()
        self.assertEqual(0, self.probe(engine, PROBE_TOOLS="true", PROBE_MODEL='a "b"').returncode)
        body = engine.requests[0][1]
        self.assertEqual("function", body["tools"][0]["type"])
        self.assertEqual('a "b"', body["model"])

    def test_a_base_model_is_asked_for_text(self):
        engine = self.engine()
        self.assertEqual(0, self.probe(engine, PROBE_KIND="text").returncode)
        self.assertEqual("/v1/completions", engine.requests[0][0])

    def test_a_refused_completion_fails_with_the_engines_words(self):
        self.assert_failed(self.probe(self.engine(status=400, reply={"error": {"message": "no\ngrammar"}})), "HTTP 400")

    def test_a_loading_engine_fails(self):
        self.assert_failed(self.probe(self.engine(status=503, reply={"error": "Loading model"})), "not ready")

    def test_an_answer_without_a_choice_fails(self):
        self.assert_failed(self.probe(self.engine(reply={"object": "chat.completion"})), 'lacks "choices"')

    def test_a_dead_engine_fails(self):
        engine = Engine()
        engine.close()
        self.assert_failed(self.probe(engine), "no answer from the engine")

    def test_an_unknown_kind_fails(self):
        self.assert_failed(self.probe(self.engine(), PROBE_KIND="image"), "PROBE_KIND")


class Drain(Hooks):
    def test_an_idle_engine_is_drained_after_the_quiet_time(self):
        for page in (LLAMACPP, VLLM):
            done = self.drain(self.engine(metrics=[page.format(0, 0)]))
            self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_running_and_waiting_requests_are_waited_for(self):
        for page in (LLAMACPP, VLLM):
            engine = self.engine(metrics=[page.format(2, 0), page.format(0, 1), page.format(0, 0)])
            done = self.drain(engine)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertGreater(done.seconds, 2.5)

    def test_the_quiet_time_starts_anew_with_a_late_request(self):
        engine = self.engine(metrics=[LLAMACPP.format(count, 0) for count in (0, 1, 0, 0)])
        self.assertGreater(self.drain(engine).seconds, 2.5)

    def test_the_deadline_ends_the_wait_and_is_told(self):
        done = self.drain(self.engine(metrics=[LLAMACPP.format(3, 0)]), DRAIN_SECONDS="2")
        self.assertEqual(0, done.returncode)
        self.assertIn("deadline: 3", done.stderr)

    def test_tu4_a_server_that_does_not_answer_is_not_waited_for(self):
        engine = Engine()
        engine.close()
        done = self.drain(engine)
        self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_metrics_held_back_by_a_long_step_do_not_count_as_dead(self):
        done = self.drain(self.engine(metrics=["slow", LLAMACPP.format(0, 0)]))
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertGreater(done.seconds, 3)

    def test_metrics_that_tell_nothing_are_reported(self):
        for engine in (self.engine(metrics=["up 1\n"]), self.engine(metrics_status=501)):
            done = self.drain(engine)
            self.assertEqual(1, done.returncode)
            self.assertTrue(done.stderr)


if __name__ == "__main__":
    unittest.main()
