"""The official `openai` client against the gateway, with the real model behind it."""

import openai
import pytest

from grants.actions.compute import draw
from grants.models import Draw
from sandbox.actions.keys import revoke_key
from sandbox.models import Usage, UsageStatus
from tests.sandbox.world import ASK, MODEL, Grantee, grantee, model


def test_models_are_listed_with_their_rate(client: openai.OpenAI):
    (only,) = client.models.list().data
    assert (only.id, only.object, only.owned_by) == (MODEL, "model", "mission")
    assert client.models.retrieve(MODEL).gpu_ms_per_1000_tokens == {"prompt": 100, "completion": 1000}


def test_a_chat_is_answered_and_metered_once(client: openai.OpenAI, asha: Grantee):
    answer = client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=8, temperature=0)
    assert answer.object == "chat.completion"
    assert answer.model == MODEL
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 8
    usage = Usage.objects.get()
    assert (usage.prompt_tokens, usage.completion_tokens) == (answer.usage.prompt_tokens, 8)
    assert usage.gpu_ms == -(-(usage.prompt_tokens * 100 + 8 * 1000) // 1000)
    assert (usage.status, usage.key, usage.lot) == (UsageStatus.DONE, asha.key, asha.lot)
    assert asha.used() == usage.gpu_ms == Draw.objects.get().gpu_ms
    asha.key.refresh_from_db()
    assert asha.key.last_used_at is not None


def test_a_stream_says_the_same_as_the_whole_answer(client: openai.OpenAI, asha: Grantee):
    whole = client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=12, temperature=0, seed=1)
    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=ASK, max_tokens=12, temperature=0, seed=1, stream=True
        )
    )
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert said == whole.choices[0].message.content
    assert len(chunks) > 8
    assert {chunk.model for chunk in chunks} == {MODEL}
    assert len({chunk.id for chunk in chunks}) == 1
    assert [usage.completion_tokens for usage in Usage.objects.all()] == [12, 12]
    assert asha.used() == sum(Usage.objects.values_list("gpu_ms", flat=True))


def test_the_usage_chunk_comes_only_when_asked_for(client: openai.OpenAI):
    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=ASK, max_tokens=4, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 4
    assert [chunk for chunk in chunks if chunk.usage] == [chunks[-1]]


def test_completions_whole_and_streamed(client: openai.OpenAI):
    whole = client.completions.create(model=MODEL, prompt="The Ganges is", max_tokens=6, temperature=0)
    assert (whole.object, whole.usage.completion_tokens) == ("text_completion", 6)
    chunks = client.completions.create(
        model=MODEL,
        prompt="The Ganges is",
        max_tokens=6,
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    told = list(chunks)
    assert "".join(chunk.choices[0].text for chunk in told if chunk.choices) == whole.choices[0].text
    assert told[-1].usage.completion_tokens == 6


def test_log_probabilities_and_json_come_through(client: openai.OpenAI):
    answer = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Give a JSON object with the key city."}],
        max_tokens=40,
        logprobs=True,
        top_logprobs=2,
        response_format={"type": "json_object"},
    )
    assert answer.choices[0].message.content.lstrip().startswith("{")
    logprobs = answer.choices[0].logprobs.content
    assert len(logprobs) >= 2
    assert len(logprobs[0].top_logprobs) == 2


@pytest.mark.parametrize("secret", ["osai_12345678_" + "x" * 43, "sk-something", "x", "osai_12345678_short"])
def test_a_wrong_key_is_401(gateway: str, asha: Grantee, secret: str):
    with (
        openai.OpenAI(base_url=f"{gateway}/v1", api_key=secret, max_retries=0) as other,
        pytest.raises(openai.AuthenticationError) as refused,
    ):
        other.models.list()
    assert refused.value.code == "invalid_api_key"
    assert Usage.objects.count() == 0


