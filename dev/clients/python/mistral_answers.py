"""The steps that both clients of the package mistralai go through: they share their chat, not their classes."""

import json

import steps


class Answers:
    """Steps with a client that `connect` makes of a key."""

    def __init__(self, connect):
        self.connect = connect
        self.client = connect(steps.KEY)

    def steps(self) -> dict:
        return {
            "chat": self.chat,
            "stream": self.stream,
            "parameters": self.parameters,
            "json": self.json,
            "safe_mode": self.safe_mode,
            "tools": self.tools,
            "streamed_tools": self.streamed_tools,
            "wrong_key": lambda: self.wrong_key(lambda client: client.chat.complete),
            "wrong_key_streaming": lambda: self.wrong_key(lambda client: client.chat.stream),
            "bad_value": self.bad_value,
        }

    def complete(self, messages, **parameters):
        return self.client.chat.complete(model="any", messages=messages, temperature=0, **parameters)

    def chat(self):
        return answered(self.complete(steps.HELLO))

    def stream(self):
        text, finish, usage = "", None, None
        with self.client.chat.stream(model="any", messages=steps.HELLO, temperature=0) as events:
            for event in events:
                text += event.data.choices[0].delta.content or ""
                finish = event.data.choices[0].finish_reason or finish
                usage = event.data.usage or usage
        return steps.answered(text, finish, (usage.prompt_tokens, usage.completion_tokens))

    def parameters(self):
        return answered(self.complete(steps.MESSAGES, presence_penalty=0.1, frequency_penalty=0.8, max_tokens=2048,
                                      stop=["<|endoftext|>"], top_p=1, response_format={"type": "text"}))

    def json(self):
        return self.complete(steps.MESSAGES, response_format={"type": "json_object"}).choices[0].message.content

    def safe_mode(self):
        return answered(self.complete(steps.MESSAGES, safe_prompt=True))

    def tools(self):
        messages = list(steps.TOOL_MESSAGES)
        choice = self.complete(messages, tools=[steps.TOOL], tool_choice="auto").choices[0]
        return self.follow_up(messages, choice.message, choice.message.tool_calls, choice.finish_reason)

    def streamed_tools(self):
        messages = list(steps.TOOL_MESSAGES)
        calls, finish = [], None
        with self.client.chat.stream(model="any", messages=messages, temperature=0, tools=[steps.TOOL],
                                     tool_choice="any") as events:
            for event in events:
                calls += event.data.choices[0].delta.tool_calls or []
                finish = event.data.choices[0].finish_reason or finish
        return self.follow_up(messages, {"role": "assistant", "content": "", "tool_calls": calls}, calls, finish)

    def follow_up(self, messages, message, calls, finish):
        messages.append(message)
        called = []
        for tool_call in calls:
            said, result = steps.call(tool_call.function.name, tool_call.function.arguments)
            messages.append({"role": "tool", "name": tool_call.function.name, "tool_call_id": tool_call.id, "content": result})
            called.append(said)
        answer = self.complete(messages, tools=[steps.TOOL]).choices[0].message.content
        return steps.round_trip("; ".join(called), finish, answer)

    def wrong_key(self, method):
        # The classes of the package's errors have no public parent that both clients share.
        error = steps.refusal(Exception, lambda: method(self.connect(steps.WRONG_KEY))(model="any", messages=steps.HELLO))
        return f"{error.status_code} {json.loads(error.body)['error']['code']}"

    def bad_value(self):
        error = steps.refusal(Exception, lambda: self.complete(steps.MESSAGES, presence_penalty=3))
        # What the package itself has read out of the body.
        return f"{error.status_code} {'.'.join(error.data.detail[0].loc)}"


def answered(response) -> str:
    usage = response.usage
    return steps.answered(response.choices[0].message.content, response.choices[0].finish_reason,
                          (usage.prompt_tokens, usage.completion_tokens))
