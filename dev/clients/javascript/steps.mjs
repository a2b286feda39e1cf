// What every JavaScript client program shares: its endpoint, what it asks, and how it says what it saw.
// NODE_EXTRA_CA_CERTS holds the endpoint's CA.

export const url = process.env.ENDPOINT_URL;
export const key = process.env.ENDPOINT_KEY;
// The endpoint of the whole project, and what it calls this one.
export const unifiedUrl = process.env.UNIFIED_URL;
export const model = process.env.ENDPOINT_NAME;
export const wrongKey = "0".repeat(32);

const system = { role: "system", content: "You are a helpful assistant." };
export const hello = [{ role: "user", content: "Hi" }];
export const messages = [system, { role: "user", content: "How many languages are in the world?" }];

// The tool that the tiny models know to call.
export const toolMessages = [system, { role: "user", content: "What is the weather in Paris today?" }];
export const tool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Get the weather",
    parameters: {
      type: "object",
      properties: { city: { type: "string", description: "The name of the city" } },
      required: ["city"],
    },
  },
};

const tools = {
  get_weather: ({ city }) => JSON.stringify({ info: `It rains in ${city}.` }),
};

/** Does what a tool call asks for; returns the call in short and the tool's answer. */
export function call(name, given) {
  const parameters = typeof given === "string" ? JSON.parse(given) : given;
  return { said: `${name}(${Object.values(parameters).join(", ")})`, result: tools[name](parameters) };
}

/** A completion in short. */
export const answered = (text, finish, prompt, completion) => `${text} [${finish}] ${prompt} + ${completion}`;

/** A tool round trip in short. */
export const roundTrip = (called, finish, text) => `${called.join("; ")} [${finish}] ${text}`;

/** A refused value in short: the status and the place that the body names. */
export const invalid = (status, body) => `${status} ${body.detail[0].loc.join(".")}`;

/** The error that a request must end with. */
export async function refusal(request) {
  let answer;
  try {
    answer = await request();
  } catch (refused) {
    return refused;
  }
  throw new Error("not refused: " + JSON.stringify(answer));
}

/**
 * Runs the steps in their order and prints one line for each: "name: what the step returned", or "name: FAILED" and the error.
 * One that fails does not stop the others.
 */
export async function run(steps) {
  for (const [name, step] of Object.entries(steps)) {
    let saw;
    try {
      saw = await step();
    } catch (failed) {
      console.error(failed);
      saw = "FAILED " + String(failed).split("\n")[0];
    }
    console.log(`${name}: ${saw}`);
  }
}
