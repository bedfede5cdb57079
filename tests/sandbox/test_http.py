"""The gateway's HTTP, byte by byte, without a client that means well."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as django_settings

from sandbox.answers import ApiError
from sandbox.parameters import read_asked, read_body
from tests.sandbox.world import MODEL, Grantee, model


def ask(
    gateway: str, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, Any]:
    connection = http.client.HTTPConnection(urlsplit(gateway).netloc, timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    return answer.status, answer.headers, json.loads(told)


def bearer(who: Grantee) -> dict[str, str]:
    return {"Authorization": f"Bearer {who.secret}"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/v1/chat/completions", b"{", 400, None),
        ("POST", "/v1/chat/completions", b"[]", 400, None),
        ("POST", "/v1/chat/completions", b"[" * 200_000, 400, None),
        ("POST", "/v1/chat/completions", b"\xff\xfe", 400, None),
        ("POST", "/v1/chat/completions", b"", 400, None),
        ("POST", "/v1/chat/completions", b" " * 1_048_577, 413, "request_too_large"),
        ("GET", "/v1/chat/completions", None, 405, "method_not_allowed"),
        ("OPTIONS", "/v1/chat/completions", None, 405, "method_not_allowed"),
        ("GET", "/v1/nothing", None, 404, "unknown_url"),
        ("GET", "/v1/models/../../admin", None, 404, "model_not_found"),
    ],
)
def test_every_refusal_has_openais_shape(
    gateway: str, asha: Grantee, method: str, path: str, body: bytes | None, status: int, code: str | None
):
    found, headers, told = ask(gateway, method, path, body, **bearer(asha))
    assert found == status
    assert set(told["error"]) == {"message", "type", "param", "code"}
    assert (told["error"]["type"], told["error"]["code"]) == ("invalid_request_error", code)
    assert told["error"]["message"]
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Request-Id"].startswith("req_")
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer \xe9", "bearer x" + "y" * 5000]
)
def test_a_strange_authorization_is_401(gateway: str, header: str):
    status, _headers, told = ask(gateway, "GET", "/v1/models", Authorization=header)
    assert (status, told["error"]["code"]) == (401, "invalid_api_key")
    assert "y" * 100 not in told["error"]["message"]


def test_half_a_surrogate_pair_is_refused(gateway: str, asha: Grantee):
    body = b'{"model": "%s", "messages": [{"role": "user", "content": "\\ud800"}]}' % MODEL.encode()
    status, _headers, told = ask(gateway, "POST", "/v1/chat/completions", body, **bearer(asha))
    assert (status, told["error"]["type"]) == (400, "invalid_request_error")


def test_without_redis_it_is_503_in_openais_shape(
    gateway: str, asha: Grantee, settings: django_settings, monkeypatch: pytest.MonkeyPatch
):
    from sandbox import running

    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(running, "_running", {})
    status, _headers, told = ask(gateway, "GET", "/v1/models", **bearer(asha))
    assert (status, told["error"]["code"]) == (503, "service_unavailable")
    assert "127.0.0.1" not in told["error"]["message"]


def test_nothing_of_a_conversation_is_left_in_redis(gateway: str, asha: Grantee, settings: django_settings):
    said = "a very particular sentence about rivers"
    body = {"model": MODEL, "messages": [{"role": "user", "content": said}], "max_tokens": 4}
    status, _headers, _told = ask(
        gateway, "POST", "/v1/chat/completions", json.dumps(body).encode(), **bearer(asha)
    )
    assert status == 200
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        kept = b"".join(store.dump(key) or b"" for key in store.scan_iter())
    assert b"particular" not in kept
    assert asha.secret.encode() not in kept


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "!" * 700,
        "नदी " * 60,
        "🜁🜂" * 40,
        "".join(chr(code) for code in range(0x4E00, 0x4E00 + 300)),
        "\n\t \r" * 100,
        "<|im_start|>" * 40,
        "zqxj" * 150,
    ],
)
def test_the_estimate_of_a_prompt_is_never_too_low(gateway: str, asha: Grantee, text: str):
    messages = [{"role": "system", "content": text[:3]}, {"role": "user", "content": text}]
    body = {"model": MODEL, "messages": messages, "max_tokens": 1}
    estimate = read_asked(read_body(json.dumps(body).encode()), model(), chat=True)
    status, _headers, told = ask(
        gateway, "POST", "/v1/chat/completions", json.dumps(body).encode(), **bearer(asha)
    )
    assert status == 200
    assert told["usage"]["prompt_tokens"] <= estimate.prompt_most


@pytest.mark.django_db
def test_a_completion_takes_one_prompt_of_text():
    for prompt in (None, "", [], ["a", "b"], [1, 2], 7):
        with pytest.raises(ApiError) as refused:
            read_asked({"model": MODEL, "prompt": prompt}, model(), chat=False)
        assert refused.value.param == "prompt"
    assert read_asked({"model": MODEL, "prompt": ["a"]}, model(), chat=False).payload == {"prompt": "a"}
