"""Anyone contests a figure or a row; officers decide; what changes is dated, public and recomputed."""

import datetime
from typing import Any

import pytest
from django.core import mail

from contributions.actions.artifacts import register_artifact
from contributions.actions.attribution import affiliate
from contributions.actions.corrections import decide, file_correction, send_due_letters
from contributions.actions.identities import merge
from contributions.actions.rollups import recompute_stale
from contributions.correction_changes import (
    EndAffiliation,
    FixKind,
    MarkCopy,
    MarkOriginal,
    Merge,
    RecordAffiliation,
    RevokeAffiliation,
    Split,
)
from contributions.found import ArtifactKey, FoundArtifact
from contributions.models import Account, Affiliation, Artifact, Correction, Rollup
from contributions.models.contested import contested, in_words
from mission.errors import Refused
from mission.models import AuditEntry, Role, User
from tests.contributions.test_attribution import at, author, change, repository, self_declared
from tests.contributions.test_identities import at_once
from tests.world import nation, person

pytestmark = pytest.mark.django_db
SOURCE = "https://kaveri.example/team"


def officer(name: str = "officer") -> User:
    return person(name, Role.OFFICER)


def filed(about: str = "/nations/IN/", **more: Any) -> Correction:
    return file_correction(actor=None, about=about, text="It says 12, it should be 13.", **more)


def accepted(correction: Correction, *changes: Any, by: User | None = None) -> Correction:
    return decide(
        actor=by or officer(),
        correction=correction,
        accept=True,
        public_summary="You are right.",
        changes=changes,
    )


def test_what_is_contested_is_read_from_where_it_stands() -> None:
    nation("IN")
    asha, tools = author(), repository()
    figure = contested("/numbers/merged_change/in/2025-03/#rows")
    assert (figure.metric, str(figure.nation and figure.nation.pk)) == ("merged_change", "IN")
    assert figure.month == datetime.date(2025, 3, 1)
    assert contested("/numbers/merged_change/unknown/2025-03/").nation is None
    assert contested("/numbers/merged_change/IN/2025-13/").month is None
    assert contested(f"/commons/{tools.pk}/").artifact == tools
    assert contested(f"account:{asha.pk}").account == asha
    assert contested("account:999999").account is None
    for strange in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""):
        assert contested(strange).page == "/"


def test_words_about_what_is_contested_name_no_person() -> None:
    asha = author()
    belongs = self_declared(asha, "IN")
    for about in (f"account:{asha.pk}", f"affiliation:{belongs.pk}", f"contribution:{change(asha, 4).pk}"):
        words = in_words(contested(about))
        assert "asha" not in words
        assert "IN" not in words
    robot = author(2, "bot")
    assert "asha-2" in in_words(contested(f"account:{robot.pk}"))
    assert (
        in_words(contested("/numbers/merged_change/unknown/2025-03/"))
        == "Merged changes, Unknown, March 2025"
    )


def test_each_correction_has_the_next_reference_and_no_text_is_empty() -> None:
    first, second = filed(), filed("/compare/", email="ravi@example.org")
    year = first.filed_at.year
    assert (first.reference, second.reference) == (f"COR-{year}-0001", f"COR-{year}-0002")
    with pytest.raises(Refused, match="Say what is wrong"):
        file_correction(actor=None, about="/", text="  ")


def test_accepting_changes_the_rows_and_the_figures_follow() -> None:
    asha = author()
    change(asha, 3)
    wrong = self_declared(asha, "DE", datetime.date(2025, 1, 1))
    recompute_stale()
    assert not Rollup.objects.stale().exists()
    done = accepted(
        filed(f"affiliation:{wrong.pk}"),
        RevokeAffiliation(wrong),
        RecordAffiliation(asha, datetime.date(2025, 1, 1), None, "C", SOURCE, nation=nation("IN")),
    )
    stale = set(Rollup.objects.stale().values_list("nation", "metric"))
    assert {("DE", "merged_change"), ("IN", "merged_change")} <= stale
    assert [each["change"] for each in done.changes] == ["RevokeAffiliation", "RecordAffiliation"]
    assert done.changes[0]["before"]["revoked"] is False
    assert done.changes[0]["after"]["revoked"] is True
    assert all("asha" not in each["sentence"] for each in done.changes)
    assert AuditEntry.objects.about(done).filter(verb="correction.accepted").count() == 1


