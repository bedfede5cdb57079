"""What goes wrong on the Hub: renames, transfers, reused names, what vanishes, limits, and broken answers."""

import datetime
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from contributions.actions.artifacts import GONE_AFTER
from contributions.actions.sources import hurry
from contributions.models import Account, Artifact, ArtifactLink, Contribution, Source
from tests.local_huggingface import Fault, Limit, LocalHub, modify, repo, weights

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[str], Source]
DAY = 86_400


@pytest.fixture
def hub(settings: LazySettings) -> Iterator[LocalHub]:
    models = [
        repo(f"sarvam/m{number}", created=f"2026-01-0{number + 1}T00:00:00.000Z", files=weights(f"w{number}"))
        for number in range(5)
    ]
    with LocalHub(models, datasets=[repo("sarvam/d")], page_cap=2, limit=5000) as server:
        settings.HF_ENDPOINT, settings.OUTSIDE_TIMEOUT = server.url, 2
        yield server


def again(look: Look, name: str = "sarvam", *, hub: LocalHub | None = None) -> Source:
    """Look once more; with `hub`, a day later by its clock."""
    if hub:
        hub.clock_ahead += DAY
    source = Source.objects.get(name=name)
    hurry(source=source)
    look(f"huggingface:{name}")
    source.refresh_from_db()
    return source


def days_pass() -> None:
    Artifact.objects.exclude(missing_since=None).update(
        missing_since=timezone.now() - GONE_AFTER - datetime.timedelta(hours=1)
    )


def test_a_renamed_model_keeps_its_row_its_history_and_its_old_name(hub: LocalHub, look: Look) -> None:
    look("huggingface:sarvam")
    before = Artifact.objects.get(name="sarvam/m1")
    hub.rename("sarvam/m1", "sarvam/new")
    again(look, hub=hub)
    after = Artifact.objects.get(name="sarvam/new")
    assert (after.pk, after.readings.count()) == (before.pk, 2)
    assert list(after.aliases.values_list("name", flat=True)) == ["sarvam/m1"]
    assert Contribution.objects.filter(artifact=after).count() == 1


def test_a_transferred_model_is_followed_and_its_publisher_stays(hub: LocalHub, look: Look) -> None:
    look("huggingface:sarvam")
    before = Artifact.objects.get(name="sarvam/m1")
    hub.rename("sarvam/m1", "elsewhere/m1")
    again(look, hub=hub)
    after = Artifact.objects.get(pk=before.pk)
    assert after.name == "elsewhere/m1"
    assert after.owner is not None
    assert after.owner.login == "elsewhere"
    assert (after.gone_at, after.missing_since) == (None, None)
    assert list(after.aliases.values_list("name", flat=True)) == ["sarvam/m1"]
    act = Contribution.objects.get(artifact=after)
    assert act.account is not None
    assert act.account.login == "sarvam", "who published it is what was true then"


def test_a_reused_name_is_another_artefact(hub: LocalHub, look: Look) -> None:
    hub.models.append(repo("other/child", tags=["base_model:finetune:sarvam/m1"]))
    look("huggingface:sarvam")
    look("huggingface:other")
    first = Artifact.objects.get(name="sarvam/m1")
    hub.remove("sarvam/m1")
    hub.models.append(repo("sarvam/m1", created="2026-06-01T00:00:00.000Z", files=weights("new")))
    again(look, hub=hub)
    assert Artifact.objects.filter(name="sarvam/m1").count() == 2
    days_pass()
    again(look, hub=hub)
    first.refresh_from_db()
    second = Artifact.objects.get(name="sarvam/m1", gone_at=None)
    assert first.gone_at is not None
    assert second.pk != first.pk
    assert ArtifactLink.objects.get(child__name="other/child").parent == first, "built on what was there then"


