"""A filter of the desk, kept under a name by the person who made it."""

import pytest
from django.test import Client

from grants.actions.saved_views import MOST, delete_view, save_view
from grants.models import SavedView
from mission.errors import Refused
from mission.models import User
from tests.grants.world import officer
from tests.world import person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_view_is_saved_shown_and_deleted_by_hand() -> None:
    meera = officer()
    client = client_of(meera)
    saved = client.post("/desk/views/save/", {"name": "Late", "query": "due=overdue&page=3&x=1"})
    assert saved["Location"] == "/desk/applications/?due=overdue"
    page = client.get(saved["Location"]).content.decode()
    assert 'href="?due=overdue" aria-current="page"' in page
    view = SavedView.objects.get()
    client.post(f"/desk/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_a_name_means_one_view_of_a_person() -> None:
    meera, tara = officer(), officer("tara")
    first = save_view(actor=meera, name="Mine", query="status=panel")
    assert save_view(actor=meera, name="Mine", query="status=panel") == first
    with pytest.raises(Refused, match="of this name already"):
        save_view(actor=meera, name="Mine", query="status=awarded")
    save_view(actor=tara, name="Mine", query="status=awarded")
    answer = client_of(meera).post("/desk/views/save/", {"name": "Mine", "query": "q=x"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "You have a view of this name already." in page
    assert 'value="Mine"' in page
    assert 'value="x"' in page, "the filter that was to be saved is not lost"


def test_views_are_ones_own() -> None:
    meera, tara = officer(), officer("tara")
    view = save_view(actor=meera, name="Mine", query="status=panel")
    assert client_of(tara).post(f"/desk/views/{view.pk}/delete/").status_code == 404
    delete_view(actor=tara, view=view)
    assert SavedView.objects.filter(pk=view.pk).exists()
    assert "Mine" not in client_of(tara).get("/desk/applications/").content.decode()
    with pytest.raises(Refused):
        save_view(actor=person("asha"), name="Mine", query="")


def test_there_are_not_endlessly_many_and_none_without_a_name() -> None:
    meera = officer()
    SavedView.objects.bulk_create(SavedView(user=meera, name=f"View {n}", query="") for n in range(MOST))
    with pytest.raises(Refused, match="Delete one first"):
        save_view(actor=meera, name="One more", query="")
    with pytest.raises(Refused, match="Give the view a name"):
        save_view(actor=meera, name="  ", query="")
