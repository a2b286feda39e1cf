"""Packages langchain-mistralai and langchain-openai: the same chat with either.

    langchain_chat.py mistralai|openai
"""

import sys

import httpx
import openai
import steps
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_mistralai import ChatMistralAI
from langchain_openai import ChatOpenAI


def mistralai(key: str, **parameters) -> ChatMistralAI:
    # The package trusts certifi's authorities alone: another CA takes a client of the caller's own.
    http = httpx.Client(base_url=steps.URL, verify=steps.TRUST, headers={"Authorization": f"Bearer {key}"}, timeout=60)
    return ChatMistralAI(endpoint=steps.URL, api_key=key, client=http, temperature=0, model_kwargs=parameters)


def chat_openai(key: str, **parameters) -> ChatOpenAI:
    return ChatOpenAI(base_url=steps.URL + "/v1", api_key=key, model="any", max_retries=0, temperature=0, stream_usage=True,
                      http_client=openai.DefaultHttpxClient(verify=steps.TRUST), **parameters)


connect = {"mistralai": mistralai, "openai": chat_openai}[sys.argv[1]]
model = connect(steps.KEY)
MESSAGES = [SystemMessage(steps.SYSTEM), HumanMessage(steps.QUESTION)]


@tool(description=steps.FUNCTION["description"])
def get_weather(city: str) -> str:
    return steps.get_weather(city)


def answered(message) -> str:
    usage = message.usage_metadata
    return steps.answered(message.content, message.response_metadata["finish_reason"],
                          (usage["input_tokens"], usage["output_tokens"]))


def chat():
    return answered(model.invoke("Hi"))


def stream():
    # The sum of the chunks; a usage that came twice would be doubled.
    whole = None
    for chunk in model.stream("Hi"):
        whole = chunk if whole is None else whole + chunk
    return answered(whole)


def tools():
    return follow_up(lambda bound, messages: bound.invoke(messages), tool_choice="auto")


def streamed_tools():
    return follow_up(lambda bound, messages: sum_of(bound.stream(messages)), tool_choice="any")


def sum_of(chunks):
    whole = next(chunks)
    for chunk in chunks:
        whole += chunk
    return whole


def follow_up(ask, tool_choice):
    messages = [SystemMessage(steps.SYSTEM), HumanMessage(steps.TOOL_QUESTION)]
    message = ask(model.bind_tools([get_weather], tool_choice=tool_choice), messages)
    messages.append(message)
    called = []
    for tool_call in message.tool_calls:
        said, result = steps.call(tool_call["name"], tool_call["args"])
        messages.append(ToolMessage(result, tool_call_id=tool_call["id"], name=tool_call["name"]))
        called.append(said)
    answer = model.bind_tools([get_weather]).invoke(messages)
    return steps.round_trip("; ".join(called), message.response_metadata["finish_reason"], answer.content)


def refused(request):
    error = steps.refusal((httpx.HTTPStatusError, openai.APIStatusError), request)
    return error.response


def wrong_key(request):
    response = refused(lambda: request(connect(steps.WRONG_KEY)))
    return f"{response.status_code} {response.json()['error']['code']}"


def bad_value():
    response = refused(lambda: connect(steps.KEY, presence_penalty=3).invoke(MESSAGES))
    return steps.invalid(response.status_code, response.json())


steps.run(
    chat=chat,
    stream=stream,
    tools=tools,
    streamed_tools=streamed_tools,
    wrong_key=lambda: wrong_key(lambda wrong: wrong.invoke("Hi")),
    wrong_key_streaming=lambda: wrong_key(lambda wrong: list(wrong.stream("Hi"))),
    bad_value=bad_value,
)
