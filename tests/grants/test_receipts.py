"""The receipt: in every form, with a fingerprint one can check, honest about what it cannot draw."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from grants import receipts
from grants.actions.applications import submit
from grants.models import Application, ApplicationVersion
from mission.models import Role
from tests.grants.test_sections import client_of, text_of
from tests.grants.world import ANSWERS, PROMISE, drafted, officer, open_call, startup
from tests.world import person

pytestmark = pytest.mark.django_db
MANY_SCRIPTS = "मराठी भाषण, தமிழ், العربية, తెలుగు, Tiếng Việt, Ελληνικά"


def handed_in(**answers: Any) -> tuple[Client, ApplicationVersion]:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = drafted(asha, call, kaveri, **answers)
    submit(actor=asha, application=application, declared=[PROMISE])
    return client_of(asha), ApplicationVersion.objects.get()


def test_the_receipt_page_tells_moment_zone_version_and_what_comes_next() -> None:
    client, version = handed_in()
    page = text_of(client.get(f"/apply/{version.application.reference}/receipt/"))
    assert "(Asia/Kolkata, UTC+05:30)" in page
    assert version.fingerprint() in page
    assert "2 reviewers without conflicts score it" in page
    assert "receipt.pdf" in page


def test_the_fingerprint_is_of_the_answers_and_can_be_worked_out_again() -> None:
    _client, version = handed_in(plan=MANY_SCRIPTS)
    plain = json.dumps(version.answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert version.fingerprint() == hashlib.sha256(plain.encode()).hexdigest()
    assert MANY_SCRIPTS in plain


def test_the_pdf_is_kept_and_never_shown_inline() -> None:
    client, version = handed_in(plan=MANY_SCRIPTS)
    answer = client.get(f"/apply/{version.application.reference}/receipt.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.count(b"/FontFile2") >= 4, "each script is drawn with a font of its own"


def test_what_our_fonts_can_draw_is_drawn() -> None:
    missing: Counter[str] = Counter()
    assert receipts.drawable(MANY_SCRIPTS, missing) == MANY_SCRIPTS
    assert not missing


@pytest.fixture
def only_our_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A machine without fonts of its own; whoever has many would draw what we call missing."""
    monkeypatch.setattr(receipts, "OF_THE_MACHINE", tmp_path)
    receipts.fonts.cache_clear()
    yield
    receipts.fonts.cache_clear()


def test_a_sign_that_no_font_has_is_marked_and_named(only_our_fonts: None) -> None:
    missing: Counter[str] = Counter()
    text = receipts.drawable("one \U00010900\U00010901 two \U0001f680", missing)
    assert text == "one […] two […]"
    assert dict(missing) == {"Phoenician": 2, "rocket": 1}
    assert "Phoenician (2), rocket (1)" in next(iter(receipts.honest(missing)))


def test_no_answer_stops_the_pdf() -> None:
    odd = "\u202etrick\u0007 \U0010ffff \ud7ff \u0301 " + "x" * 3000 + "\n\n\t中文 한국어 🚀"
    _client, version = handed_in(plan=odd[:400], title="𝔘𝔫𝔦𝔠𝔬𝔡𝔢 中文")
    assert receipts.receipt(version).startswith(b"%PDF-")
    version.answers["plan"] = odd
    assert receipts.receipt(version).startswith(b"%PDF-")


def test_the_desk_has_the_receipt_and_others_have_not() -> None:
    client, version = handed_in()
    own, desk = (
        f"/{room}/{version.application.reference}/receipt.pdf" for room in ("apply", "desk/applications")
    )
    staff, stranger = client_of(officer("divya")), client_of(person("stranger"))
    assert staff.get(desk)["Content-Type"] == "application/pdf"
    assert client.get(desk).status_code == 404
    assert stranger.get(own).status_code == 404
    assert client_of(person("ravi", Role.REVIEWER)).get(own).status_code == 404


def test_a_draft_has_no_receipt() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = drafted(asha, call, kaveri)
    for page in ("receipt/", "receipt.pdf"):
        answer = client_of(asha).get(f"{application.get_absolute_url()}{page}")
        assert answer["Location"] == application.get_absolute_url()


def test_each_version_can_be_read(django_assert_max_num_queries: Any) -> None:
    client, version = handed_in()
    own = version.application.get_absolute_url()
    with django_assert_max_num_queries(16):
        page = text_of(client.get(f"{own}versions/1/"))
    assert ANSWERS["plan"] in page
    assert version.fingerprint() in page
    assert client.get(f"{own}versions/2/").status_code == 404
    with django_assert_max_num_queries(16):
        assert client.get(f"{own}receipt/").status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get(own).status_code == 200
    assert Application.objects.count() == 1
