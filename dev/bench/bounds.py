"""What the gateway may cost at most; a run beyond it fails."""

from typing import Any

Results = dict[str, dict[str, Any]]


def added(results: Results, scenario: str, key: str) -> float:
    return results[scenario]["gateway"][key] - results[scenario]["direct"][key]


def beyond(results: Results) -> list[str]:
    """One sentence for each bound that does not hold, of the scenarios that were run."""
    bounds = {
        "latency": lambda: [at_most("added p50", added(results, "latency", "p50"), 0.25, "ms"),
                            at_most("added p99", added(results, "latency", "p99"), 0.6, "ms")],
        "ttft": lambda: [at_most("added p99 of the first token", added(results, "ttft", "p99"), 0.5, "ms")],
        "cpu": lambda: [at_most("processor time of a 1 KB call", results["cpu"]["gateway"]["cpu_ms"] * 1000, 120, "µs"),
                        *at_least("LiteLLM's processor time over the gateway's", results["cpu"], "litellm", 10)],
        "long": lambda: [at_most("processor time of a 400 KB prompt", results["long"]["gateway"]["cpu_ms"], 2, "ms")],
        "frames": lambda: at_least("tokens per core over nginx's", results["frames"], "nginx", 0.5),
        "leaving": lambda: [at_most(f"p99 until the engine sees that a client left {phase}", times["p99"], 50, "ms")
                            for phase, times in results["leaving"].items()],
        "wakes": lambda: [at_most("the first held request at a new instance", results["wakes"]["first_ms"], 300, "ms")],
        "streams": lambda: [all_of(results["streams"]["answered"], results["streams"]["streams"], "open streams")],
        "crowd": lambda: [all_of(results["crowd"]["answered"], results["crowd"]["calls"], "large prompts")],
    }
    return [sentence for scenario, sentences in bounds.items() if scenario in results for sentence in sentences() if sentence]


def at_most(what: str, value: float, bound: float, unit: str) -> str:
    return f"{what}: {value:.2f} {unit}, at most {bound} {unit}" if round(value, 6) > bound else ""


def at_least(what: str, scenario: dict, peer: str, bound: float) -> list[str]:
    """A ratio of processor times, where the peer took part."""
    if peer not in scenario:
        return []
    ratio = scenario[peer]["cpu_ms"] / scenario["gateway"]["cpu_ms"]
    return [f"{what}: {ratio:.2f}, at least {bound}"] if round(ratio, 6) < bound else []


def all_of(answered: int, calls: int, what: str) -> str:
    return f"{what}: {answered} of {calls} answered" if answered < calls else ""
