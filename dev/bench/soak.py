"""A long mixed load with faults, and what the gateway holds before it, in its middle and after it.

    soak.py [--write]

bench.sh --soak prepares what this needs. SOAK_SECONDS (default 1200) is the time under load."""

import argparse
import os
import select
import socket
import subprocess
import threading
import time
from collections import Counter
from datetime import date

import load
from bench import machine
from subjects import ROOT, Bench, Subject, metric, pace

SECONDS = int(os.environ.get("SOAK_SECONDS", "1200"))
# The first part of the load, after which a process has all that it keeps for good.
WARM_UP = max(30, SECONDS // 10)
CYCLE = (({"interval": "5ms"}, 40), ({"fail": "503"}, 5), ({"die": "3"}, 5), ({"first": "1s", "interval": "200ms"}, 10))
EXPECTED = frozenset({"200", "502", "503"})
SETTLE_SECONDS = 60
MOST_DRIFT = 0.03


def held(gateway: Subject) -> dict[str, float]:
    """What the gateway holds when nothing runs; waits until nothing does."""
    limit = time.monotonic() + SETTLE_SECONDS
    pid = gateway.pids[0]
    while True:
        running = {"requests": metric("mistral_gateway_in_flight"), "body bytes": metric("mistral_gateway_request_body_bytes"),
                   "waiting bodies": metric("mistral_gateway_request_bodies_waiting"), "sockets": sockets(pid)}
        if not any(running.values()):
            break
        if time.monotonic() > limit:
            raise SystemExit(f"error: {SETTLE_SECONDS} s after the last call the gateway still holds {running}")
        time.sleep(0.5)
    live = live_bytes(pid)
    return {"live objects": live / 2**20,
            "direct buffers": metric("jvm_buffer_memory_used_bytes", id="direct") / 2**20,
            "metaspace": metric("jvm_memory_used_bytes", id="Metaspace") / 2**20,
            "resident": gateway.resident_bytes() / 2**20, "threads": metric("jvm_threads_live_threads")}


def live_bytes(pid: int) -> int:
    """Bytes of the objects that a full collection leaves, without what it fills the room of dead ones with where it does not compact."""
    table = subprocess.run([os.environ["JCMD"], str(pid), "GC.class_histogram"], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in table.splitlines()]
    return sum(int(row[2]) for row in rows if len(row) > 3 and row[0].endswith(":") and row[1].isdigit() and "jdk.internal.vm.Filler" not in row[3])


def sockets(pid: int) -> int:
    """Connections with clients and engines that are open; the stand-in for the cluster is not among them."""
    count = 0
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{pid}/net/{table}", encoding="ascii") as lines:
            for fields in (line.split() for line in list(lines)[1:]):
                local, remote = (int(end.rsplit(":", 1)[1], 16) for end in fields[1:3])
                count += fields[3] == "01" and (local == 18080 or remote == 18000 and local != 18080)
    return count


class Load:
    """All kinds of callers at once, until they are stopped."""

    def __init__(self, gateway: Subject, seconds: int):
        self.gateway, self.until = gateway, time.monotonic() + seconds
        self.results: dict[str, load.Result] = {}
        self.failures: list[str] = []
        self.left = self.slow = 0
        plain, stream = load.body(1000, 16, False), load.body(1000, 32, True)
        self.callers = [self._caller("plain", plain, 30, seconds), self._caller("streams", stream, 30, seconds),
                        self._caller("150 KB", load.body(150_000, 8, False), 3, seconds),
                        threading.Thread(target=self._leave), threading.Thread(target=self._read_slowly)]

    def _caller(self, name: str, request: bytes, rate: int, seconds: int) -> threading.Thread:
        def call():
            try:
                self.results[name] = load.run(self.gateway, request, rate=rate, seconds=seconds, expected=EXPECTED)
            except SystemExit as failed:
                self.failures.append(f"{name}: {failed}")
        return threading.Thread(target=call)

    def _connect(self) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", 18080), timeout=60)
        client.sendall(load.head(self.gateway, request := load.body(1000, 2000, True)) + request)
        client.recv(1)
        return client

    def _leave(self) -> None:
        """Clients that leave in mid-answer."""
        while time.monotonic() < self.until:
            self._connect().close()
            self.left += 1
            time.sleep(0.2)

    def _read_slowly(self) -> None:
        """Clients that read a little now and then, a few at once, and leave after a while."""
        while time.monotonic() < self.until:
            clients = [self._connect() for _ in range(5)]
            for _ in range(10):
                time.sleep(0.5)
                for client in clients:
                    # One whose answer is over has nothing more to read.
                    if select.select([client], [], [], 0)[0]:
                        client.recv(512)
            for client in clients:
                client.close()
            self.slow += len(clients)

    def run(self) -> None:
        for caller in self.callers:
            caller.start()
        while time.monotonic() < self.until:
            for settings, seconds in CYCLE:
                pace(**settings)
                time.sleep(max(0, min(seconds, self.until - time.monotonic())))
        pace()
        for caller in self.callers:
            caller.join()
        if self.failures or len(self.results) < 3:
            raise SystemExit("\n".join(self.failures) or "error: a load generator failed; see above")


def sentence(halves: list[Load]) -> str:
    statuses: Counter[str] = sum((Counter(result.statuses) for half in halves for result in half.results.values()), Counter())
    told = ", ".join(f"{count:,} with {status}" for status, count in sorted(statuses.items()))
    left, slow = sum(half.left for half in halves), sum(half.slow for half in halves)
    return f"{told}; {left:,} clients left in mid-answer, {slow:,} read slowly and left"


def drift(holds: list[dict[str, float]]) -> float:
    """From the least that lived earlier: what is only softly held goes late, and must not hide a leak of its size."""
    return holds[-1]["live objects"] / min(hold["live objects"] for hold in holds[:-1]) - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/soak.md")
    options = parser.parse_args()
    with Bench() as bench:
        bench.engine()
        gateway = bench.gateway(memory="512m")
        Load(gateway, WARM_UP).run()
        holds, halves = [held(gateway)], []
        print(f"==> after {WARM_UP} s of warm-up: {holds[0]}", flush=True)
        for _ in range(2):
            halves.append(Load(gateway, SECONDS // 2))
            halves[-1].run()
            holds.append(held(gateway))
            print(f"==> after {SECONDS // 2} s under load: {holds[-1]}\n    {sentence(halves[-1:])}", flush=True)
    faults = sum(result.statuses.get("500", 0) for half in halves for result in half.results.values())
    print(f"==> what lives on the heap changed by {drift(holds):+.1%}", flush=True)
    if options.write:
        write(holds, sentence(halves))
    if drift(holds) > MOST_DRIFT or faults:
        raise SystemExit(f"error: memory grew by {drift(holds):.1%}, {MOST_DRIFT:.0%} is the most; {faults} answers with 500")


def write(holds: list[dict[str, float]], calls: str) -> None:
    rows = [f"| {name} | " + " | ".join(f"{hold[name]:.1f}" for hold in holds) + " |" for name in holds[0]]
    lines = ["# Soak", "", f"Made by `make soak` on {date.today().isoformat()}, {machine()}: {SECONDS // 60} minutes of plain calls, streams and prompts",
             "of 150 KB against one gateway with 512 MiB, among them clients that leave in mid-answer or hardly read, before an engine that in every",
             "minute refuses for 5 s, cuts its answers for 5 s and is slow for 10 s.", "",
             f"* Calls: {calls}.", f"* What lives on the heap changed by {drift(holds):+.1%}, from the least of before and the middle; {MOST_DRIFT:.0%} more would be a failure.",
             "* A minute after the last call at the latest no request, no connection with a client or engine, and no byte of a body was held.", "",
             "MiB, after a full collection, without calls:", "", "| | before | middle | after |", "|---|---|---|---|", *rows]
    (ROOT / "docs/soak.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"error: {failed}") from failed
