// Package @azure-rest/ai-inference: the samples of its documentation.
import ModelClient, { isUnexpected } from "@azure-rest/ai-inference";
import { AzureKeyCredential } from "@azure/core-auth";
import { createSseStream } from "@azure/core-sse";
import * as steps from "./steps.mjs";

const connect = (key, url = steps.url) => new ModelClient(url, new AzureKeyCredential(key), { retryOptions: { maxRetries: 0 } });
const client = connect(steps.key);
const unifiedClient = connect(steps.key, steps.unifiedUrl);

async function post(body, headers, by = client) {
  const response = await by.path("/chat/completions").post({ headers, body: { temperature: 0, ...body } });
  if (isUnexpected(response)) {
    throw response.body.error;
  }
  return response.body;
}

function answered({ choices, usage }) {
  return steps.answered(choices[0].message.content, choices[0].finish_reason, usage.prompt_tokens, usage.completion_tokens);
}

async function info() {
  const model = (await client.path("/info").get()).body;
  return `${model.model_name}, ${model.model_type}, ${model.model_provider_name}`;
}

async function* events(body) {
  const response = await client.path("/chat/completions").post({ body: { temperature: 0, stream: true, ...body } }).asNodeStream();
  if (response.status !== "200") {
    throw new Error(`Failed to get chat completions with status: ${response.status}`);
  }
  for await (const event of createSseStream(response.body)) {
    if (event.data === "[DONE]") {
      return;
    }
    yield JSON.parse(event.data);
  }
  throw new Error("the stream has no [DONE]");
}

async function stream() {
  let text = "";
  let last;
  for await (const chunk of events({ messages: steps.hello })) {
    for (const choice of chunk.choices) {
      text += choice.delta?.content ?? "";
    }
    last = chunk;
  }
  return steps.answered(text, last.choices[0].finish_reason, last.usage.prompt_tokens, last.usage.completion_tokens);
}

// The penalties are texts, as in the samples.
async function parameters() {
  return answered(
    await post({
      messages: steps.messages,
      presence_penalty: "0.1",
      frequency_penalty: "0.8",
      max_tokens: 2048,
      stop: ["<|endoftext|>"],
      top_p: 1,
      response_format: { type: "text" },
    }),
  );
}

async function json() {
  return (await post({ messages: steps.messages, response_format: { type: "json_object" } })).choices[0].message.content;
}

async function extras() {
  const body = await post({ messages: steps.messages, logprobs: true }, { "extra-params": "pass-through" });
  return body.choices[0].logprobs.content.map((entry) => entry.token).join("");
}

async function safeMode() {
  return answered(await post({ messages: steps.messages, safe_mode: true }, { "extra-params": "passthrough" }));
}

async function tools() {
  const messages = [...steps.toolMessages];
  const body = await post({ messages, tools: [steps.tool], tool_choice: "auto" });
  return followUp(messages, body.choices[0].message, body.choices[0].finish_reason);
}

async function streamedTools() {
  const messages = [...steps.toolMessages];
  const calls = [];
  let finish;
  for await (const { choices } of events({ messages, tools: [steps.tool], tool_choice: "auto" })) {
    calls.push(...(choices[0].delta.tool_calls ?? []));
    finish = choices[0].finish_reason;
  }
  return followUp(messages, { role: "assistant", content: "", tool_calls: calls }, finish);
}

async function followUp(messages, message, finish) {
  messages.push(message);
  const called = [];
  for (const { id, function: f } of message.tool_calls) {
    const { said, result } = steps.call(f.name, f.arguments);
    messages.push({ role: "tool", content: result, tool_call_id: id });
    called.push(said);
  }
  const body = await post({ messages, tools: [steps.tool] });
  return steps.roundTrip(called, finish, body.choices[0].message.content);
}

async function wrongKey(body) {
  const response = await connect(steps.wrongKey).path("/chat/completions").post({ body: { messages: steps.hello, ...body } });
  return `${response.status} ${response.body.error.code}`;
}

async function badValue() {
  const response = await client.path("/chat/completions").post({ body: { messages: steps.messages, presence_penalty: 3 } });
  return steps.invalid(response.status, response.body);
}

async function refused(request) {
  const error = await steps.refusal(request);
  return `${error.status} ${error.code}`;
}

const unified = (model) => post({ messages: steps.hello, model }, {}, unifiedClient);

await steps.run({
  info,
  chat: async () => answered(await post({ messages: steps.hello })),
  stream,
  parameters,
  json,
  extras,
  "safe-mode": safeMode,
  tools,
  "streamed-tools": streamedTools,
  "wrong-key": () => wrongKey({}),
  "wrong-key-streaming": () => wrongKey({ stream: true }),
  "bad-value": badValue,
  "unknown-parameter": () => refused(() => post({ messages: steps.messages, logprobs: true })),
  unified: async () => answered(await unified(steps.model)),
  "unified-unknown": () => refused(() => unified("no-such-model")),
});
