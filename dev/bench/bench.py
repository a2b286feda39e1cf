"""Runs the scenarios against the engine directly, the gateway and its peers, interleaved in rounds, and reports medians.

    bench.py [--write] [--only SCENARIO]...

bench.sh prepares what this needs."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import bounds
import load
import report
from subjects import BUILD, ENGINE, HELD, LIMIT_SECONDS, Bench, Subject, get, metric, pace

ROUNDS = 3
WARM_UP_SECONDS = 40
STREAMS_A_SECOND = 400
STREAMS_IN_A_GIB = 25_000
PROCESS_MIB = 150
SLOW_PEERS = {"litellm", "portkey"}


@dataclass(frozen=True)
class Scenario:
    """A closed or open loop that every subject goes through."""

    name: str
    what: str
    prompt_bytes: int
    tokens: int
    stream: bool
    workers: int = 0
    rate: int = 0
    seconds: float = 2
    slow_peers: bool = True


SCENARIOS = [
    Scenario("latency", "1 KB, plain, one at a time", 1000, 8, False, workers=1),
    Scenario("ttft", "1 KB, streamed, one token, one at a time", 1000, 1, True, workers=1),
    Scenario("cpu", "1 KB, plain, 16 at a time", 1000, 8, False, workers=16),
    Scenario("open", "1 KB, streamed, 8 tokens, 200 a second", 1000, 8, True, rate=200, slow_peers=False),
    Scenario("long", "400 KB, plain, 4 at a time", 400_000, 8, False, workers=4),
    Scenario("frames", "1 KB, streamed, 256 tokens, 16 at a time", 1000, 256, True, workers=16),
]


def rounds(scenario: Scenario, subjects: list[Subject]) -> dict[str, dict[str, float]]:
    """Medians over the rounds; the subjects take turns, so that all meet the same noise."""
    pace()
    request = load.body(scenario.prompt_bytes, scenario.tokens, scenario.stream)
    runs: dict[str, list[load.Result]] = {subject.name: [] for subject in subjects}
    for number in range(ROUNDS + 1):
        for subject in subjects:
            result = load.run(subject, request, workers=scenario.workers, rate=scenario.rate, seconds=scenario.seconds)
            if number > 0:
                runs[subject.name].append(result)
    return {name: {"p50": statistics.median(run.p50 for run in of), "p99": statistics.median(run.p99 for run in of),
                   "cpu_ms": statistics.median(run.cpu_ms for run in of), "calls": sum(run.calls for run in of)}
            for name, of in runs.items()}


def warm_up(subjects: list[Subject]) -> None:
    """Until a runtime that compiles as it goes has compiled what it will be measured with."""
    for subject in subjects:
        for stream in (False, True):
            load.run(subject, load.body(1000, 64, stream), workers=16, seconds=WARM_UP_SECONDS)


def open_streams(bench: Bench, streams: int = 8000) -> dict[str, float]:
    """Slow streams, all open at once, in a container with as much for each as 25,000 of them would have in a GiB."""
    memory = PROCESS_MIB + streams * (1024 - PROCESS_MIB) // STREAMS_IN_A_GIB
    gateway = bench.gateway(memory=f"{memory}m")
    load.run(gateway, load.body(1000, 8, True), workers=16, seconds=5)
    pace(interval="10s")
    result = load.run(gateway, load.body(1000, 8, True), rate=STREAMS_A_SECOND, seconds=streams / STREAMS_A_SECOND,
                      expected=frozenset({"200", "503"}))
    pace()
    return {"streams": streams, "answered": result.statuses.get("200", 0), "memory_mib": memory,
            "peak_mib": gateway.resident_bytes("VmHWM") / 2**20}


def leaving(subject: Subject, calls: int = 300) -> dict[str, dict[str, float]]:
    """From a client's leaving to the moment at which the engine sees it, by phase of the call."""
    phases = {"before the first token": ({"first": "60s"}, True, False), "while streaming": ({"interval": "50ms"}, True, True),
              "while a plain answer is made": ({"first": "60s"}, False, False)}
    times = {}
    for phase, (paced, stream, begun) in phases.items():
        pace(**paced)
        request = load.body(1000, 10_000, stream)
        taken = sorted(load.leave(subject, request, begun) for _ in range(calls))
        times[phase] = {"p50": taken[len(taken) // 2], "p99": taken[len(taken) * 99 // 100]}
    pace()
    return times


def wakes(bench: Bench, subject: Subject, times: int = 20) -> dict[str, float]:
    """From the moment at which the first instance is ready to that at which it has the first of the requests that waited, and all.

    The requests are short: it is not the engine that they wait for."""
    pace()
    request = load.body(1000, 8, False)
    first, all_of_them = [], []
    with ThreadPoolExecutor(1) as callers:
        for _ in range(times):
            bench.instances(ready=False)
            calls = callers.submit(load.run, subject, request, rate=HELD, seconds=1)
            waiting = all_that_come()
            get(f"{ENGINE}/record", "POST")
            ready = bench.instances(ready=True)
            calls.result()
            arrived = sorted(int(line) - ready for line in get(f"{ENGINE}/arrived").split())
            if len(arrived) != waiting:
                raise SystemExit(f"error: {len(arrived)} of {waiting} held requests came to the engine after it was ready")
            first.append(arrived[0] / 1e6)
            all_of_them.append(arrived[-1] / 1e6)
    return {"wakes": times, "held": HELD, "first_ms": max(first), "all_ms": max(all_of_them)}


def all_that_come() -> int:
    """Requests that wait once no more come; the load generator may leave one out, and one may come before nobody is there."""
    limit = time.monotonic() + LIMIT_SECONDS
    before, waiting = -1, 0
    while waiting < HELD * 0.9 or waiting != before:
        if time.monotonic() > limit:
            raise SystemExit(f"error: only {waiting} of {HELD} requests wait for an instance")
        time.sleep(0.5)
        before, waiting = waiting, int(metric("mistral_gateway_held"))
    return waiting


def crowd(bench: Bench, calls: int = 1500) -> dict[str, float]:
    """Large prompts that all wait at once, in a container with 512 MiB."""
    gateway = bench.gateway(memory="512m")
    load.run(gateway, load.body(1000, 8, False), workers=16, seconds=5)
    pace(first="5s")
    result = load.run(gateway, load.body(150_000, 8, False), workers=calls, seconds=0.1, expected=frozenset({"200", "503"}))
    pace()
    return {"calls": result.calls, "answered": result.statuses.get("200", 0), "peak_mib": gateway.resident_bytes("VmHWM") / 2**20}


def machine() -> str:
    """What it ran on, in one line."""
    with open("/proc/cpuinfo", encoding="utf-8") as cpus:
        model = next((line.split(":", 1)[1].strip() for line in cpus if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores ({model}), shared by the load generator, the engine and the proxy"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--only", action="append", help="a scenario's name")
    options = parser.parse_args()
    wanted: Callable[[str], bool] = lambda name: not options.only or name in options.only
    results: dict[str, dict] = {}
    with Bench() as bench:
        direct = bench.engine()
        gateway = bench.gateway()
        peers = [getattr(bench, peer)() for peer in os.environ["PEERS"].split()]
        warm_up([gateway, *peers])
        for scenario in filter(lambda scenario: wanted(scenario.name), SCENARIOS):
            print(f"==> {scenario.name}: {scenario.what}", flush=True)
            started = time.monotonic()
            those = [peer for peer in peers if scenario.slow_peers or peer.name not in SLOW_PEERS]
            results[scenario.name] = rounds(scenario, [direct, gateway, *those])
            for name, numbers in results[scenario.name].items():
                print(f"    {name:8} p50 {numbers['p50']:9.3f} ms  p99 {numbers['p99']:9.3f} ms"
                      f"  cpu {numbers['cpu_ms']:8.3f} ms  {numbers['calls']} calls", flush=True)
            print(f"    done in {time.monotonic() - started:.0f} s", flush=True)
        if wanted("leaving"):
            results["leaving"] = leaving(gateway)
            print(f"==> leaving: {results['leaving']}", flush=True)
        if wanted("wakes"):
            results["wakes"] = wakes(bench, gateway)
            print(f"==> wakes: {results['wakes']}", flush=True)
        if wanted("streams"):
            bench.remove(bench.containers[0])
            results["streams"] = open_streams(bench)
            print(f"==> streams: {results['streams']}", flush=True)
        if wanted("crowd"):
            bench.remove(bench.containers[0])
            results["crowd"] = crowd(bench)
            print(f"==> crowd: {results['crowd']}", flush=True)
    (BUILD / "results.json").write_text(json.dumps({"machine": machine(), "results": results}, indent=2))
    if options.write:
        if options.only:
            parser.error("--write needs all scenarios")
        report.write(machine(), results, {scenario.name: scenario.what for scenario in SCENARIOS})
    if broken := bounds.beyond(results):
        raise SystemExit("error: beyond the bounds:\n" + "\n".join(f"  {sentence}" for sentence in broken))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"error: {failed}") from failed
