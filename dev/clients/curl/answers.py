"""Reads what curl printed, an answer and the line of its status, and says in short what it is.

    answers.py info|answered|streamed|text|tokens|called|refused|invalid     <answer
    answers.py next REQUEST                                                  the request that follows a tool call
"""

import json
import sys


def completion(text):
    """A choice, and the usage in short."""
    body = json.loads(text)
    usage = body["usage"]
    return body["choices"][0], f"{usage['prompt_tokens']} + {usage['completion_tokens']}"


def info(text):
    body = json.loads(text)
    return ", ".join(body[key] for key in ("model_name", "model_type", "model_provider_name"))


def answered(text):
    choice, usage = completion(text)
    return f"{choice['message']['content']} [{choice['finish_reason']}] {usage}"


def streamed(text):
    events = [line.removeprefix("data: ") for line in text.split("\n") if line]
    if events.pop() != "[DONE]":
        raise ValueError("the stream has no end mark")
    chunks = [json.loads(event) for event in events]
    content = "".join(chunk["choices"][0]["delta"]["content"] for chunk in chunks)
    last, usage = completion(events[-1])
    return f"{content} [{last['finish_reason']}] {usage}"


def tokens(text):
    return "".join(entry["token"] for entry in completion(text)[0]["logprobs"]["content"])


def calls(text):
    return [(call, json.loads(call["function"]["arguments"])) for call in completion(text)[0]["message"]["tool_calls"]]


def called(text):
    said = [f"{call['function']['name']}({', '.join(arguments.values())})" for call, arguments in calls(text)]
    return f"{'; '.join(said)} [{completion(text)[0]['finish_reason']}]"


def following(request, text):
    """The request with the assistant's message, unchanged, and the tool's answers."""
    request = json.loads(request)
    request["messages"].append(completion(text)[0]["message"])
    for call, arguments in calls(text):
        result = "It rains in {city}.".format(**arguments)
        request["messages"].append({"role": "tool", "tool_call_id": call["id"], "content": json.dumps({"info": result})})
    return json.dumps(request)


def main(kind, *request):
    text, status = sys.stdin.read().rstrip("\n").rsplit("\n", 1)
    body = text.strip()
    if kind in ("refused", "invalid"):
        if status == "200":
            raise ValueError("not refused: " + body)
        error = json.loads(body)
        return f"{status} {error['error']['code'] if kind == 'refused' else '.'.join(error['detail'][0]['loc'])}"
    if status != "200":
        raise ValueError(f"{status}: {body}")
    if kind == "next":
        return following(request[0], body)
    readers = {"info": info, "answered": answered, "streamed": streamed, "tokens": tokens, "called": called,
               "text": lambda body: completion(body)[0]["message"]["content"]}
    return readers[kind](body)


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
