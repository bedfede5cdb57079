"""What a file is, where it lies, and who may have it."""

import asyncio
import os
import stat
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from grants import file_store
from grants.actions.applications import save_draft, submit
from grants.actions.files import remove_file, sweep_files
from grants.actions.reviews import assign_reviewer, declare_no_conflict
from grants.file_types import PDF as PDF_TYPE
from grants.file_types import harmless_name
from grants.models import Application, Attachment, FileStatus
from mission.errors import Refused
from mission.models import AuditEntry, Membership, Role, User
from tests.grants import world_files as made
from tests.grants.world import ANSWERS, PROMISE, officer
from tests.grants.world_files import asking, begun, document, handed_in, packed, question, upload
from tests.world import person

pytestmark = pytest.mark.django_db
LATIN_1 = "Prüfung, ein Satz.\n".encode("latin-1")


@pytest.fixture(autouse=True)
def file_dir(settings: LazySettings, tmp_path: Path) -> Path:
    settings.FILE_DIR = tmp_path / "files"
    return tmp_path / "files"


def bytes_kept(folder: Path) -> int:
    return len(list(folder.iterdir())) if folder.exists() else 0


@pytest.mark.parametrize(
    ("content", "name", "content_type", "called"),
    [
        (made.PDF, "paper.pdf", "application/pdf", "paper.pdf"),
        (made.PDF, "paper.exe", "application/pdf", "paper.exe.pdf"),
        (made.PNG, "plot.png", "image/png", "plot.png"),
        (made.JPEG, "photo.JPEG", "image/jpeg", "photo.jpeg"),
        (b"a,b\n1,2\n", "rows.csv", "text/plain", "rows.csv"),
        ("परिणाम\n".encode(), "परिणाम.txt", "text/plain", "परिणाम.txt"),
        (
            document(),
            "plan.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "plan.docx",
        ),
        (made.open_document(), "plan.odt", "application/vnd.oasis.opendocument.text", "plan.odt"),
        (
            document(embedded=document()),
            "nested.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "nested.docx",
        ),
    ],
)
def test_what_documents_are_is_told_by_their_content(
    content: bytes, name: str, content_type: str, called: str
) -> None:
    founder, draft = begun(officer())
    kept = handed_in(founder, draft, content, name)
    assert (kept.content_type, kept.name) == (content_type, called)
    assert kept.size == len(content)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (made.PROGRAM, "paper.pdf", "a Windows program"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "paper.pdf", "a Linux program"),
        (b"#!/bin/sh\nrm -rf /\n", "notes.txt", "a script"),
        (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "paper.pdf", "a web page"),
        (b"\xef\xbb\xbf  <!-- x --><ScRipt>alert(1)</script>", "rows.csv", "a web page"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "plot.png", "an SVG drawing"),
        (packed({"a.txt": "hello"}), "paper.docx", "a ZIP archive"),
        (b"\x1f\x8b\x08\0" + bytes(40), "paper.pdf", "a GZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.docx", "an old or password-protected"),
        (LATIN_1, "notes.txt", "text in another encoding than UTF-8"),
        (b"a\0b\n", "notes.txt", "not known here"),
        (b"ok\n" * 40_000 + b"\xff\xfe", "notes.txt", "another encoding"),
        (b"", "paper.pdf", "is empty"),
        (made.bomb(20), "plan.docx", "zip bomb"),
        (document(deep=made.bomb(20)), "plan.docx", "zip bomb"),
        (document(a=document(b=document(c=document()))), "plan.docx", "zip bomb"),
        (document(**{f"p{n}": bytes(900_000) for n in range(120)}), "plan.docx", "zip bomb"),
        (made.liar(), "plan.docx", "zip bomb"),
        (made.overlapping(), "plan.docx", "overlap"),
        (
            packed({"[Content_Types].xml": made.TYPES, **{f"{n}.xml": "" for n in range(2100)}}),
            "x.docx",
            "parts",
        ),
        (packed({"[Content_Types].xml": made.TYPES, "../../etc/passwd": "x"}), "x.docx", "leads out"),
        (
            packed({"[Content_Types].xml": made.TYPES, "word/a.bin": made.PROGRAM}),
            "x.docx",
            "a Windows program",
        ),
        (packed({"[Content_Types].xml": made.TYPES, "word/vbaProject.bin": "x"}), "x.docx", "macros"),
        (document()[:-30], "plan.docx", "damaged"),
        (document() + made.PROGRAM, "plan.docx", "damaged"),
    ],
)
def test_what_is_no_document_is_refused_by_its_content(
    content: bytes, name: str, says: str, file_dir: Path
) -> None:
    founder, draft = begun(officer())
    with pytest.raises(Refused) as refused:
        handed_in(founder, draft, content, name)
    assert says in refused.value.sentence
    assert name in refused.value.sentence
    assert (refused.value.field, refused.value.status) == ("file", 422)
    assert not Attachment.objects.exists()
    assert bytes_kept(file_dir) == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\asha\\plan.pdf", "plan.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("\u2066\u0000.pdf", "file.pdf"),
        ("योजना\u200dपत्र.pdf", "योजना\u200dपत्र.pdf"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(typed: str, kept: str) -> None:
    assert harmless_name(typed, PDF_TYPE) == kept


def test_bytes_lie_apart_and_are_nobody_elses(file_dir: Path, settings: LazySettings) -> None:
    founder, draft = begun(officer())
    kept = handed_in(founder, draft)
    where = file_dir / str(kept.key)
    assert where.read_bytes() == made.PDF
    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert stat.S_IMODE(file_dir.stat().st_mode) == 0o700
    draft.refresh_from_db()
    assert draft.answers["paper"] == [str(kept.key)]
    entry = AuditEntry.objects.about(kept).get(verb="file.handed_in")
    assert entry.facts["sha256"] == kept.sha256


def test_the_same_file_twice_is_there_once(file_dir: Path) -> None:
    founder, draft = begun(officer())
    assert handed_in(founder, draft) == handed_in(founder, draft)
    assert bytes_kept(file_dir) == 1


def test_no_more_files_than_the_question_takes() -> None:
    founder, draft = begun(officer())
    for n in range(3):
        handed_in(founder, draft, made.PDF + b"%%" * n)
    with pytest.raises(Refused, match="takes 3 files"):
        handed_in(founder, draft, made.PNG, "plot.png")


def test_a_question_may_take_less_than_the_house() -> None:
    meera = officer()
    founder, draft = begun(meera)
    wants_text = next(q for q in asking(meera, accepts=["text"]).read_questions() if q.key == "paper")
    from grants.actions.files import hand_in_file

    with pytest.raises(Refused, match=r"It takes \.txt"):
        hand_in_file(actor=founder, application=draft, question=wants_text, upload=upload(made.PDF))


def test_a_file_and_an_application_have_limits(settings: LazySettings, file_dir: Path) -> None:
    settings.LARGEST_FILE, settings.LARGEST_FILES = 2000, 3000
    founder, draft = begun(officer())
    with pytest.raises(Refused, match="at most"):
        handed_in(founder, draft, b"a" * 2001, "a.txt")
    handed_in(founder, draft, b"a" * 2000, "a.txt")
    with pytest.raises(Refused, match="together"):
        handed_in(founder, draft, b"b" * 2000, "b.txt")
    assert bytes_kept(file_dir) == 1


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_do_not_pass_the_limit_together(settings: LazySettings) -> None:
    settings.LARGEST_FILES = 3000
    founder, draft = begun(officer())
    said: list[str] = []

    def send(letter: bytes) -> None:
        try:
            handed_in(founder, draft, letter * 2000, "a.txt")
            said.append("kept")
        except Refused as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(letter,)) for letter in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["kept", "too_large"]
    assert Attachment.objects.count() == 1