def test_every_change_of_the_set_does_what_its_action_does() -> None:
    by = officer()
    asha, ravi, robot = author(1), author(2), author(3)
    belongs = self_declared(asha, "IN", datetime.date(2025, 1, 1))
    tools = repository()
    key = ArtifactKey("github", "repository", "2")
    mirror = register_artifact(
        actor=None, found=FoundArtifact(key, "mirror/tools", "https://github.com/mirror/tools", at(2))
    )
    accepted(
        filed(),
        EndAffiliation(belongs, datetime.date(2025, 6, 1)),
        FixKind(robot, "bot"),
        Merge(asha, ravi),
        MarkCopy(mirror, tools),
        by=by,
    )
    assert Affiliation.objects.get().valid_to == datetime.date(2025, 6, 1)
    assert Account.objects.get(pk=robot.pk).kind == "bot"
    assert len(set(Account.objects.filter(pk__in=[asha.pk, ravi.pk]).values_list("identity", flat=True))) == 1
    assert Artifact.objects.get(pk=mirror.pk).duplicate_of == tools
    accepted(filed(), Split(ravi), MarkOriginal(mirror), by=by)
    assert Account.objects.get(pk=ravi.pk).identity is None
    assert (
        Artifact.objects.get(pk=mirror.pk).duplicate_of,
        Artifact.objects.get(pk=mirror.pk).duplicate_why,
    ) == (
        None,
        "officer",
    )


def test_one_change_that_cannot_be_made_leaves_all_as_it_was() -> None:
    by = officer()
    asha, ravi, robot = author(1), author(2), author(3)
    merge(actor=by, accounts=[asha, ravi], reason="Same page")
    correction = filed()
    with pytest.raises(Refused, match="together already"):
        accepted(correction, FixKind(robot, "bot"), Merge(asha, ravi), by=by)
    correction.refresh_from_db()
    assert correction.waits
    assert Account.objects.get(pk=robot.pk).kind == "person"


def test_declining_needs_words_and_changes_nothing() -> None:
    asha, correction = author(), filed()
    with pytest.raises(Refused, match="Nothing is changed by declining"):
        decide(
            actor=officer(), correction=correction, accept=False, public_summary="No", changes=[Split(asha)]
        )
    with pytest.raises(Refused, match="Everybody reads it"):
        decide(actor=officer("two"), correction=correction, accept=False, public_summary=" ")
    done = decide(
        actor=officer("three"), correction=correction, accept=False, public_summary="The source says 12."
    )
    assert (done.state, done.changes) == ("declined", [])


def test_nobody_decides_what_they_filed_themselves() -> None:
    by = officer()
    signed_in = file_correction(actor=by, about="/", text="Mine")
    by_letter = filed(email=by.email.upper())
    for correction in (signed_in, by_letter):
        with pytest.raises(Refused, match="Somebody else decides"):
            accepted(correction, by=by)


def test_the_outcome_is_written_to_who_asked_once_and_the_address_forgotten() -> None:
    correction = filed(email="ravi@example.org")
    assert send_due_letters() == 0
    accepted(correction, FixKind(author(3), "bot"))
    assert send_due_letters() == 1
    assert send_due_letters() == 0
    letter = mail.outbox[-1]
    assert letter.to == ["ravi@example.org"]
    assert correction.reference in letter.subject
    assert "You are right." in letter.body
    assert "The kind of an account: Person, now Bot." in letter.body
    assert f"/corrections/{correction.reference}/" in letter.body
    correction.refresh_from_db()
    assert correction.email == ""
    assert correction.letter_sent_at is not None


def test_a_letter_the_server_does_not_take_stays_due(settings: Any) -> None:
    correction = filed(email="ravi@example.org")
    accepted(correction)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    assert send_due_letters() == 0
    correction.refresh_from_db()
    assert correction.email == "ravi@example.org"
    assert correction.letter_due_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_officers_deciding_at_once_decide_once() -> None:
    one, two = officer("officer"), officer("officer2")
    correction, asha = filed(), author()
    told = at_once(
        lambda: accepted(correction, FixKind(asha, "bot"), by=one),
        lambda: decide(actor=two, correction=correction, accept=False, public_summary="No."),
    )
    assert told[0] == ""
    assert "decided this on" in told[1]
    correction.refresh_from_db()
    assert (Account.objects.get(pk=asha.pk).kind == "bot") == (correction.state == "accepted")


def test_nobody_else_records_where_a_person_belongs_by_a_correction_without_a_source() -> None:
    asha = author()
    with pytest.raises(Refused, match="Give the address"):
        accepted(filed(), RecordAffiliation(asha, DAY, None, "C", "", nation=nation("IN")))
    assert not Affiliation.objects.exists()
    affiliate(
        actor=None, account=asha, nation=nation("IN"), valid_from=DAY, method="self_declared", grade="A"
    )
    assert Affiliation.objects.count() == 1


DAY = datetime.date(2025, 1, 1)
