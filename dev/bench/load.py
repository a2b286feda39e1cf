"""Load: runs of vegeta against one subject, with the processor time that the subject spent meanwhile."""

import base64
import json
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from subjects import ENGINE, Subject, get


@dataclass(frozen=True)
class Result:
    """One run. Times in milliseconds; cpu is the subject's processor time per call."""

    calls: int
    p50: float
    p99: float
    cpu_ms: float
    statuses: dict[str, int]


def body(prompt_bytes: int, tokens: int, stream: bool) -> bytes:
    """A chat request whose prompt has about that many bytes."""
    word = "lorem ipsum dolor "
    prompt = (word * (prompt_bytes // len(word) + 1))[:prompt_bytes]
    return json.dumps({"model": "bench", "messages": [{"role": "user", "content": prompt}], "max_tokens": tokens,
                       "stream": stream}).encode()


def run(subject: Subject, request: bytes, *, workers: int = 0, rate: int = 0, seconds: float,
        expected: frozenset[str] = frozenset({"200"})) -> Result:
    """Closed loop with that many workers, or open loop at that many calls a second.

    A call with another status than the expected ones is a fault of the set-up and ends the benchmark."""
    headers = {"Content-Type": "application/json"} | subject.headers
    target = {"method": "POST", "url": subject.url, "body": base64.b64encode(request).decode(),
              "header": {name: [value] for name, value in headers.items()}}
    pacing = ["-rate", f"{rate}/s"] if rate else ["-rate", "0", "-max-workers", str(workers), "-workers", str(workers)]
    before = subject.cpu_seconds()
    attack = subprocess.run(
        [os.environ["VEGETA"], "attack", "-format", "json", "-lazy=false", *pacing, "-duration", f"{seconds}s", "-timeout", "120s",
         "-connections", "20000", "-max-connections", "0"],
        input=json.dumps(target).encode() + b"\n", stdout=subprocess.PIPE, check=True)
    spent = subject.cpu_seconds() - before
    report = json.loads(subprocess.run([os.environ["VEGETA"], "report", "-type", "json"], input=attack.stdout, check=True,
                                       stdout=subprocess.PIPE).stdout)
    if not expected.issuperset(report["status_codes"]):
        raise SystemExit(f"error: calls to {subject.name} failed: {report['status_codes']} {report['errors'][:3]}")
    latencies = report["latencies"]
    return Result(report["requests"], latencies["50th"] / 1e6, latencies["99th"] / 1e6, spent * 1000 / report["requests"],
                  report["status_codes"])


def head(subject: Subject, request: bytes) -> bytes:
    """The head of a request with that body."""
    url = urlsplit(subject.url)
    headers = {"Host": url.netloc, "Content-Type": "application/json", "Content-Length": str(len(request))} | subject.headers
    return (f"POST {url.path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode()


def leave(subject: Subject, request: bytes, begun: bool) -> float:
    """Milliseconds from the end of a client's connection to the moment at which the engine sees its own end.

    The client leaves when the engine works on the request, or with begun when the answer has begun."""
    url = urlsplit(subject.url)
    before = working()
    with socket.create_connection((url.hostname, url.port)) as client:
        client.sendall(head(subject, request) + request)
        if begun:
            read = b""
            while b"data: " not in read:
                more = client.recv(65536)
                if not more:
                    raise SystemExit(f"error: {subject.name} ended the connection: {read[:500]!r}")
                read += more
        while working() == before:
            time.sleep(0.001)
        left = time.time_ns()
        client.close()
    return (int(get(ENGINE + "/gone")) - left) / 1e6


def working() -> int:
    """Requests that have come to the engine so far."""
    return int(get(ENGINE + "/begun"))
