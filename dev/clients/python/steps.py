"""What every Python client program shares: its endpoint, what it asks, and how it says what it saw.

A program hands its steps to run(), which prints one line for each: "name: what the step returned", or "name: FAILED" and the error,
whose traceback goes to the standard error.
"""

import json
import os
import ssl
import sys
import traceback

URL = os.environ["ENDPOINT_URL"]
KEY = os.environ["ENDPOINT_KEY"]
# The endpoint of the whole project, and what it calls this one.
UNIFIED_URL = os.environ["UNIFIED_URL"]
MODEL = os.environ["ENDPOINT_NAME"]
WRONG_KEY = "0" * 32
CA_FILE = os.environ["CA_FILE"]
# Trusts the endpoint's CA and nothing else.
TRUST = ssl.create_default_context(cafile=CA_FILE)

SYSTEM = "You are a helpful assistant."
QUESTION = "How many languages are in the world?"
HELLO = [{"role": "user", "content": "Hi"}]
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]

# The tool that the tiny models know to call.
TOOL_QUESTION = "What is the weather in Paris today?"
TOOL_MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": TOOL_QUESTION}]
FUNCTION = {
    "name": "get_weather",
    "description": "Get the weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The name of the city"}},
        "required": ["city"],
    },
}
TOOL = {"type": "function", "function": FUNCTION}


def get_weather(city: str) -> str:
    """The tool's answer, JSON as text."""
    return json.dumps({"info": f"It rains in {city}."})


def call(name: str, arguments: str | dict) -> tuple[str, str]:
    """Does what a tool call asks for; returns the call in short and the tool's answer."""
    arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
    tools = {"get_weather": get_weather}
    return f"{name}({', '.join(arguments.values())})", tools[name](**arguments)


def answered(text: str, finish: str, usage: tuple[int, int]) -> str:
    """A completion in short; `usage` is prompt and completion tokens."""
    return f"{text} [{getattr(finish, 'value', finish)}] {usage[0]} + {usage[1]}"


def round_trip(called: str, finish: str, text: str) -> str:
    """A tool round trip in short."""
    return f"{called} [{getattr(finish, 'value', finish)}] {text}"


def invalid(status: int, body: dict) -> str:
    """A refused value in short: the status and the place that the body names."""
    return f"{status} {'.'.join(body['detail'][0]['loc'])}"


def refusal(expected: type[Exception], request) -> Exception:
    """The error that a request must end with."""
    try:
        answer = request()
    except expected as refused:
        return refused
    raise AssertionError(f"not refused: {answer}")


def run(**steps) -> None:
    """Runs the steps in their order; one that fails does not stop the others."""
    for name, step in steps.items():
        try:
            saw = step()
        except Exception as failed:  # whatever a library raises is what the line must say
            traceback.print_exc()
            saw = "FAILED " + (f"{type(failed).__name__}: {failed}".splitlines() or [""])[0]
        print(f"{name.replace('_', '-')}: {saw}", flush=True)
    sys.stdout.flush()
