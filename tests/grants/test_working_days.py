"""Promises are counted in the working days of the home nation."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grants.models.working_days import after, calendar_in_words, due_on
from tests.world import nation

FRIDAY = datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("home", "days", "expected"),
    [
        ("IN", 1, datetime.date(2026, 11, 23)),  # the weekend does not count
        ("IN", 2, datetime.date(2026, 11, 25)),  # nor Guru Nanak's birthday on the 24th
        ("FR", 2, datetime.date(2026, 11, 24)),  # which is no holiday elsewhere
        ("AE", 1, datetime.date(2026, 11, 23)),
    ],
)
def test_weekends_and_holidays_of_the_home_nation_do_not_count(
    settings: Any, home: str, days: int, expected: datetime.date
) -> None:
    settings.HOME_NATION = home
    assert after(FRIDAY, days) == expected


def test_a_weekend_is_the_nations_own(settings: Any) -> None:
    settings.HOME_NATION = "EG"  # Friday and Saturday
    assert after(datetime.date(2026, 11, 19), 1) == datetime.date(2026, 11, 22)


def test_a_nation_without_known_holidays_still_has_weekends(settings: Any) -> None:
    settings.HOME_NATION = "ZZ"
    assert after(FRIDAY, 1) == datetime.date(2026, 11, 23)


def test_the_day_of_submission_is_the_calls_own_and_does_not_count(settings: Any) -> None:
    settings.HOME_NATION = "FR"
    late = datetime.datetime(2026, 11, 19, 20, 0, tzinfo=datetime.UTC)  # Friday already in Kolkata
    assert due_on(late, 1, "Europe/Paris") == datetime.date(2026, 11, 20)
    assert due_on(late, 1, "Asia/Kolkata") == datetime.date(2026, 11, 23)
    assert late.astimezone(ZoneInfo("Asia/Kolkata")).date() == FRIDAY


def test_no_promise_no_date() -> None:
    assert due_on(datetime.datetime.now(datetime.UTC), None) is None


@pytest.mark.django_db
def test_the_calendar_is_named(settings: Any) -> None:
    nation("IN")
    settings.HOME_NATION = "IN"
    said = calendar_in_words()
    assert said == "Working days are all days but Saturday and Sunday and the public holidays of India."
    settings.HOME_NATION = "ZZ"
    assert calendar_in_words() == "Working days are all days but Saturday and Sunday."
