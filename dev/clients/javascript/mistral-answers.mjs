// The steps that both of Mistral's packages go through: they share their chat, not their classes.
import * as steps from "./steps.mjs";

/** Steps with a client that connect makes of a key. */
export function answers(connect) {
  const client = connect(steps.key);

  const complete = (messages, more = {}) => client.chat.complete({ model: "any", messages, temperature: 0, ...more });

  function answered({ choices, usage }) {
    return steps.answered(choices[0].message.content, choices[0].finishReason, usage.promptTokens, usage.completionTokens);
  }

  async function stream() {
    let text = "";
    let last;
    for await (const { data } of await client.chat.stream({ model: "any", messages: steps.hello, temperature: 0 })) {
      text += data.choices[0].delta.content ?? "";
      last = data;
    }
    return steps.answered(text, last.choices[0].finishReason, last.usage.promptTokens, last.usage.completionTokens);
  }

  async function parameters() {
    return answered(
      await complete(steps.messages, {
        presencePenalty: 0.1,
        frequencyPenalty: 0.8,
        maxTokens: 2048,
        stop: ["<|endoftext|>"],
        topP: 1,
        responseFormat: { type: "text" },
      }),
    );
  }

  async function tools() {
    const messages = [...steps.toolMessages];
    const { choices } = await complete(messages, { tools: [steps.tool], toolChoice: "auto" });
    return followUp(messages, choices[0].message, choices[0].finishReason);
  }

  async function streamedTools() {
    const messages = [...steps.toolMessages];
    const request = { model: "any", messages, temperature: 0, tools: [steps.tool], toolChoice: "any" };
    const toolCalls = [];
    let finish;
    for await (const { data } of await client.chat.stream(request)) {
      toolCalls.push(...(data.choices[0].delta.toolCalls ?? []));
      finish = data.choices[0].finishReason;
    }
    return followUp(messages, { role: "assistant", content: "", toolCalls }, finish);
  }

  async function followUp(messages, message, finish) {
    messages.push(message);
    const called = [];
    for (const { id, function: f } of message.toolCalls) {
      const { said, result } = steps.call(f.name, f.arguments);
      messages.push({ role: "tool", name: f.name, toolCallId: id, content: result });
      called.push(said);
    }
    const { choices } = await complete(messages, { tools: [steps.tool] });
    return steps.roundTrip(called, finish, choices[0].message.content);
  }

  async function wrongKey(method) {
    const error = await steps.refusal(() => connect(steps.wrongKey).chat[method]({ model: "any", messages: steps.hello }));
    return `${error.statusCode} ${JSON.parse(error.body).error.code}`;
  }

  async function badValue() {
    const error = await steps.refusal(() => complete(steps.messages, { presencePenalty: 3 }));
    // What the package itself has read out of the body.
    return `${error.statusCode} ${error.detail[0].loc.join(".")}`;
  }

  return {
    chat: async () => answered(await complete(steps.hello)),
    stream,
    parameters,
    json: async () => (await complete(steps.messages, { responseFormat: { type: "json_object" } })).choices[0].message.content,
    "safe-mode": async () => answered(await complete(steps.messages, { safePrompt: true })),
    tools,
    "streamed-tools": streamedTools,
    "wrong-key": () => wrongKey("complete"),
    "wrong-key-streaming": () => wrongKey("stream"),
    "bad-value": badValue,
  };
}
