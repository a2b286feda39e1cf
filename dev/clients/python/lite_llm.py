"""Package litellm, with its provider for Azure's model endpoints."""

import json

import litellm
import steps

litellm.suppress_debug_info = True
# One that the package knows: what it allows to ask goes by the name.
MODEL = "azure_ai/mistral-large-latest"


def complete(messages=steps.HELLO, key=steps.KEY, **parameters):
    return litellm.completion(model=MODEL, api_base=steps.URL, api_key=key, messages=messages, temperature=0,
                              ssl_verify=steps.CA_FILE, num_retries=0, max_retries=0, **parameters)


def answered(response) -> str:
    usage = response.usage
    return steps.answered(response.choices[0].message.content, response.choices[0].finish_reason,
                          (usage.prompt_tokens, usage.completion_tokens))


def chat():
    return answered(complete())


def stream():
    return answered(litellm.stream_chunk_builder(list(complete(stream=True))))


def dropped_extras():
    # The package reads the refusal and repeats the call without what it names.
    return answered(complete(user="me", logprobs=True))


def tools():
    messages = list(steps.TOOL_MESSAGES)
    choice = complete(messages, tools=[steps.TOOL], tool_choice="auto").choices[0]
    messages.append(choice.message)
    called = []
    for tool_call in choice.message.tool_calls:
        said, result = steps.call(tool_call.function.name, tool_call.function.arguments)
        messages.append({"role": "tool", "tool_call_id": tool_call.id, "name": tool_call.function.name, "content": result})
        called.append(said)
    answer = complete(messages, tools=[steps.TOOL]).choices[0].message.content
    return steps.round_trip("; ".join(called), choice.finish_reason, answer)


def body(error) -> dict:
    """The endpoint's answer, which the package puts behind a prefix of its own."""
    return json.loads(str(error).split(" - ", 1)[1])


def wrong_key(**parameters):
    error = steps.refusal(litellm.AuthenticationError, lambda: complete(key=steps.WRONG_KEY, **parameters))
    return f"{error.status_code} {body(error)['error']['code']}"


def bad_value():
    error = steps.refusal(litellm.BadRequestError, lambda: complete(presence_penalty=3))
    return steps.invalid(error.status_code, body(error))


steps.run(
    chat=chat,
    stream=stream,
    dropped_extras=dropped_extras,
    tools=tools,
    wrong_key=wrong_key,
    wrong_key_streaming=lambda: wrong_key(stream=True),
    bad_value=bad_value,
)
