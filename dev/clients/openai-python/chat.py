"""One chat completion with the openai package, plain or streamed.

    chat.py complete|stream
"""

import os
import ssl
import sys

import openai

REFUSED = 3


def main(mode: str) -> int:
    trust = ssl.create_default_context(cafile=os.environ["CA_FILE"])
    client = openai.OpenAI(base_url=os.environ["ENDPOINT_URL"] + "/v1", api_key=os.environ["ENDPOINT_KEY"],
                           max_retries=0, http_client=openai.DefaultHttpxClient(verify=trust))
    request = {"model": "any", "messages": [{"role": "user", "content": "Hi"}], "temperature": 0}
    try:
        usage = complete(client, request) if mode == "complete" else stream(client, request)
    except openai.APIStatusError as refusal:
        print(f"refused: {refusal.status_code}")
        return REFUSED
    print(f"usage: {usage.prompt_tokens} + {usage.completion_tokens}")
    return 0


def complete(client: openai.OpenAI, request: dict) -> openai.types.CompletionUsage:
    completion = client.chat.completions.create(**request)
    print(completion.choices[0].message.content)
    return completion.usage


def stream(client: openai.OpenAI, request: dict) -> openai.types.CompletionUsage:
    usage = None
    for chunk in client.chat.completions.create(**request, stream=True, stream_options={"include_usage": True}):
        if chunk.choices:
            print(chunk.choices[0].delta.content or "", end="")
        usage = chunk.usage or usage
    print()
    return usage


if __name__ == "__main__":
    if sys.argv[1:] not in (["complete"], ["stream"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
