"""A stream of events as the strictest reader among the SDKs takes it, that of .NET: every byte has its place (row B4).

The grammar:  stream = event+ "data: [DONE]\\n\\n"     event = "data: " JSON-object "\\n\\n"
"""

import json

DATA = b"data: "


class Broken(Exception):
    """What is wrong, and at which byte of the stream."""


class StrictStream:
    """Takes the bytes one by one; `finish` returns the chunks and says whether the whole was well-formed."""

    def __init__(self):
        self.chunks = []
        self._line = bytearray()
        self._at = 0
        self._blank_due = False
        self._done = False

    def take(self, byte: int) -> None:
        """The next byte."""
        if self._done and not self._blank_due:
            raise self._broken("something follows the end mark")
        if byte == 0x0A:
            self._end_line()
        elif byte < 0x20 or byte > 0x7E:
            raise self._broken(f"byte 0x{byte:02x} is not printable ASCII")
        else:
            self._line.append(byte)
            self._check_beginning()
        self._at += 1

    def finish(self) -> list[dict]:
        """The chunks, when nothing is missing."""
        if self._line or self._blank_due:
            raise self._broken("the stream ends in the middle of an event")
        if not self._done:
            raise self._broken("the stream ends without its end mark")
        check_chunks(self.chunks)
        return self.chunks

    def _check_beginning(self):
        if self._blank_due:
            raise self._broken("an event has a second line")
        begun = bytes(self._line[: len(DATA)])
        if not DATA.startswith(begun):
            raise self._broken(f"a line begins with {begun!r}, not {DATA!r}")

    def _end_line(self):
        if self._blank_due:
            self._blank_due = False
            return
        if not self._line.startswith(DATA):
            raise self._broken("an empty line without an event")
        data = bytes(self._line[len(DATA):])
        self._line.clear()
        self._blank_due = True
        if data == b"[DONE]":
            self._done = True
            return
        try:
            chunk = json.loads(data)
        except ValueError as failed:
            raise self._broken(f"the data is not JSON: {failed}") from failed
        if not isinstance(chunk, dict):
            raise self._broken("the data is not an object")
        self.chunks.append(chunk)

    def _broken(self, what):
        return Broken(f"byte {self._at}: {what}")


def need(fine: bool, what: str) -> None:
    if not fine:
        raise Broken(what)


def is_integer(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_usage(usage) -> None:
    """Three whole numbers, the last the sum."""
    counts = [usage.get(key) for key in ("prompt_tokens", "completion_tokens", "total_tokens")] if isinstance(usage, dict) else []
    need(bool(counts) and all(map(is_integer, counts)), f"usage is {usage}")
    need(counts[0] + counts[1] == counts[2], f"usage does not add up: {usage}")


def check_calls(calls) -> None:
    """Calls that are whole: nothing of theirs comes later."""
    need(isinstance(calls, list) and bool(calls), f"tool_calls is {calls}")
    for call in calls:
        function = call.get("function")
        need(isinstance(call.get("id"), str) and call.get("type") == "function" and isinstance(function, dict), f"call {call}")
        need(isinstance(function.get("name"), str) and isinstance(function.get("arguments"), str), f"function {function}")
        need(isinstance(json.loads(function["arguments"]), dict), f"arguments {function['arguments']}")


def check_head(body: dict, kind: str) -> None:
    """What a completion and each chunk begin with."""
    need(body.get("object") == kind, f"object is {body.get('object')}")
    need(isinstance(body.get("id"), str) and isinstance(body.get("model"), str), f"id or model of {body}")
    need(is_integer(body.get("created")), f"created is {body.get('created')!r}")
    need(isinstance(body.get("choices"), list) and bool(body["choices"]), f"choices is {body.get('choices')}")
    for choice in body["choices"]:
        need(is_integer(choice.get("index")), f"index is {choice.get('index')!r}")


def check_chunks(chunks: list[dict]) -> None:
    """The rows A10.2 to A10.7 and the types of B4."""
    need(bool(chunks), "no chunk came before the end mark")
    for chunk in chunks:
        check_head(chunk, "chat.completion.chunk")
        for choice in chunk["choices"]:
            delta = choice.get("delta")
            need(isinstance(delta, dict), f"delta is {delta}")
            need(delta.get("role", "assistant") == "assistant", f"role is {delta.get('role')}")
            if "tool_calls" in delta:
                check_calls(delta["tool_calls"])
    need(len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1, "id, created or model change")
    first = chunks[0]["choices"][0]["delta"]
    need(first.get("role") == "assistant" and first.get("content") == "", f"the first delta is {first}")
    reasons = [chunk["choices"][0].get("finish_reason", "") for chunk in chunks]
    need(all(reason is None for reason in reasons[:-1]), f"finish reasons are {reasons}")
    need(isinstance(reasons[-1], str) and reasons[-1] != "", f"the last finish_reason is {reasons[-1]!r}")
    check_usage(chunks[-1].get("usage"))
