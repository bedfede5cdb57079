"""Error pages, the navigation, and what an anonymous visitor is never given: a cookie or a query."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from mission.models import Role
from mission.views.errors import server_error
from tests.world import person


def test_the_500_page_needs_no_database_and_no_list_of_static_files(
    settings: Any, rf: RequestFactory
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    answer = server_error(rf.get("/"))  # no `db` fixture: a query would fail the test
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


@pytest.mark.django_db
def test_a_missing_page_says_where_to_go_next(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "Page not found" in html
    assert reverse("dashboards:home") in html
    assert "Content-Security-Policy" in answer


@pytest.mark.django_db
def test_a_known_room_that_is_closed_to_you_says_who_you_are(client: Client) -> None:
    client.force_login(person("asha"))
    answer = client.get(reverse("sandbox:home"))
    assert answer.status_code == 403, "a room that anybody may know of"
    html = answer.content.decode()
    assert "asha@example.org" in html
    assert reverse("account") in html


@pytest.mark.django_db
def test_an_anonymous_visitor_gets_no_cookie_and_costs_no_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/no/such/page/")
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()


@pytest.mark.django_db
def test_navigation_follows_the_roles(client: Client) -> None:
    client.force_login(person("asha"))
    html = client.get(reverse("account")).content.decode()
    assert reverse("grants:apply") in html
    assert f'href="{reverse("grants:desk")}"' not in html
    client.force_login(person("omar", Role.OFFICER))
    assert f'href="{reverse("grants:desk")}"' in client.get(reverse("account")).content.decode()


@pytest.mark.django_db
def test_the_demo_says_so_on_every_page(client: Client, settings: Any) -> None:
    addresses = ["/no/such/page/", reverse("account_login")]
    assert all("Demonstration" not in client.get(address).content.decode() for address in addresses)
    settings.DEMO = True
    assert all("Demonstration" in client.get(address).content.decode() for address in addresses)


def test_components_draw_nothing_by_colour_alone() -> None:
    assert ">late<" in render_to_string("components/status.html", {"tone": "bad", "label": "late"})
