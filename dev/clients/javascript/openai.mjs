// Package openai.
import OpenAI from "openai";
import * as steps from "./steps.mjs";

const connect = (apiKey) => new OpenAI({ baseURL: steps.url + "/v1", apiKey, maxRetries: 0 });
const client = connect(steps.key);

const create = (messages, more = {}, by = client) => by.chat.completions.create({ model: "any", messages, temperature: 0, ...more });

function answered({ choices, usage }) {
  return steps.answered(choices[0].message.content, choices[0].finish_reason, usage.prompt_tokens, usage.completion_tokens);
}

async function models() {
  const names = [];
  for await (const model of client.models.list()) {
    names.push(model.id);
  }
  return names.join(", ");
}

async function stream() {
  let text = "";
  let finish;
  let usage;
  for await (const chunk of await create(steps.hello, { stream: true, stream_options: { include_usage: true } })) {
    for (const choice of chunk.choices) {
      text += choice.delta.content ?? "";
      finish = choice.finish_reason ?? finish;
    }
    usage = chunk.usage ?? usage;
  }
  return steps.answered(text, finish, usage.prompt_tokens, usage.completion_tokens);
}

async function parameters() {
  return answered(
    await create(steps.messages, {
      presence_penalty: 0.1,
      frequency_penalty: 0.8,
      max_tokens: 2048,
      stop: ["<|endoftext|>"],
      top_p: 1,
      response_format: { type: "text" },
    }),
  );
}

async function tools() {
  const messages = [...steps.toolMessages];
  const { choices } = await create(messages, { tools: [steps.tool], tool_choice: "auto" });
  return followUp(messages, choices[0]);
}

async function streamedTools() {
  const messages = [...steps.toolMessages];
  const { choices } = await client.chat.completions
    .stream({ model: "any", messages, temperature: 0, tools: [steps.tool] })
    .finalChatCompletion();
  return followUp(messages, choices[0]);
}

async function followUp(messages, { message, finish_reason: finish }) {
  messages.push(message);
  const called = [];
  for (const { id, function: f } of message.tool_calls) {
    const { said, result } = steps.call(f.name, f.arguments);
    messages.push({ role: "tool", tool_call_id: id, content: result });
    called.push(said);
  }
  const { choices } = await create(messages, { tools: [steps.tool] });
  return steps.roundTrip(called, finish, choices[0].message.content);
}

async function wrongKey(more) {
  const error = await steps.refusal(() => create(steps.hello, more, connect(steps.wrongKey)));
  return `${error.status} ${error.code}`;
}

// The package keeps no more of a body than its `error`.
async function refused(more) {
  const error = await steps.refusal(() => create(steps.messages, more));
  return `${error.status} body.${error.param}`;
}

await steps.run({
  models,
  chat: async () => answered(await create(steps.hello)),
  stream,
  parameters,
  json: async () => (await create(steps.messages, { response_format: { type: "json_object" } })).choices[0].message.content,
  extras: async () => (await create(steps.messages, { logprobs: true })).choices[0].logprobs.content.map((entry) => entry.token).join(""),
  "safe-mode": async () => answered(await create(steps.messages, { safe_prompt: true })),
  tools,
  "streamed-tools": streamedTools,
  "wrong-key": () => wrongKey({}),
  "wrong-key-streaming": () => wrongKey({ stream: true }),
  "bad-value": () => refused({ presence_penalty: 3 }),
  "unknown-parameter": () => refused({ colour: 1 }),
});
