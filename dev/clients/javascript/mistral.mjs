// Package @mistralai/mistralai.
import { Mistral } from "@mistralai/mistralai";
import { answers } from "./mistral-answers.mjs";
import * as steps from "./steps.mjs";

const connect = (apiKey) => new Mistral({ apiKey, serverURL: steps.url });

const models = async () => (await connect(steps.key).models.list()).data.map((model) => model.id).join(", ");

await steps.run({ models, ...answers(connect) });
