"""What the .NET SDK sends, and its reader imitated: streams byte by byte, bodies with the types that it insists on (row B4).

Needs no package.
"""

import http.client
import json
import urllib.parse

import steps
from strict_stream import StrictStream, check_calls, check_head, check_usage, need

ADDRESS = urllib.parse.urlsplit(steps.URL)
UNIFIED = urllib.parse.urlsplit(steps.UNIFIED_URL)
EVENT_HEADERS = {"content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no"}


def send(method, path, body=None, key=steps.KEY, to=ADDRESS, **headers):
    connection = http.client.HTTPSConnection(to.hostname, to.port, context=steps.TRUST, timeout=60)
    connection.request(method, f"{to.path}{path}?api-version=2024-05-01-preview", body and json.dumps(body), {
        "Accept": "application/json", "Content-Type": "application/json", "Authorization": f"Bearer {key}", "api-key": key,
        **{name.replace("_", "-"): value for name, value in headers.items()}})
    return connection.getresponse()


def post(body, **headers):
    return send("POST", "/chat/completions", {"temperature": 0, **body}, **headers)


def complete(body, **headers):
    response = post(body, **headers)
    text = response.read()
    need(response.status == 200, f"{response.status}: {text}")
    completion = json.loads(text)
    check_head(completion, "chat.completion")
    check_usage(completion.get("usage"))
    message = completion["choices"][0]["message"]
    need(message.get("role") == "assistant" and isinstance(message.get("content"), str), f"message is {message}")
    need({"tool_calls"} <= set(message) and {"logprobs", "finish_reason"} <= set(completion["choices"][0]), f"{completion}")
    if message["tool_calls"] is not None:
        check_calls(message["tool_calls"])
    return completion


def read_stream(body):
    response = post({"stream": True, **body})
    need(response.status == 200, f"{response.status}")
    for name, value in EVENT_HEADERS.items():
        need((response.getheader(name) or "").split(";")[0] == value, f"{name} is {response.getheader(name)}")
    stream = StrictStream()
    while byte := response.read(1):
        stream.take(byte[0])
    return stream.finish()


def answered(text, choice, usage):
    return steps.answered(text, choice["finish_reason"], (usage["prompt_tokens"], usage["completion_tokens"]))


def plain(body, **headers):
    completion = complete(body, **headers)
    return answered(completion["choices"][0]["message"]["content"], completion["choices"][0], completion["usage"])


def info():
    response = send("GET", "/info")
    model = json.loads(response.read())
    return f"{model['model_name']}, {model['model_type']}, {model['model_provider_name']}"


def stream():
    chunks = read_stream({"messages": steps.HELLO})
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    return answered(text, chunks[-1]["choices"][0], chunks[-1]["usage"])


def parameters():
    return plain({"messages": steps.MESSAGES, "presence_penalty": 0.1, "frequency_penalty": 0.8, "max_tokens": 2048,
                  "stop": ["<|endoftext|>"], "top_p": 1, "response_format": {"type": "text"}})


def tools():
    messages = list(steps.TOOL_MESSAGES)
    choice = complete({"messages": messages, "tools": [steps.TOOL], "tool_choice": "auto"})["choices"][0]
    return follow_up(messages, choice["message"], choice["finish_reason"])


def streamed_tools():
    messages = list(steps.TOOL_MESSAGES)
    chunks = read_stream({"messages": messages, "tools": [steps.TOOL], "tool_choice": "auto"})
    calls = [call for chunk in chunks for call in chunk["choices"][0]["delta"].get("tool_calls", [])]
    message = {"role": "assistant", "content": "", "tool_calls": calls}
    return follow_up(messages, message, chunks[-1]["choices"][0]["finish_reason"])


def follow_up(messages, message, finish):
    messages.append(message)
    called = []
    for tool_call in message["tool_calls"]:
        said, result = steps.call(tool_call["function"]["name"], tool_call["function"]["arguments"])
        messages.append({"role": "tool", "content": result, "tool_call_id": tool_call["id"]})
        called.append(said)
    answer = complete({"messages": messages, "tools": [steps.TOOL]})["choices"][0]["message"]["content"]
    return steps.round_trip("; ".join(called), finish, answer)


def refused(response):
    body = json.loads(response.read())
    need(isinstance(body["error"]["code"], str) and isinstance(body["error"]["message"], str), f"error is {body['error']}")
    need(response.getheader("x-ms-error-code") == body["error"]["code"], f"x-ms-error-code is {response.getheader('x-ms-error-code')}")
    return response.status, body


def code(response):
    status, body = refused(response)
    return f"{status} {body['error']['code']}"


steps.run(
    info=info,
    chat=lambda: plain({"messages": steps.HELLO}),
    stream=stream,
    parameters=parameters,
    json=lambda: complete({"messages": steps.MESSAGES, "response_format": {"type": "json_object"}})["choices"][0]["message"]["content"],
    safe_mode=lambda: plain({"messages": steps.MESSAGES, "safe_mode": True}, extra_parameters="pass-through"),
    tools=tools,
    streamed_tools=streamed_tools,
    wrong_key=lambda: code(post({"messages": steps.HELLO}, key=steps.WRONG_KEY)),
    wrong_key_streaming=lambda: code(post({"messages": steps.HELLO, "stream": True}, key=steps.WRONG_KEY)),
    bad_value=lambda: steps.invalid(*refused(post({"messages": steps.MESSAGES, "presence_penalty": 3}))),
    unknown_parameter=lambda: code(post({"messages": steps.MESSAGES, "logprobs": True})),
    unified=lambda: plain({"messages": steps.HELLO, "model": steps.MODEL}, to=UNIFIED),
    unified_unknown=lambda: code(post({"messages": steps.HELLO, "model": "no-such-model"}, to=UNIFIED)),
)
