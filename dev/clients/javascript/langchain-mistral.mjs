// Package @langchain/mistralai.
import { HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatMistralAI } from "@langchain/mistralai";
import * as steps from "./steps.mjs";

const connect = (apiKey, more = {}) =>
  new ChatMistralAI({ serverURL: steps.url, apiKey, model: "any", temperature: 0, maxRetries: 0, ...more });
const model = connect(steps.key);

function answered({ content, usage_metadata: usage, response_metadata: { finish_reason, finishReason } }) {
  return steps.answered(content, finish_reason ?? finishReason, usage.input_tokens, usage.output_tokens);
}

// The sum of the chunks; a usage that came twice would be doubled.
async function sumOf(chunks) {
  let whole;
  for await (const chunk of chunks) {
    whole = whole === undefined ? chunk : whole.concat(chunk);
  }
  return whole;
}

async function tools(toolChoice, ask) {
  const messages = steps.toolMessages.map(({ role, content }) => (role === "system" ? new SystemMessage(content) : new HumanMessage(content)));
  const message = await ask(model.bindTools([steps.tool], { tool_choice: toolChoice }), messages);
  messages.push(message);
  const called = [];
  for (const { id, name, args } of message.tool_calls) {
    const { said, result } = steps.call(name, args);
    messages.push(new ToolMessage({ content: result, tool_call_id: id, name }));
    called.push(said);
  }
  const answer = await model.bindTools([steps.tool]).invoke(messages);
  const { finish_reason, finishReason } = message.response_metadata;
  return steps.roundTrip(called, finish_reason ?? finishReason, answer.content);
}

async function wrongKey(ask) {
  const error = await steps.refusal(() => ask(connect(steps.wrongKey)));
  return `${error.statusCode} ${JSON.parse(error.body).error.code}`;
}

async function badValue() {
  const error = await steps.refusal(() => connect(steps.key, { presencePenalty: 3 }).invoke("Hi"));
  return `${error.statusCode} ${error.detail[0].loc.join(".")}`;
}

await steps.run({
  chat: async () => answered(await model.invoke("Hi")),
  stream: async () => answered(await sumOf(await model.stream("Hi"))),
  tools: () => tools("auto", (bound, messages) => bound.invoke(messages)),
  "streamed-tools": () => tools("any", async (bound, messages) => sumOf(await bound.stream(messages))),
  "wrong-key": () => wrongKey((wrong) => wrong.invoke("Hi")),
  "wrong-key-streaming": () => wrongKey(async (wrong) => sumOf(await wrong.stream("Hi"))),
  "bad-value": badValue,
});