def test_a_renamed_account_keeps_everything_it_published(hub: LocalHub, look: Look) -> None:
    look("huggingface:sarvam")
    rows = set(Artifact.objects.values_list("pk", flat=True))
    hub.rename_account("sarvam", "sarvam-ai")
    source = again(look, hub=hub)
    assert (source.name, source.trouble) == ("sarvam-ai", "")
    account = Account.objects.get()
    assert account.login == "sarvam-ai"
    assert list(account.aliases.values_list("login", flat=True)) == ["sarvam"]
    assert set(Artifact.objects.filter(name__startswith="sarvam-ai/").values_list("pk", flat=True)) == rows


def test_a_name_that_passed_to_another_account_is_not_taken_for_ours(hub: LocalHub, look: Look) -> None:
    look("huggingface:sarvam")
    hub.models[:] = [repo("sarvam/theirs")]
    hub.kept["datasets"].clear()
    hub.account_ids["sarvam"] = "another"
    assert "another account" in again(look, hub=hub).trouble
    assert not Artifact.objects.filter(name="sarvam/theirs").exists()
    assert Artifact.objects.there().count() == 6


def test_what_is_in_no_list_is_gone_after_days_and_there_again_when_listed(hub: LocalHub, look: Look) -> None:
    look("huggingface:sarvam")
    one = hub.remove("sarvam/m1")
    again(look, hub=hub)
    row = Artifact.objects.get(name="sarvam/m1")
    assert (row.gone_at, row.missing_since is None) == (None, False), "it may be private for an hour"
    again(look, hub=hub)
    row.refresh_from_db()
    assert row.gone_at is None
    days_pass()
    again(look, hub=hub)
    row.refresh_from_db()
    assert row.gone_at is not None
    assert row.contributions.count() == 1, "what was done stays done"
    hub.models.append(one)
    again(look, hub=hub)
    row.refresh_from_db()
    assert (row.gone_at, row.missing_since) == (None, None)
    assert Artifact.objects.count() == 6


@pytest.mark.parametrize("how", ["law", True])
def test_what_the_hub_disables_is_gone_at_once(hub: LocalHub, look: Look, how: object) -> None:
    look("huggingface:sarvam")
    hub.one("sarvam/m1")["disabled"] = how
    assert again(look, hub=hub).trouble == ""
    assert Artifact.objects.get(name="sarvam/m1").gone_at is not None
    assert Artifact.objects.there().count() == 5


def test_taken_down_between_the_list_and_its_files(hub: LocalHub, look: Look) -> None:
    hub.faults.append(Fault("451", "/api/models/sarvam/m3?blobs"))
    assert look("huggingface:sarvam").trouble == ""
    assert Artifact.objects.get(name="sarvam/m3").gone_at is not None
    assert Artifact.objects.exclude(fingerprint="").count() == 4


def test_a_gated_model_comes_in_without_files_and_is_not_asked_again(hub: LocalHub, look: Look) -> None:
    hub.one("sarvam/m1")["gated"] = "auto"
    assert look("huggingface:sarvam").trouble == ""
    row = Artifact.objects.get(name="sarvam/m1")
    assert (row.gated, row.files, row.fingerprint) == (True, [], "")
    hub.asked.clear()
    again(look)
    assert not [path for path in hub.asked if "blobs" in path]
    modify(hub.one("sarvam/m1"), "2026-05-01T00:00:00.000Z", gated=False)
    again(look)
    row.refresh_from_db()
    assert (row.gated, len(row.files)) == (False, 2)


@pytest.mark.parametrize(
    ("limit", "wait"),
    [(Limit(after=30), 30), (Limit(after=30, as_date=True), 30), (Limit(reset=40), 40), (Limit(), 60)],
    ids=["Retry-After", "a date by a clock that differs", "RateLimit", "no word"],
)
def test_a_limit_is_obeyed_as_long_as_it_was_told(hub: LocalHub, look: Look, limit: Limit, wait: int) -> None:
    hub.clock_ahead = 7 * DAY
    hub.limited = [limit]
    source = look("huggingface:sarvam")
    assert source.due_at is not None
    assert wait - 5 < (source.due_at - timezone.now()).total_seconds() <= wait
    assert "Asked to wait until" in source.trouble
    asked = len(hub.asked)
    again(look)
    assert len(hub.asked) == asked, "nobody asks before the time"