def test_only_the_team_and_only_while_it_is_a_draft() -> None:
    founder, draft = begun(officer())
    with pytest.raises(Refused) as refused:
        handed_in(person("mallory"), draft)
    assert refused.value.status == 403
    kept = handed_in(founder, draft)
    with pytest.raises(Refused):
        remove_file(actor=person("eve"), attachment=kept)
    hand_in_all(founder, draft)
    for act in (
        lambda: handed_in(founder, draft, made.PNG),
        lambda: remove_file(actor=founder, attachment=kept),
    ):
        with pytest.raises(Refused) as late:
            act()
        assert late.value.code == "moved_on"
    kept.refresh_from_db()
    assert kept.status == FileStatus.READY


def hand_in_all(founder: User, draft: Application) -> Application:
    draft.refresh_from_db()
    save_draft(actor=founder, application=draft, answers=ANSWERS, version=draft.draft_version)
    return submit(actor=founder, application=draft, declared=[PROMISE])


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_gone_once_that_is_certain(file_dir: Path) -> None:
    founder, draft = begun(officer())
    kept = handed_in(founder, draft)
    remove_file(actor=founder, attachment=kept)
    kept.refresh_from_db()
    draft.refresh_from_db()
    assert kept.status == FileStatus.REMOVED
    assert draft.answers["paper"] == []
    assert bytes_kept(file_dir) == 0
    assert remove_file(actor=founder, attachment=kept).status == FileStatus.REMOVED  # twice is once


