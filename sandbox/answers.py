"""OpenAI's shapes: errors, models, and answers put together from the pieces a model server streams."""

import json
from typing import Any

from sandbox.models import Deployment

Json = dict[str, Any]


class ApiError(Exception):
    """What a client is told instead of an answer. `retry` says whether asking again can help."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        kind: str = "invalid_request_error",
        param: str | None = None,
        retry: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = str(message)
        self.code = code
        self.kind = kind
        self.param = param
        self.retry = retry

    def as_json(self) -> Json:
        told = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return {"error": told}

    def headers(self) -> list[tuple[bytes, bytes]]:
        """OpenAI's own clients read both, and otherwise try every 429 and 5xx again."""
        if self.retry is not None:
            return [(b"retry-after", b"%d" % self.retry), (b"x-should-retry", b"true")]
        return [(b"x-should-retry", b"false")] if self.status == 429 else []


def unavailable(message: str, *, status: int = 503, code: str = "service_unavailable") -> ApiError:
    return ApiError(status, message, kind="server_error", code=code)


def dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def as_event(value: Any) -> bytes:
    return b"data: " + dump(value) + b"\n\n"


def as_model(deployment: Deployment) -> Json:
    """An entry of /v1/models, with the published rate beside what OpenAI's shape asks for."""
    return {
        "id": deployment.name,
        "object": "model",
        "created": int(deployment.created_at.timestamp()),
        "owned_by": "mission",
        "context_length": deployment.context_tokens,
        "gpu_ms_per_1000_tokens": {
            "prompt": deployment.prompt_ms_per_ktoken,
            "completion": deployment.completion_ms_per_ktoken,
        },
    }


class Tally:
    """Tokens so far, from whatever the engine tells along the way; exact once `usage` has come."""

    def __init__(self) -> None:
        self.prompt = 0
        self.completion = 0
        self.usage: Json | None = None

    def read(self, event: Json) -> None:
        usage = event.get("usage")
        timings = event.get("timings")
        progress = event.get("prompt_progress")
        if usage:  # in the last chunk; in every chunk where the engine was asked for it
            self.usage = usage
            self.prompt = int(usage.get("prompt_tokens") or 0)
            self.completion = int(usage.get("completion_tokens") or 0)
        elif timings:
            self.prompt = max(self.prompt, int(timings["cache_n"]) + int(timings["prompt_n"]))
            self.completion = max(self.completion, int(timings["predicted_n"]))
        elif said_something(event):
            self.completion += 1
        if progress:
            self.prompt = max(self.prompt, int(progress["processed"]))


def said_something(event: Json) -> bool:
    choice = (event.get("choices") or [{}])[0]
    return bool(choice.get("text") or (choice.get("delta") or {}).get("content"))


def public_chunk(event: Json, request_id: str, model: str) -> Json | None:
    """A chunk as the client sees it: our names, none of the engine's counters. None: not for the client."""
    if "prompt_progress" in event or not event.get("choices"):
        return None
    for own in ("timings", "usage"):
        event.pop(own, None)
    event["id"] = request_id
    event["model"] = model
    return event


def usage_chunk(last: Json, usage: Json) -> Json:
    """The chunk after the last one, for clients that asked for it."""
    kept: Json = {name: last[name] for name in ("id", "object", "created", "model") if name in last}
    return {**kept, "choices": [], "usage": usage}


class Whole:
    """One answer put together from chunks, for a client that did not ask for a stream."""

    def __init__(self, *, chat: bool) -> None:
        self.chat = chat
        self.text: list[str] = []
        self.reasoning: list[str] = []
        self.logprobs: Any = None
        self.finish_reason: str | None = None
        self.last: Json = {}

    def add(self, chunk: Json) -> None:
        self.last = chunk
        choice = chunk["choices"][0]
        said = choice.get("delta") or {} if self.chat else {"content": choice.get("text")}
        self.text.append(said.get("content") or "")
        self.reasoning.append(said.get("reasoning_content") or "")
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        self.logprobs = joined(self.logprobs, choice.get("logprobs"))

    def answer(self, usage: Json | None) -> Json:
        choice: Json = {"index": 0, "finish_reason": self.finish_reason, "logprobs": self.logprobs}
        if self.chat:
            choice["message"] = {"role": "assistant", "content": "".join(self.text), "refusal": None}
            if any(self.reasoning):
                choice["message"]["reasoning_content"] = "".join(self.reasoning)
        else:
            choice["text"] = "".join(self.text)
        kept: Json = {name: self.last[name] for name in ("id", "created", "model") if name in self.last}
        kind = "chat.completion" if self.chat else "text_completion"
        return {**kept, "object": kind, "choices": [choice], "usage": usage}


def joined(one: Any, other: Any) -> Any:
    """Log-probabilities come in pieces: objects of lists, joined list by list."""
    if not one or not other:
        return one or other
    return {
        name: (one.get(name) or []) + (other.get(name) or [])
        if isinstance(one.get(name) or other.get(name), list)
        else one.get(name)
        for name in {**one, **other}
    }
