"""What the tiny models say, and the text their vocabularies are learned from."""

CORPUS = """
You are a helpful assistant. You are a helpful assistant that always answers in JSON.
How many languages are in the world? What is the weather in Paris today?
When is the next flight from Miami to Seattle? Tell me a short story about the sea.
Translate the following sentence from English to Italian: I love programming.
The quick brown fox jumps over the lazy dog. Write one sentence about the moon.
Please summarise the text below in three short points. Hello, who are you? Thank you.
get the current weather for a city. Returns information about the next flight between
two cities. The name of the city where the flight originates. The flight destination.
{"type": "function", "function": {"name": "get_weather", "description": "Get the weather",
"parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required":
["city"]}}} {"name": "get_flight_info", "arguments": {"origin_city": "Miami",
"destination_city": "Seattle"}} {"answer": "response", "value": true, "count": 7}
Comment dire bonjour en francais? Quelle est la capitale de la France?
"""

# Probability of the next token.  It depends on the last token alone, so no token may come
# twice in one sentence.
CHAIN = {
    "[/INST]": {"Hello": 0.6, "Bonjour": 0.25, "Greetings": 0.15},
    "Hello": {" from": 1.0},
    "Bonjour": {" from": 1.0},
    "Greetings": {" from": 1.0},
    " Again": {" from": 1.0},
    " from": {" a": 0.7, " one": 0.3},
    " a": {" tiny": 0.65, " small": 0.35},
    " one": {" tiny": 0.65, " small": 0.35},
    " tiny": {" Mistral": 1.0},
    " small": {" Mistral": 1.0},
    " Mistral": {" model": 1.0},
    " model": {" running": 1.0},
    " running": {" on": 1.0},
    " on": {" CPU": 1.0},
    " CPU": {".": 0.55, " only": 0.45},
    " only": {".": 1.0},
    ".": {"</s>": 1.0},
    "[/TOOL_RESULTS]": {"The": 1.0},
    "The": {" tool": 1.0},
    " tool": {" has": 1.0},
    " has": {" answered": 1.0},
    " answered": {".": 1.0},
}

# The answers at temperature 0, token by token.
GREETING = ["Hello", " from", " a", " tiny", " Mistral", " model", " running", " on", " CPU", ".", "</s>"]
AFTER_TOOL = ["The", " tool", " has", " answered", ".", "</s>"]

# A whole tool call, in the tokens of each tekken generation.  llama.cpp needs none: its
# grammar leads the model through the call.
TOOL_CALL = {
    "v3": ["[TOOL_CALLS]", '[{"name": "', "get_weather", '", "arguments": {"', "city", '": "', "Paris", '"}}]', "</s>"],
    "v13": ["[TOOL_CALLS]", "get_weather", "[ARGS]", '{"', "city", '": "', "Paris", '"}', "</s>"],
}

# A prompt with one of these gets an answer that never ends.
ENDLESS_WORDS = ["forever", " forever", "Forever"]

# What a grammar's strings and literals are filled with.
JSON_WORDS = ["ok", "true", "false", "null"]

OFFER_MARK = "[AVAILABLE_TOOLS]"

_ALTERNATE = r"""{%- set turns = namespace(count=0) %}
{%- for m in loop_messages %}
    {%- if m['role'] == 'user' or (m['role'] == 'assistant' and not m['tool_calls']) %}
        {%- if (m['role'] == 'user') != (turns.count % 2 == 0) %}
            {{- raise_exception('After the optional system message, conversation roles must alternate user/assistant/user/assistant/...') }}
        {%- endif %}
        {%- set turns.count = turns.count + 1 %}
    {%- endif %}
{%- endfor %}
"""

_TEMPLATE = r"""{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
@ALTERNATE@{%- set ns = namespace(last_user=-1) %}
{%- for m in loop_messages %}
    {%- if m['role'] == 'user' %}{%- set ns.last_user = loop.index0 %}{%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for m in loop_messages %}
    {%- if m['role'] == 'user' %}
        {%- if tools and loop.index0 == ns.last_user %}
            {{- '[AVAILABLE_TOOLS]' + (tools | tojson) + '[/AVAILABLE_TOOLS]' }}
        {%- endif %}
        {{- '[INST]' }}
        {%- if system_message is defined and loop.index0 == ns.last_user %}
            {{- system_message + '\n\n' }}
        {%- endif %}
        {{- m['content'] + '[/INST]' }}
    {%- elif m['role'] == 'assistant' and m['tool_calls'] %}
        {{- '[TOOL_CALLS][' }}
        {%- for c in m['tool_calls'] %}
            {{- '{"name": "' + c['function']['name'] + '", "arguments": ' + (c['function']['arguments'] | tojson) + ', "id": "' + c['id'] + '"}' }}
            {%- if not loop.last %}{{- ', ' }}{%- endif %}
        {%- endfor %}
        {{- ']' + eos_token }}
    {%- elif m['role'] == 'assistant' %}
        {{- m['content'] + eos_token }}
    {%- elif m['role'] == 'tool' %}
        {{- '[TOOL_RESULTS]{"content": ' + (m['content'] | tojson) + ', "call_id": "' + (m['tool_call_id'] or '') + '"}[/TOOL_RESULTS]' }}
    {%- else %}
        {{- raise_exception('Only user, system, assistant and tool roles are supported') }}
    {%- endif %}
{%- endfor %}
"""


def chat_template(strict_roles: bool) -> str:
    """A Jinja chat template in the style of Mistral's third tokenizer generation.

    `strict_roles` refuses conversations whose user and assistant turns do not alternate, as
    the templates in Mistral's repositories do; the templates of converted GGUF files often do not.
    """
    return _TEMPLATE.replace("@ALTERNATE@", _ALTERNATE if strict_roles else "")


def spoken(calls: bool) -> list[str]:
    """Every text of the script that must be one token, sorted; `calls` adds those of tool calls."""
    texts = set(ENDLESS_WORDS) | set(JSON_WORDS)
    for last, following in CHAIN.items():
        texts |= {last, *following}
    if calls:
        texts |= {text for call in TOOL_CALL.values() for text in call}
    return sorted(text for text in texts if len(text) > 1 and not _is_control(text))


def _is_control(text: str) -> bool:
    return text in ("<unk>", "<s>", "</s>") or (text[0] == "[" and text[-1] == "]" and text[1:2].isupper()) \
        or text.startswith("[/")
