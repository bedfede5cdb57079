"""The reference data: all nations, languages with their speakers, loaded once however often it is asked."""

import pytest
from django.core.management import call_command

from mission.actions.nations import ensure_nation, load_reference
from mission.errors import Refused
from mission.models import Language, LanguageSpeakers, Nation

pytestmark = pytest.mark.django_db


def test_all_nations_and_tamil_in_india_are_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference")
    assert Nation.objects.count() == 249
    assert "249 nations" in capsys.readouterr().out
    india = Nation.objects.get(code="IN")
    assert (india.alpha3, india.region) == ("IND", "Asia")
    assert india.population is not None
    assert 1.3e9 < india.population < 1.6e9
    tamil = LanguageSpeakers.objects.get(language__alpha2="ta", nation="IN")
    assert 82e6 < tamil.speakers < 85e6
    assert Language.objects.get(code="tam").autonym == "தமிழ்"
    assert Nation.objects.get(code="NA").name == "Namibia"
    assert not Nation.objects.filter(region="").exists()


def test_loading_twice_changes_nothing() -> None:
    first = load_reference()
    before = list(LanguageSpeakers.objects.order_by("pk").values_list())
    assert load_reference().changed == 0
    assert list(LanguageSpeakers.objects.order_by("pk").values_list()) == before
    assert first.changed == first.nations + first.languages + first.speakers


def test_a_changed_row_is_put_right_and_a_row_of_no_source_is_removed() -> None:
    load_reference()
    Nation.objects.filter(code="IN").update(name="Elsewhere")
    invented = LanguageSpeakers(language_id="tam", nation_id="AQ", speakers=7)
    invented.save()
    assert load_reference().changed == 2
    assert Nation.objects.get(code="IN").name == "India"
    assert not LanguageSpeakers.objects.filter(pk=invented.pk).exists()


def test_one_nation_can_be_loaded_alone_and_an_invented_one_is_refused() -> None:
    assert ensure_nation(code="FJ").name == "Fiji"
    assert ensure_nation(code="FJ").pk == "FJ"
    with pytest.raises(Refused, match="ZZ"):
        ensure_nation(code="ZZ")
