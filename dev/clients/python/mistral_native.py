"""Package mistralai, its native client."""

import httpx2
import steps
from mistralai.client import Mistral
from mistral_answers import Answers


def connect(key: str) -> Mistral:
    return Mistral(api_key=key, server_url=steps.URL, client=httpx2.Client(verify=steps.TRUST))


answers = Answers(connect)

steps.run(models=lambda: ", ".join(model.id for model in answers.client.models.list().data), **answers.steps())
