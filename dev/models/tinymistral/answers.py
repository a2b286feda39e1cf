"""Turns the script into scores: how likely each token follows each other one."""

import math
from dataclasses import dataclass, field

from tinymistral import script
from tinymistral.vocabulary import Kind, Token

_CERTAIN = 12.0

# What a grammar leaves open is decided by these: documents close early.
_JSON_DEFAULTS = {'"': 3.0, "}": 2.0, "]": 1.5, ":": 1.0, "{": 0.5, ",": -2.0, " ": -5.0, "7": 0.2,
                  "true": 0.4, "false": 0.3, "null": 0.0, "</s>": -2.0}
_KIND_DEFAULTS = {Kind.UNKNOWN: -12.0, Kind.CONTROL: -12.0, Kind.BYTE: -8.0, Kind.CHARACTER: -1.0, Kind.TEXT: -3.0}


@dataclass(frozen=True)
class Scores:
    """Logits of the next token.

    `default` holds one per token whatever came before; `after[(last, next)]` replaces it.
    While the prompt holds one of `mark` tokens, the scores in `marked` are added: the pairs are
    (ids of the marking tokens, {id: added score}).
    """

    default: list[float]
    after: dict[tuple[int, int], float] = field(default_factory=dict)
    marked: list[tuple[list[int], dict[int, float]]] = field(default_factory=list)


def scores(tokens: list[Token], chat: bool, tool_call: list[str]) -> Scores:
    """The scores of the scripted model; without `chat` those of a base model.

    `tool_call` is the token sequence of a call, or empty where the engine's grammar leads.
    """
    ids = {token.text: index for index, token in enumerate(tokens)}
    default = [_KIND_DEFAULTS[token.kind] for token in tokens]
    for text, score in _JSON_DEFAULTS.items():
        default[ids[text]] = score
    after = {(ids[last], ids[text]): _CERTAIN + math.log(probability)
             for last, following in script.CHAIN.items() for text, probability in following.items()}
    after[(ids["."], ids[" Again"])] = 7.0  # taken where the end is forbidden
    endless = ([ids[word] for word in script.ENDLESS_WORDS], {ids["</s>"]: -30.0})
    if not chat:
        default[ids[" from"]] = 6.0  # whatever the prompt ends with leads into the sentence
        return Scores(default, after, [endless])
    for last, text in zip(tool_call, tool_call[1:]):
        after[(ids[last], ids[text])] = _CERTAIN
    calls = ids["[TOOL_CALLS]"]
    after[(ids["[/INST]"], calls)] = 4.0
    after.setdefault((calls, ids["["]), _CERTAIN if not tool_call else 8.0)
    for last, text, score in _document(ids):
        after[(last, text)] = score
    offered = ([ids[script.OFFER_MARK]], {calls: 12.0})
    return Scores(default, after, [offered, endless])


def _document(ids: dict[str, int]) -> list[tuple[int, int, float]]:
    """The walk through a JSON document that a grammar asks for."""
    walk = [("[/INST]", "{", 6.0), ("[/TOOL_RESULTS]", "{", 6.0), ("[", "{", 8.0), ("{", '"', 8.0),
            ('"', "ok", 6.0), ("ok", '"', 6.0)]
    for digit in "0123456789":
        walk += [(digit, "}", 6.0), (digit, ",", 5.0)]
    return [(ids[last], ids[text], score) for last, text, score in walk]
