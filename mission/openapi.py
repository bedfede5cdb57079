"""The schema at /api/schema/: parameters read off the filters, and the refusals every address may answer."""

from typing import Any

from django import forms
from drf_spectacular.utils import OpenApiParameter

REFUSALS = {
    "400": "The address cannot be read: for example a format that is none.",
    "404": "There is no such thing, or no such page.",
    "406": "The Accept header asks for something else than JSON.",
    "422": "A filter is wrong or unknown; `field` names it and `message` says what it can be.",
    "429": "More than the fair share was asked for; `Retry-After` says for how many seconds to wait.",
}
SIGNED_OUT = {"401": "Sign in first.", "403": "This is not open to you."}
LIMITS = {
    "RateLimit-Policy": (
        "string",
        'How much may be asked: "reads";q=600;w=300 is 600 requests in 300 seconds.',
    ),
    "RateLimit": ("string", 'What is left: "reads";r=12;t=60 is 12 requests in the next 60 seconds.'),
}
HEADERS = {
    **LIMITS,
    "ETag": (
        "string",
        "Send it back as If-None-Match: while nothing changed, 304 is answered and not counted.",
    ),
}


def parameters(kind: type[forms.Form]) -> list[OpenApiParameter]:
    """Of a list, from its filters."""
    return [_parameter(name, field) for name, field in kind.base_fields.items()]


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    schema: dict[str, Any] = {"type": "string"}
    if isinstance(field, forms.IntegerField):
        schema = {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    elif isinstance(field, forms.ChoiceField):
        schema["enum"] = [str(value) for value, _label in field.choices if value]  # type: ignore[union-attr, misc]
    elif pattern := getattr(field, "pattern", ""):
        schema["pattern"] = f"^(?:{pattern})$"
    elif isinstance(field, forms.CharField) and field.max_length:
        schema["maxLength"] = field.max_length
    return OpenApiParameter(name, schema, description=str(field.help_text))


def tell_refusals(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """A hook of drf-spectacular's: every operation names what else it may answer, and its headers."""
    result["components"]["schemas"]["Error"] = {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string", "description": "for programs"},
                    "message": {"type": "string", "description": "a sentence to act on"},
                    "field": {
                        "type": "string",
                        "nullable": True,
                        "description": "the parameter that is wrong, if one is",
                    },
                },
            }
        },
    }
    for path, operations in result["paths"].items():
        for operation in operations.values():
            _complete(path, operation)
    return result


def _complete(path: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    refusals = {**REFUSALS, **(SIGNED_OUT if path.startswith("/api/applications/") else {})}
    for status, words in refusals.items():
        answers.setdefault(
            status,
            {
                "description": words,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        )
    answers.setdefault("304", {"description": "Unchanged since the answer with this ETag."})
    for status, answer in answers.items():
        told = HEADERS if status in {"200", "304"} else LIMITS
        answer["headers"] = {
            name: {"schema": {"type": kind}, "description": words} for name, (kind, words) in told.items()
        }
    answers["429"]["headers"]["Retry-After"] = {
        "schema": {"type": "integer"},
        "description": "seconds",
    }
