// Package @mistralai/mistralai-azure.
import { MistralAzure } from "@mistralai/mistralai-azure";
import { answers } from "./mistral-answers.mjs";
import * as steps from "./steps.mjs";

await steps.run(answers((apiKey) => new MistralAzure({ apiKey, endpoint: steps.url })));
