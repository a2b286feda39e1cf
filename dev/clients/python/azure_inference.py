"""Package azure-ai-inference, of any beta: the samples of its documentation."""

import azure.ai.inference.models as models
import steps
from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.models import SystemMessage, ToolMessage, UserMessage
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError


def connect(key: str, endpoint: str = steps.URL) -> ChatCompletionsClient:
    return ChatCompletionsClient(endpoint=endpoint, credential=AzureKeyCredential(key), connection_verify=steps.CA_FILE,
                                 retry_total=0)


client = connect(steps.KEY)
unified_client = connect(steps.KEY, steps.UNIFIED_URL)
HELLO = [UserMessage(content="Hi")]
MESSAGES = [SystemMessage(content=steps.SYSTEM), UserMessage(content=steps.QUESTION)]
TOOLS = [models.ChatCompletionsToolDefinition(function=models.FunctionDefinition(**steps.FUNCTION))]


def answered(response) -> str:
    usage = response.usage
    return steps.answered(response.choices[0].message.content, response.choices[0].finish_reason,
                          (usage.prompt_tokens, usage.completion_tokens))


def info():
    model = client.get_model_info()
    return f"{model.model_name}, {model.model_type}, {model.model_provider_name}"


def chat():
    return answered(client.complete(messages=HELLO, temperature=0))


def stream():
    text, finish, usage = "", None, None
    for update in client.complete(messages=HELLO, temperature=0, stream=True):
        if update.choices:
            text += update.choices[0].delta.content or ""
            finish = update.choices[0].finish_reason or finish
        usage = update.usage or usage
    return steps.answered(text, finish, (usage.prompt_tokens, usage.completion_tokens))


def response_format(beta4: str, later: str):
    """The sample gives an object of the package for the type; later betas take the word alone."""
    return {"type": getattr(models, beta4)()} if hasattr(models, beta4) else later


def parameters():
    return answered(client.complete(messages=MESSAGES, presence_penalty=0.1, frequency_penalty=0.8, max_tokens=2048,
                                    stop=["<|endoftext|>"], temperature=0, top_p=1,
                                    response_format=response_format("ChatCompletionsResponseFormatText", "text")))


def json():
    response = client.complete(messages=MESSAGES, temperature=0,
                               response_format=response_format("ChatCompletionsResponseFormatJSON", "json_object"))
    return response.choices[0].message.content


def extras():
    response = client.complete(messages=MESSAGES, temperature=0, model_extras={"logprobs": True})
    return "".join(entry["token"] for entry in response.choices[0]["logprobs"]["content"])


def safe_mode():
    return answered(client.complete(messages=MESSAGES, temperature=0, model_extras={"safe_mode": True}))


def tools():
    messages = [SystemMessage(content=steps.SYSTEM), UserMessage(content=steps.TOOL_QUESTION)]
    response = client.complete(messages=messages, tools=TOOLS, tool_choice="auto", temperature=0)
    return follow_up(messages, response.choices[0].message, response.choices[0].finish_reason)


def streamed_tools():
    messages = [SystemMessage(content=steps.SYSTEM), UserMessage(content=steps.TOOL_QUESTION)]
    calls, finish = [], None
    for update in client.complete(messages=messages, tools=TOOLS, tool_choice="auto", temperature=0, stream=True):
        calls += update.choices[0].delta.tool_calls or []
        finish = update.choices[0].finish_reason or finish
    message = models.AssistantMessage(tool_calls=[
        models.ChatCompletionsToolCall(id=call.id, function=models.FunctionCall(name=call.function.name,
                                                                                arguments=call.function.arguments))
        for call in calls])
    return follow_up(messages, message, finish)


def follow_up(messages, message, finish):
    # As the sample does: the message goes back unchanged.
    messages.append(message)
    called = []
    for tool_call in message.tool_calls:
        said, result = steps.call(tool_call.function.name, tool_call.function.arguments)
        messages.append(ToolMessage(tool_call_id=tool_call.id, content=result))
        called.append(said)
    response = client.complete(messages=messages, tools=TOOLS, temperature=0)
    return steps.round_trip("; ".join(called), finish, response.choices[0].message.content)


def refused(request) -> str:
    error = steps.refusal(HttpResponseError, request)
    return f"{error.status_code} {error.error.code}"


def bad_value():
    error = steps.refusal(HttpResponseError, lambda: client.complete(messages=MESSAGES, presence_penalty=3))
    return steps.invalid(error.status_code, error.response.json())


steps.run(
    info=info,
    chat=chat,
    stream=stream,
    parameters=parameters,
    json=json,
    extras=extras,
    safe_mode=safe_mode,
    tools=tools,
    streamed_tools=streamed_tools,
    wrong_key=lambda: refused(lambda: connect(steps.WRONG_KEY).complete(messages=HELLO)),
    wrong_key_streaming=lambda: refused(lambda: connect(steps.WRONG_KEY).complete(messages=HELLO, stream=True)),
    bad_value=bad_value,
    # The body as it is: the package adds no header of its own then.
    unknown_parameter=lambda: refused(lambda: client.complete({"messages": steps.HELLO, "logprobs": True})),
    unified=lambda: answered(unified_client.complete(messages=HELLO, temperature=0, model=steps.MODEL)),
    unified_unknown=lambda: refused(lambda: unified_client.complete(messages=HELLO, model="no-such-model")),
)