def test_a_revoked_key_opens_nothing_from_the_next_request_on(client: openai.OpenAI, asha: Grantee):
    client.models.list()
    revoke_key(actor=asha.user, key=asha.key)
    with pytest.raises(openai.AuthenticationError) as refused:
        client.chat.completions.create(model=MODEL, messages=ASK)
    assert refused.value.code == "invalid_api_key"


def test_an_unknown_model_is_404(client: openai.OpenAI):
    with pytest.raises(openai.NotFoundError) as refused:
        client.chat.completions.create(model="gpt-4", messages=ASK)
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4")
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model=MODEL, input="x")


def test_a_spent_lot_is_429_insufficient_quota_with_a_sentence(client: openai.OpenAI, asha: Grantee):
    from django.utils import timezone

    draw(
        actor=None,
        lot_id=asha.lot.pk,
        external_id="job-1",
        day=timezone.localdate(),
        gpu_ms=asha.lot.granted_ms,
    )
    with pytest.raises(openai.RateLimitError) as refused:
        client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=4)
    assert refused.value.code == "insufficient_quota"
    assert "is spent: 0 GPU-hours are left" in refused.value.message
    assert refused.value.response.headers["x-should-retry"] == "false"
    assert Usage.objects.count() == 0


@pytest.mark.parametrize(
    ("opens", "expires", "says"), [(-30, -1, "expired on"), (2, 30, "opens on")], ids=["expired", "to come"]
)
def test_a_lot_that_is_not_open_is_429_insufficient_quota(gateway: str, opens: int, expires: int, says: str):
    someone = grantee("ravi", opens=opens, expires=expires)
    with (
        openai.OpenAI(base_url=f"{gateway}/v1", api_key=someone.secret, max_retries=0) as client,
        pytest.raises(openai.RateLimitError, match=says) as refused,
    ):
        client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=4)
    assert refused.value.code == "insufficient_quota"


def test_a_lot_of_one_gpu_millisecond_buys_nothing(gateway: str):
    someone = grantee("ravi", granted_ms=1)
    with (
        openai.OpenAI(base_url=f"{gateway}/v1", api_key=someone.secret, max_retries=0) as client,
        pytest.raises(openai.RateLimitError, match="1 GPU-milliseconds") as refused,
    ):
        client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=4)
    assert refused.value.code == "insufficient_quota"


def test_a_small_lot_can_be_spent_to_the_end(gateway: str):
    model(prompt_ms_per_ktoken=0)
    someone = grantee("ravi", granted_ms=25)
    model(prompt_ms_per_ktoken=0)
    lengths = []
    with openai.OpenAI(base_url=f"{gateway}/v1", api_key=someone.secret, max_retries=0) as client:
        for _again in range(3):
            answer = client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=10, seed=3)
            lengths.append(answer.usage.completion_tokens)
        with pytest.raises(openai.RateLimitError, match="is spent"):
            client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=10)
    assert sum(lengths) == someone.used() == 25


@pytest.mark.parametrize(
    ("changed", "param"),
    [
        ({"n": 2}, "n"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": [], "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"temperature": 9}, "temperature"),
        ({"stream": "yes"}, "stream"),
        ({"tools": [{"type": "function"}]}, "tools"),
        ({"cache_prompt": False}, "cache_prompt"),
        ({"response_format": {"type": {}}}, "response_format"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(client: openai.OpenAI, changed: dict, param: str):
    body = {"model": MODEL, "messages": ASK, **changed}
    with pytest.raises(openai.BadRequestError) as refused:
        client.post("/chat/completions", body=body, cast_to=object)
    assert (refused.value.type, refused.value.param) == ("invalid_request_error", param)
    assert Usage.objects.count() == 0


def test_too_long_a_conversation_is_refused_and_costs_nothing(client: openai.OpenAI, asha: Grantee):
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "river " * 4000}])
    assert refused.value.code == "context_length_exceeded"
    assert asha.used() == 0
