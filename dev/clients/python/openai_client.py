"""Package openai."""

import openai
import steps


def connect(key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=steps.URL + "/v1", api_key=key, max_retries=0,
                         http_client=openai.DefaultHttpxClient(verify=steps.TRUST))


client = connect(steps.KEY)


def create(messages, **parameters):
    return client.chat.completions.create(model="any", messages=messages, temperature=0, **parameters)


def answered(completion) -> str:
    usage = completion.usage
    return steps.answered(completion.choices[0].message.content, completion.choices[0].finish_reason,
                          (usage.prompt_tokens, usage.completion_tokens))


def models():
    return ", ".join(model.id for model in client.models.list())


def chat():
    return answered(create(steps.HELLO))


def stream():
    text, finish, usage = "", None, None
    for chunk in create(steps.HELLO, stream=True, stream_options={"include_usage": True}):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
        usage = chunk.usage or usage
    return steps.answered(text, finish, (usage.prompt_tokens, usage.completion_tokens))


def parameters():
    return answered(create(steps.MESSAGES, presence_penalty=0.1, frequency_penalty=0.8, max_tokens=2048,
                           stop=["<|endoftext|>"], top_p=1, response_format={"type": "text"}))


def json():
    return create(steps.MESSAGES, response_format={"type": "json_object"}).choices[0].message.content


def extras():
    completion = create(steps.MESSAGES, logprobs=True)
    return "".join(entry.token for entry in completion.choices[0].logprobs.content)


def safe_mode():
    return answered(create(steps.MESSAGES, extra_body={"safe_prompt": True}))


def tools():
    messages = list(steps.TOOL_MESSAGES)
    choice = create(messages, tools=[steps.TOOL], tool_choice="auto").choices[0]
    return follow_up(messages, choice.message, choice.finish_reason)


def streamed_tools():
    messages = list(steps.TOOL_MESSAGES)
    with client.chat.completions.stream(model="any", messages=messages, temperature=0, tools=[steps.TOOL]) as events:
        choice = events.get_final_completion().choices[0]
    return follow_up(messages, choice.message, choice.finish_reason)


def follow_up(messages, message, finish):
    messages.append(message)
    called = []
    for tool_call in message.tool_calls:
        said, result = steps.call(tool_call.function.name, tool_call.function.arguments)
        messages.append({"role": "tool", "tool_call_id": tool_call.id, "content": result})
        called.append(said)
    answer = create(messages, tools=[steps.TOOL]).choices[0].message.content
    return steps.round_trip("; ".join(called), finish, answer)


def wrong_key(**parameters):
    error = steps.refusal(openai.AuthenticationError, lambda: connect(steps.WRONG_KEY).chat.completions.create(
        model="any", messages=steps.HELLO, **parameters))
    return f"{error.status_code} {error.code}"


def bad_value():
    error = steps.refusal(openai.UnprocessableEntityError, lambda: create(steps.MESSAGES, presence_penalty=3))
    # The package unwraps `error`; the list is beside it.
    return steps.invalid(error.status_code, error.response.json())


def unknown_parameter():
    error = steps.refusal(openai.UnprocessableEntityError, lambda: create(steps.HELLO, extra_body={"colour": 1}))
    return steps.invalid(error.status_code, error.response.json())


steps.run(
    models=models,
    chat=chat,
    stream=stream,
    parameters=parameters,
    json=json,
    extras=extras,
    safe_mode=safe_mode,
    tools=tools,
    streamed_tools=streamed_tools,
    wrong_key=wrong_key,
    wrong_key_streaming=lambda: wrong_key(stream=True),
    bad_value=bad_value,
    unknown_parameter=unknown_parameter,
)
