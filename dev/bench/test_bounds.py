"""Bounds of the bench."""

import copy
import unittest

from bounds import beyond

DIRECT = {"p50": 1.0, "p99": 2.0, "cpu_ms": 0.0}
WITHIN = {
    "latency": {"direct": DIRECT, "gateway": {"p50": 1.25, "p99": 2.6, "cpu_ms": 0.1}},
    "ttft": {"direct": DIRECT, "gateway": {"p50": 1.2, "p99": 2.5, "cpu_ms": 0.1}},
    "cpu": {"direct": DIRECT, "gateway": {"p50": 1.2, "p99": 2.5, "cpu_ms": 0.12}, "litellm": {"p50": 9, "p99": 9, "cpu_ms": 1.2}},
    "long": {"direct": DIRECT, "gateway": {"p50": 1.2, "p99": 2.5, "cpu_ms": 2.0}},
    "frames": {"direct": DIRECT, "gateway": {"p50": 1.2, "p99": 2.5, "cpu_ms": 0.8}, "nginx": {"p50": 1, "p99": 2, "cpu_ms": 0.4}},
    "leaving": {"while streaming": {"p50": 1.0, "p99": 50.0}},
    "wakes": {"first_ms": 300.0},
    "streams": {"answered": 8000, "streams": 8000},
    "crowd": {"answered": 1500, "calls": 1500},
}


class BoundsTest(unittest.TestCase):
    def test_a_run_within_them_is_right(self):
        self.assertEqual(beyond(WITHIN), [])

    def test_what_was_not_run_is_not_judged(self):
        self.assertEqual(beyond({}), [])
        without_peers = {"cpu": {name: WITHIN["cpu"][name] for name in ("direct", "gateway")}}
        self.assertEqual(beyond(without_peers), [])

    def test_each_bound_is_told_with_what_was_measured(self):
        changes = [
            ("latency", "gateway", "p50", 1.26, "added p50: 0.26 ms, at most 0.25 ms"),
            ("latency", "gateway", "p99", 2.61, "added p99: 0.61 ms, at most 0.6 ms"),
            ("ttft", "gateway", "p99", 2.51, "added p99 of the first token: 0.51 ms, at most 0.5 ms"),
            ("cpu", "litellm", "cpu_ms", 1.19, "LiteLLM's processor time over the gateway's: 9.92, at least 10"),
            ("long", "gateway", "cpu_ms", 2.01, "processor time of a 400 KB prompt: 2.01 ms, at most 2 ms"),
            ("frames", "nginx", "cpu_ms", 0.39, "tokens per core over nginx's: 0.49, at least 0.5"),
            ("leaving", "while streaming", "p99", 50.1,
             "p99 until the engine sees that a client left while streaming: 50.10 ms, at most 50 ms"),
            ("wakes", None, "first_ms", 301.0, "the first held request at a new instance: 301.00 ms, at most 300 ms"),
            ("streams", None, "answered", 7999, "open streams: 7999 of 8000 answered"),
            ("crowd", None, "answered", 1499, "large prompts: 1499 of 1500 answered"),
        ]
        for scenario, subject, key, value, told in changes:
            with self.subTest(scenario, key=key):
                results = copy.deepcopy(WITHIN)
                place = results[scenario] if subject is None else results[scenario][subject]
                place[key] = value
                self.assertEqual(beyond(results), [told])

    def test_processor_time_of_a_call(self):
        results = copy.deepcopy(WITHIN)
        results["cpu"]["gateway"]["cpu_ms"] = 0.121
        results["cpu"]["litellm"]["cpu_ms"] = 9.0
        self.assertEqual(beyond(results), ["processor time of a 1 KB call: 121.00 µs, at most 120 µs"])


if __name__ == "__main__":
    unittest.main()
