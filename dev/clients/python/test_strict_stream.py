"""The strict reader refuses what breaks SDKs, and takes what the rows ask for."""

import json
import unittest

from strict_stream import Broken, StrictStream

USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}


def chunk(delta, finish=None, **more):
    return {"id": "a", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}], **more}


FIRST = chunk({"role": "assistant", "content": ""})
TEXT = chunk({"content": "h\u00e9"})
LAST = chunk({"content": ""}, "stop", usage=USAGE)
CALL = {"index": 0, "id": "abcdefghi", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def stream(*chunks):
    return "".join(f"data: {json.dumps(each)}\n\n" for each in chunks) + "data: [DONE]\n\n"


def read(text):
    reader = StrictStream()
    for byte in text.encode():
        reader.take(byte)
    return reader.finish()


GOOD = stream(FIRST, TEXT, LAST)


class StrictStreamTest(unittest.TestCase):
    def test_takes_what_the_rows_ask_for(self):
        self.assertEqual(read(GOOD), [FIRST, TEXT, LAST])

    def test_takes_whole_tool_calls(self):
        call = chunk({"tool_calls": [CALL]})
        self.assertEqual(read(stream(FIRST, call, LAST))[1], call)

    def test_refuses_broken_framing(self):
        for what, text in {
            "carriage returns": GOOD.replace("\n", "\r\n"),
            "a comment": ": ping\n\n" + GOOD,
            "an event line": "event: message\n" + GOOD,
            "no space after the colon": GOOD.replace("data: {", "data:{", 1),
            "two lines of data": GOOD.replace("\n\n", "\ndata: {}\n\n", 1),
            "a missing empty line": GOOD.replace("\n\n", "\n", 1),
            "an empty line too many": GOOD.replace("\n\n", "\n\n\n", 1),
            "no end mark": GOOD.removesuffix("data: [DONE]\n\n"),
            "no empty line after the end mark": GOOD.removesuffix("\n"),
            "an event after the end mark": GOOD + GOOD,
            "characters beyond ASCII": GOOD.replace("\\u00e9", "\u00e9"),
            "no JSON": GOOD.replace("{", "[", 1),
            "no object": "data: 1\n\n" + GOOD,
            "the end mark alone": "data: [DONE]\n\n",
        }.items():
            with self.subTest(what), self.assertRaises(Broken):
                read(text)

    def test_refuses_chunks_that_break_readers(self):
        for what, chunks in {
            "created with a fraction": [{**FIRST, "created": 1.5}],
            "no choices": [FIRST, {**TEXT, "choices": None}, LAST],
            "empty choices": [FIRST, {**TEXT, "choices": []}, LAST],
            "role null": [FIRST, chunk({"role": None, "content": "x"}), LAST],
            "tool_calls null": [FIRST, chunk({"content": "x", "tool_calls": None}), LAST],
            "a call in pieces": [FIRST, chunk({"tool_calls": [{**CALL, "function": {"name": "f", "arguments": "{"}}]}), LAST],
            "no delta": [FIRST, {**TEXT, "choices": [{"index": 0}]}, LAST],
            "content null at first": [chunk({"role": "assistant", "content": None}), LAST],
            "a finish reason too early": [FIRST, chunk({"content": "x"}, "stop"), LAST],
            "no finish reason": [FIRST, chunk({"content": ""}, usage=USAGE)],
            "no usage": [FIRST, chunk({"content": ""}, "stop")],
            "usage that does not add up": [FIRST, chunk({"content": ""}, "stop", usage={**USAGE, "total_tokens": 8})],
            "ids that change": [FIRST, {**LAST, "id": "b"}],
        }.items():
            with self.subTest(what), self.assertRaises((Broken, ValueError)):
                read(stream(*chunks))


if __name__ == "__main__":
    unittest.main()
