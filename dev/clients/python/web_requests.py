"""Package requests: HTTP by hand, as the samples without an SDK do it."""

import json

import requests
import steps

session = requests.Session()
# Nothing of the environment: it may name other authorities.
session.trust_env = False
session.verify = steps.CA_FILE


def post(body, key=steps.KEY, to=steps.URL, stream=False, **headers):
    return session.post(
        to + "/chat/completions",
        headers={"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}},
        json={"temperature": 0, **body}, stream=stream, timeout=60)


def complete(body, **options):
    response = post(body, **options)
    response.raise_for_status()
    return response.json()


def answered(completion):
    choice, usage = completion["choices"][0], completion["usage"]
    return steps.answered(choice["message"]["content"], choice["finish_reason"],
                          (usage["prompt_tokens"], usage["completion_tokens"]))


def read_stream(body):
    """The chunks of a stream; as in the samples the switch is a text."""
    chunks = []
    with post({"stream": "True", **body}, stream=True) as response:
        response.raise_for_status()
        for line in response.iter_lines(decode_unicode=True):
            if line.startswith("data: ") and line != "data: [DONE]":
                chunks.append(json.loads(line[len("data: "):]))
    return chunks


def info():
    response = session.get(steps.URL + "/info", headers={"Authorization": f"Bearer {steps.KEY}"}, timeout=60)
    response.raise_for_status()
    model = response.json()
    return f"{model['model_name']}, {model['model_type']}, {model['model_provider_name']}"


def stream():
    chunks = read_stream({"messages": steps.HELLO})
    text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks)
    last = chunks[-1]
    return steps.answered(text, last["choices"][0]["finish_reason"],
                          (last["usage"]["prompt_tokens"], last["usage"]["completion_tokens"]))


def parameters():
    return answered(complete({"messages": steps.MESSAGES, "presence_penalty": 0.1, "frequency_penalty": 0.8, "max_tokens": 2048,
                              "stop": ["<|endoftext|>"], "stream": False, "top_p": 1, "response_format": {"type": "text"}}))


def extras():
    completion = complete({"messages": steps.MESSAGES, "logprobs": True}, extra_parameters="pass-through")
    return "".join(entry["token"] for entry in completion["choices"][0]["logprobs"]["content"])


def tools():
    messages = list(steps.TOOL_MESSAGES)
    choice = complete({"messages": messages, "tools": [steps.TOOL], "tool_choice": "auto"})["choices"][0]
    return follow_up(messages, choice["message"], choice["finish_reason"])


def streamed_tools():
    messages = list(steps.TOOL_MESSAGES)
    chunks = read_stream({"messages": messages, "tools": [steps.TOOL], "tool_choice": "auto"})
    calls = [call for chunk in chunks for call in chunk["choices"][0]["delta"].get("tool_calls") or []]
    return follow_up(messages, {"role": "assistant", "content": "", "tool_calls": calls},
                     chunks[-1]["choices"][0]["finish_reason"])


def follow_up(messages, message, finish):
    messages.append(message)
    called = []
    for tool_call in message["tool_calls"]:
        said, result = steps.call(tool_call["function"]["name"], tool_call["function"]["arguments"])
        messages.append({"role": "tool", "tool_call_id": tool_call["id"], "content": result})
        called.append(said)
    answer = complete({"messages": messages, "tools": [steps.TOOL]})["choices"][0]["message"]["content"]
    return steps.round_trip("; ".join(called), finish, answer)


def refused(request):
    """The answer that raise_for_status makes an error of."""
    response = request()
    return steps.refusal(requests.HTTPError, response.raise_for_status).response


def code(request):
    response = refused(request)
    return f"{response.status_code} {response.json()['error']['code']}"


def bad_value():
    response = refused(lambda: post({"messages": steps.MESSAGES, "presence_penalty": 3}))
    return steps.invalid(response.status_code, response.json())


steps.run(
    info=info,
    chat=lambda: answered(complete({"messages": steps.HELLO})),
    stream=stream,
    parameters=parameters,
    json=lambda: complete({"messages": steps.MESSAGES, "response_format": {"type": "json_object"}})["choices"][0]["message"]["content"],
    extras=extras,
    safe_mode=lambda: answered(complete({"messages": steps.MESSAGES, "safe_mode": True}, extra_parameters="pass-through")),
    tools=tools,
    streamed_tools=streamed_tools,
    wrong_key=lambda: code(lambda: post({"messages": steps.HELLO}, key=steps.WRONG_KEY)),
    wrong_key_streaming=lambda: code(lambda: post({"messages": steps.HELLO, "stream": True}, key=steps.WRONG_KEY, stream=True)),
    bad_value=bad_value,
    unknown_parameter=lambda: code(lambda: post({"messages": steps.MESSAGES, "logprobs": True})),
    unified=lambda: answered(complete({"messages": steps.HELLO, "model": steps.MODEL}, to=steps.UNIFIED_URL)),
    unified_unknown=lambda: code(lambda: post({"messages": steps.HELLO, "model": "no-such-model"}, to=steps.UNIFIED_URL)),
)
