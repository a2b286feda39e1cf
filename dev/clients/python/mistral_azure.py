"""Package mistralai, its client for Azure."""

import httpx2
import steps
from mistral_answers import Answers
from mistralai.azure.client import MistralAzure


def connect(key: str) -> MistralAzure:
    # A client of the caller's own has to bring the parameter that the package would have added.
    http = httpx2.Client(verify=steps.TRUST, params={"api-version": "2024-05-01-preview"})
    return MistralAzure(api_key=key, server_url=steps.URL, client=http)


steps.run(**Answers(connect).steps())