@pytest.mark.django_db(transaction=True)
def test_what_a_submitted_version_holds_is_kept_when_the_team_replaces_it(file_dir: Path) -> None:
    meera = officer()
    founder, draft = begun(meera)
    kept = handed_in(founder, draft)
    hand_in_all(founder, draft)
    Application.objects.filter(pk=draft.pk).update(status="returned")
    remove_file(actor=founder, attachment=kept)
    later = handed_in(founder, draft, made.PNG, "plot.png")
    assert bytes_kept(file_dir) == 2
    assert list(Attachment.objects.visible_to(meera)) == [kept]
    assert list(Attachment.objects.visible_to(founder)) == [later]
    assert draft.submitted_version().answers["paper"] == [str(kept.key)]


def test_bytes_that_no_row_stands_for_are_swept_away(file_dir: Path) -> None:
    founder, draft = begun(officer())
    kept = handed_in(founder, draft)
    stray = file_dir / "00000000-0000-4000-8000-000000000000.part"
    stray.write_bytes(b"half")
    assert sweep_files() == 0  # somebody may be writing it
    for path in file_dir.iterdir():
        os.utime(path, (0, 0))
    assert sweep_files() == 1
    assert [path.name for path in file_dir.iterdir()] == [str(kept.key)]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_who_may_have_the_bytes() -> None:
    meera = officer()
    founder, draft = begun(meera)
    kept = handed_in(founder, draft)
    address = kept.get_absolute_url()
    roles = {
        "colleague": person("colleague"),
        "stranger": person("stranger"),
        "former": person("former", Role.OFFICER),
        "auditor": person("auditor", Role.AUDITOR),
        "reviewer": person("reviewer", Role.REVIEWER),
        "asked": person("asked", Role.REVIEWER),
        "unasked": person("unasked", Role.REVIEWER),
        "bound": person("bound", Role.REVIEWER),
        "officer": meera,
        "founder": founder,
    }
    Membership.objects.create(user=roles["colleague"], organisation=draft.organisation)
    Membership.objects.create(
        user=roles["former"], organisation=draft.organisation, since="2020-01-01", until="2021-01-01"
    )

    def let_in() -> set[str]:
        answers = {name: client_of(user).get(address).status_code for name, user in roles.items()}
        assert set(answers.values()) <= {200, 404}
        return {name for name, status in answers.items() if status == 200}

    assert let_in() == {"founder", "colleague"}  # a draft is nobody's business but the applicant's
    hand_in_all(founder, draft)
    for name in ("reviewer", "asked", "bound"):
        review = assign_reviewer(actor=meera, application=draft, reviewer=roles[name])
        if name != "asked":
            declare_no_conflict(actor=roles[name], review=review)
    Membership.objects.create(user=roles["bound"], organisation=draft.organisation)
    Membership.objects.filter(user=roles["bound"]).update(since="2020-01-01", until="2021-01-01")
    assert let_in() == {"founder", "colleague", "officer", "auditor", "reviewer"}
    Attachment.objects.update(status=FileStatus.QUARANTINED)
    assert let_in() == set()
    assert Client().get(address).status_code == 302  # to sign in


def test_under_asgi_a_file_is_sent_piece_by_piece() -> None:
    founder, draft = begun(officer())
    kept = handed_in(founder, draft, b"a line of text\n" * 2000, "long.txt")
    answer: Any = client_of(founder).get(kept.get_absolute_url())

    async def pieces() -> list[bytes]:
        return [piece async for piece in answer]

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Django warns where it reads all at once
        came = asyncio.run(pieces())
    assert len(came) > 3
    assert b"".join(came) == b"a line of text\n" * 2000


def test_bytes_are_saved_and_never_shown() -> None:
    founder, draft = begun(officer())
    kept = handed_in(founder, draft, "उत्तर\n".encode(), "उत्तर.txt")
    answer = client_of(founder).get(kept.get_absolute_url())
    assert b"".join(answer.streaming_content) == "उत्तर\n".encode()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    file_store.delete(kept.key)
    assert client_of(founder).get(kept.get_absolute_url()).status_code == 404
    assert question(draft).kind == "file"
