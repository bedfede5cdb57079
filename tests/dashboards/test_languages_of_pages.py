"""English, Hindi and Arabic: the address says which, and no public page falls back to another."""

import datetime
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from dashboards.charts import words
from grants.models import Award
from mission import local_names, numerals
from mission.languages import bare
from tests import messages
from tests.dashboards.pages import every_page
from tests.dashboards.pages import words as words_of

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s")


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_of_public_pages_is_translated(language: str) -> None:
    where = messages.messages()
    lacking = [f"{where[one]}: {one[1]!r}" for one in messages.missing(language)]
    assert not lacking, "translate these, then `make messages`:\n" + "\n".join(lacking)


@pytest.mark.parametrize("language", OTHERS)
def test_translations_fill_in_what_the_english_fills_in(language: str) -> None:
    """One or two of something may be said without a number."""
    for entry in messages.catalogue(language):
        asked = set(PLACEHOLDER.findall(entry.msgid))
        if entry.msgid_plural:
            forms = entry.msgstr_plural
            assert len(forms) == {"hi": 2, "ar": 6}[language], entry.msgid
            assert all(set(PLACEHOLDER.findall(form)) <= asked for form in forms.values()), entry.msgid
            assert set(PLACEHOLDER.findall(forms[max(forms)])) == asked, entry.msgid
        else:
            assert set(PLACEHOLDER.findall(entry.msgstr)) == asked, entry.msgid
            assert entry.msgstr.count("<a ") == entry.msgid.count("<a "), entry.msgid


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_installed_is_what_was_written(language: str) -> None:
    kept = messages.ROOT / "locale" / language / "LC_MESSAGES" / "django.mo"
    assert kept.read_bytes() == messages.compiled(language), "make messages"


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_is_in_the_language_of_its_address(client: Client, world: Award, language: str) -> None:
    """Whatever the browser prefers; every link to another public page stays in the language."""
    sentences = {one for _context, one, _plural in messages.messages() if len(one) > 24 and "%" not in one}
    sentences -= {entry.msgid for entry in messages.catalogue(language) if entry.msgid == entry.msgstr}
    for name, path in every_page().items():
        page = client.get(f"/{language}{path}", headers={"Accept-Language": "en"})
        assert page.status_code == 200, name
        html = page.content.decode()
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}"' in html, name
        shown = words_of(page)
        left = [sentence for sentence in sentences if sentence in shown]
        assert not left, f"{name} still says {left}"
        strayed = [link for link in links(html) if not link.startswith((f"/{language}/", *ONE_LANGUAGE))]
        assert not strayed, f"{name} leaves the language by {strayed}"


ONE_LANGUAGE = ("/account/", "/api/", "/apply/", "/static/", "/data/", "/feeds/", "/healthz")


def links(html: str) -> set[str]:
    """Addresses on this site that a page leads to, without those of the page in its other languages."""
    tags = re.findall(r"<(?:a|form)\s[^>]*>", html)
    said = [re.search(r'(?:href|action)="(/[^"]*)"', tag) for tag in tags if "hreflang" not in tag]
    return {found[1] for found in said if found}


def test_every_page_names_itself_in_its_other_languages(client: Client, world: Award) -> None:
    for path in every_page().values():
        html = client.get(path).content.decode()
        for code in OTHERS:
            other = f'hreflang="{code}" href="http://testserver/{code}{path}"'.replace("&", "&amp;")
            assert other in html, path
        assert f'rel="canonical" href="http://testserver{path}"'.replace("&", "&amp;") in html, path


def test_an_address_that_leads_nowhere_offers_the_first_page_in_other_languages(
    client: Client, db: None
) -> None:
    answer = client.get("/hi/there-is-no-such-page/?q=1")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert '<a href="/" lang="en" hreflang="en" dir="ltr">English</a>' in page
    assert '<a href="/ar/" lang="ar" hreflang="ar" dir="rtl">' in page
    assert "canonical" not in page


def test_machines_and_rooms_have_one_address(client: Client, world: Award) -> None:
    for path in ("/api/metrics/", "/healthz", "/account/login/", "/apply/", "/data/datapackage.json"):
        assert client.get(f"/hi{path}").status_code == 404, path
    assert client.get("/de/nations/").status_code == 404
    assert bare("/ar/nations/IN/") == "/nations/IN/"
    assert bare("/argentina/") == "/argentina/"


def test_data_are_the_same_in_every_language(client: Client, world: Award) -> None:
    """Words may differ; digits, separators and keys never."""
    plain = client.get("/nations/?format=csv").content.decode()
    for language in OTHERS:
        there = client.get(f"/{language}/nations/?format=csv").content.decode()
        assert re.findall(r"\d+", there) == re.findall(r"\d+", plain)
        assert there.splitlines()[0] == plain.splitlines()[0]


@pytest.mark.parametrize(
    ("language", "value", "decimals", "shown"),
    [("en", 22682855, 0, "22,682,855"), ("hi", 22682855, 0, "2,26,82,855"),
     ("hi", -123456.5, 1, "-1,23,456.5"),
     ("hi", 99999, 0, "99,999"), ("ar", 22682855, 0, "٢٢٬٦٨٢٬٨٥٥"), ("ar", 1234.5, 1, "١٬٢٣٤٫٥")],
)  # fmt: skip
def test_numbers_are_written_as_the_language_writes_them(
    language: str, value: float, decimals: int, shown: str
) -> None:
    with translation.override(language):
        assert words.number(value, decimals) == shown


def test_axes_dates_and_names_are_in_the_language() -> None:
    day = datetime.date(2026, 11, 23)
    with translation.override("hi"):
        assert [words.short(n) for n in (1500, 250_000, 35_000_000)] == ["1.5 हज़ार", "2.5 लाख", "3.5 करोड़"]
        assert numerals.date(day) == "23 नवंबर 2026"
        assert local_names.nation("IN", "India") == "भारत"
    with translation.override("ar"):
        assert words.short(35_000_000) == "٣٥ مليون"
        assert numerals.date(day) == "٢٣ نوفمبر ٢٠٢٦"
        assert local_names.language("tam", "Tamil") == "التاميلية"
    with translation.override("en"):
        assert local_names.nation("IN", "India") == "India"
