"""What the gateway makes of a model server that misbehaves. A real server, playing tricks."""

import time

import openai
import pytest
from django.conf import settings as django_settings

from sandbox import upstream
from sandbox.models import Usage, UsageStatus
from tests.sandbox.server import Asked, misbehaving, word
from tests.sandbox.world import ASK, MODEL, Grantee, soon


def chat(client: openai.OpenAI, *, stream: bool = False) -> object:
    answer = client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=8, stream=stream)
    return list(answer) if stream else answer


def test_no_model_server_is_503_and_costs_nothing(
    client: openai.OpenAI, asha: Grantee, settings: django_settings
):
    settings.LLM_URL = "http://127.0.0.1:9"
    for stream in (False, True):
        with pytest.raises(openai.InternalServerError, match="cannot be reached") as refused:
            chat(client, stream=stream)
        assert (refused.value.status_code, refused.value.code) == (503, "service_unavailable")
    assert (Usage.objects.count(), asha.used()) == (0, 0)


def test_a_kept_connection_that_was_closed_is_tried_once_more(
    client: openai.OpenAI, settings: django_settings
):
    def close_every_second(asked: Asked) -> None:
        if len(asked.server.asked) == 2:
            asked.close_connection = True  # not a byte
        else:
            asked.answer(3)

    with misbehaving(close_every_second) as server:
        settings.LLM_URL = server.url
        chat(client)
        chat(client)
        assert len(server.asked) == 3
    assert Usage.objects.count() == 2


def test_a_server_that_never_says_a_byte_is_503_after_one_more_try(
    client: openai.OpenAI, settings: django_settings
):
    def close(asked: Asked) -> None:
        asked.close_connection = True

    with misbehaving(close) as server:
        settings.LLM_URL = server.url
        with pytest.raises(openai.InternalServerError) as refused:
            chat(client)
        assert (refused.value.status_code, len(server.asked)) == (503, 2)
    assert Usage.objects.count() == 0


def test_what_was_written_before_it_broke_off_is_charged(
    client: openai.OpenAI, asha: Grantee, settings: django_settings
):
    def break_off(asked: Asked) -> None:
        asked.begin()
        for _word in range(5):
            asked.say(word())
        asked.close_connection = True

    with misbehaving(break_off) as server:
        settings.LLM_URL = server.url
        with pytest.raises(openai.APIError, match="broke off") as told:
            chat(client, stream=True)
        assert told.value.code == "broken_off"
        with pytest.raises(openai.InternalServerError, match="broke off") as refused:
            chat(client)
        assert refused.value.status_code == 502
    broken = list(Usage.objects.values_list("status", "completion_tokens", "gpu_ms"))
    assert broken == [(UsageStatus.BROKEN, 5, 5), (UsageStatus.BROKEN, 5, 5)]
    assert asha.used() == 10


def test_an_error_in_the_middle_of_a_stream_ends_it(client: openai.OpenAI, settings: django_settings):
    def fail(asked: Asked) -> None:
        asked.begin()
        asked.say(word())
        asked.say({"error": {"message": "out of memory at /srv/models", "code": 500}})
        asked.end()

    with misbehaving(fail) as server:
        settings.LLM_URL = server.url
        with pytest.raises(openai.APIError) as told:
            chat(client, stream=True)
    assert "/srv" not in str(told.value)
    assert Usage.objects.get().completion_tokens == 1


def test_silence_is_504(client: openai.OpenAI, settings: django_settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(upstream, "SILENCE_SECONDS", 0.3)
    from sandbox import running

    def wait(asked: Asked) -> None:
        time.sleep(1.5)

    with misbehaving(wait) as server:
        settings.LLM_URL = server.url
        monkeypatch.setattr(running, "_running", {})  # with the shorter patience
        with pytest.raises(openai.InternalServerError, match="too long") as refused:
            chat(client)
    assert (refused.value.status_code, refused.value.code) == (504, "timeout")
    assert Usage.objects.count() == 0


def test_its_own_troubles_are_not_passed_on(client: openai.OpenAI, settings: django_settings):
    with misbehaving(lambda asked: asked.refuse(500, {"message": "segfault in /srv/llm"})) as server:
        settings.LLM_URL = server.url
        with pytest.raises(openai.InternalServerError) as refused:
            chat(client)
    assert refused.value.status_code == 503
    assert "segfault" not in str(refused.value)


def test_only_what_was_checked_is_sent_on_and_counts_are_always_asked_for(
    client: openai.OpenAI, settings: django_settings
):
    with misbehaving(lambda asked: asked.answer(2)) as server:
        settings.LLM_URL = server.url
        client.chat.completions.create(
            model=MODEL, messages=ASK, max_completion_tokens=5, user="me", temperature=0.5
        )
        (sent,) = server.asked
    assert sent == {
        "model": MODEL,
        "messages": ASK,
        "max_tokens": 5,
        "temperature": 0.5,
        "stream": True,
        "stream_options": {"include_usage": True},
        "timings_per_token": True,
        "return_progress": True,
    }
    assert soon(Usage.objects.exists)
