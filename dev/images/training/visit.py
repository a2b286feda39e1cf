"""Waits until the application beside the stand-in is ready, and uses what it offers, so that the run covers it.

    visit.py operator|gateway
"""

import json
import ssl
import sys
import time
import urllib.error
import urllib.request

MANAGEMENT = {"operator": "http://127.0.0.1:8080", "gateway": "http://127.0.0.1:9000"}
ENDPOINTS = ["https://127.0.0.1:8443/endpoints/training", "http://127.0.0.1:8080/endpoints/training"]
KEY = "Training" * 4
LIMIT_SECONDS = 60
ROUNDS = 20


def get(address: str, headers: dict[str, str] | None = None, body: dict | None = None) -> str:
    """The answer's text; anything but 200 ends the program."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, (headers or {}) | {"Content-Type": "application/json"})
    # The certificate is the training run's own.
    trusting = ssl._create_unverified_context()
    with urllib.request.urlopen(request, timeout=20, context=trusting) as response:
        return response.read().decode()


def wait_ready(address: str) -> None:
    limit = time.monotonic() + LIMIT_SECONDS
    while True:
        try:
            get(address + "/q/health/ready")
            return
        except urllib.error.HTTPError as error:
            problem = error.read().decode()
        except OSError as error:
            problem = str(error)
        if time.monotonic() > limit:
            sys.exit(f"not ready after {LIMIT_SECONDS} s: {problem}")
        time.sleep(0.2)


def chat() -> None:
    """Conversations through both listeners, in both path forms, plain and streamed."""
    body = {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}], "max_tokens": 9}
    for _ in range(ROUNDS):
        for endpoint in ENDPOINTS:
            for path, headers in (("/chat/completions", {"api-key": KEY}),
                                  ("/v1/chat/completions", {"Authorization": f"Bearer {KEY}"})):
                plain = json.loads(get(endpoint + path, headers, body))
                said = plain["choices"][0]["message"]["content"]
                streamed = get(endpoint + path, headers, body | {"stream": True})
                if said != "Hello there." or "[DONE]" not in streamed:
                    sys.exit(f"{endpoint}{path} answered {plain} and {streamed}")
            get(endpoint + "/info", {"api-key": KEY})


def main() -> None:
    application = sys.argv[1]
    address = MANAGEMENT[application]
    wait_ready(address)
    if application == "gateway":
        chat()
    for path in ("/q/health/live", "/q/health/started", "/q/metrics"):
        get(address + path)


if __name__ == "__main__":
    main()
