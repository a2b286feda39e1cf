"""Writes docs/performance.md and its picture from the results of one run."""

import math
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"direct": "engine directly", "gateway": "**gateway**", "nginx": "nginx", "envoy": "Envoy", "portkey": "Portkey", "litellm": "LiteLLM"}
# Peers that read what they pass on, and those that do not.
READERS = ("litellm", "portkey")
PASSERS = ("nginx", "envoy")
COLOURS = {"gateway": "#fa520f", "nginx": "#4a7c59", "envoy": "#ac6199", "portkey": "#3b6ea5", "litellm": "#6b7280"}


def added(results: dict, scenario: str, name: str, key: str) -> float:
    return results[scenario][name][key] - results[scenario]["direct"][key]


def table(results: dict, scenario: str) -> list[str]:
    """One scenario: what each proxy adds to the direct call, and its processor time."""
    rows = ["| | p50 | p99 | added p50 | added p99 | CPU per call |", "|---|---|---|---|---|---|"]
    for name, numbers in results[scenario].items():
        plus = ["", "", ""] if name == "direct" else [
            f"{added(results, scenario, name, 'p50'):.2f} ms", f"{added(results, scenario, name, 'p99'):.2f} ms",
            f"{numbers['cpu_ms'] * 1000:.0f} µs"]
        rows.append(f"| {NAMES[name]} | {numbers['p50']:.2f} ms | {numbers['p99']:.2f} ms | {' | '.join(plus)} |")
    return rows


def ratios(results: dict) -> list[str]:
    """Sentences with ratios of one run: machines differ, these hold better."""
    lines = []
    cpu = {name: numbers["cpu_ms"] for name, numbers in results["cpu"].items()}
    frames = {name: 256 / numbers["cpu_ms"] for name, numbers in results["frames"].items() if numbers["cpu_ms"]}
    for name in filter(cpu.__contains__, READERS):
        lines.append(f"* {NAMES[name]} spends {cpu[name] / cpu['gateway']:.1f} times the processor time of the gateway on a plain 1 KB call,"
                     f" and {frames['gateway'] / frames[name]:.1f} times on a streamed token.")
    for name in filter(cpu.__contains__, PASSERS):
        lines.append(f"* The gateway spends {cpu['gateway'] / cpu[name]:.1f} times what {NAMES[name]} spends on passing the same call through"
                     f" unread. Streaming, it moves {frames['gateway']:.0f} tokens per millisecond of one core, {NAMES[name]} {frames[name]:.0f}"
                     f" ({frames['gateway'] / frames[name]:.2f} times).")
    slowest = max(times["p99"] for times in results["leaving"].values())
    lines.append(f"* When a client leaves the engine sees it within {slowest:.1f} ms (p99): before its first token, while it streams,"
                 " and while it makes a plain answer.")
    wakes, streams, crowd = results["wakes"], results["streams"], results["crowd"]
    lines.append(f"* Woken from zero with {wakes['held']} requests that wait, an instance has the first of them {wakes['first_ms']:.0f} ms after it is"
                 f" said to be ready, and all after {wakes['all_ms']:.0f} ms: the slowest of {wakes['wakes']} times.")
    lines.append(f"* Of {streams['streams']} slow streams that are open at once a container with {streams['memory_mib']} MiB answers"
                 f" {streams['answered']}; the process had {streams['peak_mib']:.0f} MiB at its peak. Each has what it would have in a GiB with"
                 " 25,000 of them.")
    lines.append(f"* Of {crowd['calls']} calls of 150 KB that wait at once a container with 512 MiB answers {crowd['answered']};"
                 f" the process had {crowd['peak_mib']:.0f} MiB at its peak.")
    return lines


def picture(results: dict) -> str:
    """Bars of the processor time per call, on a logarithmic scale: the proxies are decades apart."""
    bars = []
    y = 34
    for scenario in ("cpu", "frames", "long"):
        bars.append(f'<text x="10" y="{y}" font-weight="bold">{scenario}</text>')
        for name, numbers in results[scenario].items():
            if name == "direct":
                continue
            micros = max(numbers["cpu_ms"] * 1000, 1)
            width = 90 * math.log10(micros)
            y += 22
            bars.append(f'<text x="20" y="{y}">{name}</text><rect x="100" y="{y - 12}" width="{width:.0f}" height="15" '
                        f'fill="{COLOURS[name]}"/><text x="{108 + width:.0f}" y="{y}">{micros:,.0f} µs</text>')
        y += 30
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="680" height="{y}" font-family="sans-serif" font-size="13">'
            f'<rect width="100%" height="100%" fill="white"/><text x="10" y="14">Processor time per call, logarithmic</text>'
            + "".join(bars) + "</svg>\n")


def write(machine: str, results: dict, what: dict[str, str]) -> None:
    lines = ["# Performance", "",
             "What the gateway adds to a call, with keys, metrics and access log on, beside nginx and Envoy (which pass bytes through and",
             "read nothing) and the gateways of LiteLLM and Portkey, each in a container of its own. The engine is a stand-in that answers at once, so all of the",
             "difference is the proxy's.", "",
             f"Made by `make bench` on {date.today().isoformat()}, {machine}. Each number is the median of three rounds in which the",
             "subjects took turns, after 80 seconds of calls to warm each up. Compare within a table; other machines give other milliseconds.", "",
             "![processor time per call](performance.svg)", "", *ratios(results), ""]
    for scenario, sentence in what.items():
        lines += [f"## {scenario}: {sentence}", "", *table(results, scenario), ""]
    lines += ["## leaving: from the client's end of a connection to the engine's", "", "| the client leaves | p50 | p99 |", "|---|---|---|",
              *(f"| {phase} | {times['p50']:.2f} ms | {times['p99']:.2f} ms |" for phase, times in results["leaving"].items())]
    (ROOT / "docs/performance.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    (ROOT / "docs/performance.svg").write_text(picture(results), encoding="utf-8")