def test_after_a_limit_it_goes_on_where_it_stood(hub: LocalHub, look: Look) -> None:
    hub.faults.append(Fault("502", "cursor=2"))
    look("huggingface:sarvam")
    hub.limited = [Limit(after=1)]
    again(look)
    assert Artifact.objects.count() == 2, "two pages were read"
    time.sleep(2.1)
    hub.asked.clear()
    assert again(look).trouble == ""
    assert "cursor=2" in hub.asked[0], "it goes on, and asks nothing twice"
    assert Artifact.objects.count() == 6


@pytest.mark.parametrize(
    ("what", "where", "says"),
    [
        ("cut", "/api/models?", "did not answer"),
        ("broken", "/api/models?", "cut off"),
        ("502", "/api/datasets?", "502"),
        ("slow", "/api/spaces?", "did not answer"),
        ("odd", "/api/models?", "something else"),
        ("odd", "/overview", "something else"),
        ("again", "cursor=2", "same page again"),
        ("again", "/api/datasets?", "same page again"),
    ],
)
def test_a_broken_answer_is_asked_again_and_nothing_is_lost_or_doubled(
    hub: LocalHub, look: Look, what: str, where: str, says: str
) -> None:
    hub.faults.append(Fault(what, where))
    assert says in look("huggingface:sarvam").trouble
    source = again(look)
    assert (source.trouble, source.cursor) == ("", {})
    assert sorted(Artifact.objects.values_list("name", flat=True)) == [
        "sarvam/d", *(f"sarvam/m{number}" for number in range(5))]  # fmt: skip
    assert Contribution.objects.count() == 6


def test_files_that_fail_do_not_keep_the_others_from_being_asked(hub: LocalHub, look: Look) -> None:
    hub.faults = [Fault("502", "/api/models/sarvam/m1?blobs"), Fault("cut", "/api/models/sarvam/m2?blobs")]
    assert look("huggingface:sarvam").trouble == ""
    assert Artifact.objects.of_kind("model").exclude(fingerprint="").count() == 3
    again(look)
    assert Artifact.objects.of_kind("model").exclude(fingerprint="").count() == 5


def test_another_host_is_not_followed(hub: LocalHub, look: Look, settings: LazySettings) -> None:
    other = hub.url.replace("127.0.0.1", "localhost")
    settings.HF_ENDPOINT = other
    assert "another host" in look("huggingface:sarvam").trouble


FAULTS = st.builds(
    Fault,
    st.sampled_from(["cut", "broken", "502", "odd", "again"]),
    st.sampled_from(["/overview", "/api/models?", "/api/datasets?", "/api/spaces?", "cursor=", "blobs"]),
)


@with_settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FAULTS, max_size=4))
def test_every_row_arrives_once_in_any_order_of_faults(
    hub: LocalHub, look: Look, faults: list[Fault]
) -> None:
    for table in (Contribution, ArtifactLink, Artifact, Source, Account):
        table.objects.all().delete()  # type: ignore[attr-defined]
    hub.faults = list(faults)
    trouble = look("huggingface:sarvam").trouble
    for _attempt in range(len(faults)):
        trouble = again(look).trouble if trouble else ""
    hub.faults.clear()
    hub.clock_ahead += DAY
    assert again(look).trouble == ""
    assert sorted(Contribution.objects.values_list("artifact__name", flat=True)) == [
        "sarvam/d", *(f"sarvam/m{number}" for number in range(5))]  # fmt: skip
    assert Artifact.objects.count() == 6
    assert Artifact.objects.exclude(fingerprint="").count() == 5
