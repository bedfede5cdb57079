"""What a client may ask of a model, checked before anything is reserved or sent on.

What is not in these tables is refused, not passed on: a model server takes more than a stranger should set.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sandbox.answers import ApiError, Json
from sandbox.models import Deployment

ROLES = ("system", "developer", "user", "assistant")
MOST_MESSAGES = 1000
Check = Callable[[Any], bool]


def number(low: float, high: float) -> Check:
    return lambda value: type(value) in (int, float) and low <= value <= high


def whole(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


def boolean(value: Any) -> bool:
    return isinstance(value, bool)


def stops(value: Any) -> bool:
    several = value if isinstance(value, list) else [value]
    return len(several) <= 4 and all(isinstance(stop, str) and 0 < len(stop) <= 200 for stop in several)


def biases(value: Any) -> bool:
    right = number(-100, 100)
    if not isinstance(value, dict) or len(value) > 300:
        return False
    return all(token.isdigit() and right(bias) for token, bias in value.items())


def answer_format(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in ("text", "json_object", "json_schema")


def only(*allowed: Any) -> Check:
    return lambda value: any(value is one or (value == one and type(value) is type(one)) for one in allowed)


SAMPLING: Mapping[str, Check] = {
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "top_k": whole(0, 1000),
    "min_p": number(0, 1),
    "repeat_penalty": number(0.5, 2),
    "presence_penalty": number(-2, 2),
    "frequency_penalty": number(-2, 2),
    "seed": whole(-(2**31), 2**32 - 1),
    "stop": stops,
    "logit_bias": biases,
}
CHAT: Mapping[str, Check] = {
    **SAMPLING,
    "response_format": answer_format,
    "logprobs": boolean,
    "top_logprobs": whole(0, 20),
}
TEXT: Mapping[str, Check] = {**SAMPLING, "logprobs": whole(0, 5)}
READ_HERE: Mapping[str, Check] = {
    "model": lambda value: isinstance(value, str),
    "stream": boolean,
    "stream_options": lambda value: isinstance(value, dict) and boolean(value.get("include_usage", False)),
    "max_tokens": whole(1, 10**6),
    "max_completion_tokens": whole(1, 10**6),
    "n": only(1),
    "best_of": only(1),
    "echo": only(False),
    "tool_choice": only("none"),
    "tools": only([]),
}
# Asked of a hosted service; they change nothing here.
IGNORED = {"user", "store", "metadata", "service_tier", "safety_identifier", "prompt_cache_key"}
WHY = {
    "n": "One answer a request: ask again for another.",
    "best_of": "One answer a request: ask again for another.",
    "echo": "The prompt is not repeated in the answer.",
    "tools": "The models here do not call tools.",
    "tool_choice": "The models here do not call tools.",
    "functions": "The models here do not call functions.",
    "max_tokens": "It must be a whole number above 0.",
    "max_completion_tokens": "It must be a whole number above 0.",
}


@dataclass
class Asked:
    """A valid request. In tokens, `prompt_most` is never too low and `prompt_likely` about right."""

    chat: bool
    payload: Json
    stream: bool
    wants_usage: bool
    max_tokens: int
    prompt_most: int
    prompt_likely: int


def read_body(body: bytes) -> Json:
    try:
        asked = json.loads(body, parse_constant=lambda name: [])
    except (ValueError, RecursionError) as error:
        raise ApiError(400, _("The body is not valid JSON.")) from error
    if not isinstance(asked, dict):
        raise ApiError(400, _("The body must be a JSON object."))
    model = asked.get("model")
    if not isinstance(model, str) or not model:
        raise wrong("model", _("Name the model to ask: see /v1/models."))
    return asked


def wrong(name: str, message: str) -> ApiError:
    return ApiError(400, _("Invalid “%(name)s”: %(why)s") % {"name": name, "why": message}, param=name)


def read_asked(asked: Json, deployment: Deployment, *, chat: bool) -> Asked:
    """The request, or an ApiError that names the first parameter that is wrong."""
    asked = {name: value for name, value in asked.items() if value is not None and name not in IGNORED}
    content = asked.pop("messages" if chat else "prompt", None)
    payload: Json = {"messages": read_messages(content)} if chat else {"prompt": read_prompt(content)}
    passed = CHAT if chat else TEXT
    for name, value in asked.items():
        check = READ_HERE.get(name) or passed.get(name)
        if check is None:
            if name in WHY:
                raise wrong(name, _(WHY[name]))
            raise ApiError(
                400,
                _("Unknown parameter “%(name)s”.") % {"name": name[:80]},
                param=name[:80],
                code="unknown_parameter",
            )
        if not check(value):
            raise wrong(name, _(WHY.get(name, "The value is of the wrong kind or out of range.")))
        if name in passed:
            payload[name] = value
    return estimated(asked, payload, deployment, chat=chat)


def estimated(asked: Json, payload: Json, deployment: Deployment, *, chat: bool) -> Asked:
    context = deployment.context_tokens
    # A byte is at most one token; a message adds a few for its role, and a template some of its own.
    try:
        text = len(json.dumps(payload, ensure_ascii=False).encode())
    except UnicodeEncodeError as error:  # half of a surrogate pair, which JSON can spell
        raise ApiError(400, _("The text holds a character that is not one.")) from error
    around = 64 + 8 * len(payload.get("messages", ()))
    limit = asked.get("max_completion_tokens") or asked.get("max_tokens") or context
    return Asked(
        chat=chat,
        payload=payload,
        stream=asked.get("stream", False),
        wants_usage=asked.get("stream_options", {}).get("include_usage", False),
        max_tokens=min(limit, context),
        prompt_most=min(text + around, context),
        prompt_likely=min(text // 4 + around // 2, context),
    )


def read_messages(value: Any) -> list[Json]:
    if not isinstance(value, list) or not value or len(value) > MOST_MESSAGES:
        raise wrong("messages", _("Give a list of one or more messages."))
    return [read_message(message, number) for number, message in enumerate(value)]


def read_message(message: Any, number: int) -> Json:
    where = f"messages[{number}]"
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        roles = _("A message has a role: %(roles)s.") % {"roles": ", ".join(ROLES)}
        raise wrong(f"{where}.role", roles)
    content = message.get("content")
    if isinstance(content, list):
        if not all(isinstance(part, dict) and part.get("type") == "text" for part in content):
            raise wrong(f"{where}.content", _("The models here read text only."))
        content = "".join(str(part.get("text", "")) for part in content)
    if not isinstance(content, str):
        raise wrong(f"{where}.content", _("A message has text as its content."))
    role = "system" if message["role"] == "developer" else message["role"]
    return {"role": role, "content": content}


def read_prompt(value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str) or not value:
        raise wrong("prompt", _("Give one prompt, as text."))
    return value
