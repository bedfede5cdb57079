"""Cleaning texts, numbers, dates, choices and addresses."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models.gpu_time import LARGEST_HOURS
from grants.models.questions.kinds import Question

LARGEST_MONEY = Decimal(10) ** 13
MOST_DIGITS = 18
MOST_DECIMALS = 9
LONGEST_ANSWER = 20_000  # characters
LONGEST_URL = 2_000
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?")  # 1,000,000 or 10,00,000
BLANKS = re.compile(r"[\s\u00a0\u202f']")  # which people put between groups of digits


def clean_text(question: Question, answer: str) -> str:
    words = len(answer.split())
    if question.max_words and words > question.max_words:
        raise ValidationError(
            ngettext("This has %(words)d word.", "This has %(words)d words.", words) % {"words": words}
            + " "
            + _("Shorten it to %(limit)d.") % {"limit": question.max_words}
        )
    if question.min_words and words < question.min_words:
        raise ValidationError(
            ngettext("This has %(words)d word.", "This has %(words)d words.", words) % {"words": words}
            + " "
            + _("Write at least %(limit)d.") % {"limit": question.min_words}
        )
    if len(answer) > LONGEST_ANSWER:
        raise ValidationError(_("This is too long. Shorten it."))
    return answer


def read_number(answer: str) -> Decimal:
    """A number as people type it, with or without groups; ValidationError where it is none."""
    plain = BLANKS.sub("", answer)
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain) if len(plain) <= 40 and "_" not in plain else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("Write a number, such as 500 or 0.5."))
    if not number:
        return Decimal(0)
    if number.adjusted() >= MOST_DIGITS:  # before any sum with it: 1e999999999 is a number, too
        raise ValidationError(_("This number is too large. Look at it again."))
    if number.adjusted() < -MOST_DECIMALS or number != round(number, MOST_DECIMALS):
        raise ValidationError(_("Write a number with fewer decimals."))
    return number


def plain_number(number: Decimal) -> str:
    return format(number.normalize(), "f")


def grouped(number: Decimal, decimals: int | None = None) -> str:
    """With the groups and the sign that the reader's language has."""
    return str(
        number_format(number.normalize() if decimals is None else number, decimals, force_grouping=True)
    )


def clean_number(question: Question, answer: str) -> str:
    number = read_number(answer)
    low, high = question.minimum, question.maximum
    if low is not None and number < low:
        raise ValidationError(_("Write a number of at least %(n)s.") % {"n": grouped(low)})
    if high is not None and number > high:
        raise ValidationError(_("Write a number of at most %(n)s.") % {"n": grouped(high)})
    return plain_number(number)


def clean_gpu_hours(question: Question, answer: str) -> str:
    number = clean_number(question, answer)
    if Decimal(number) <= 0 or Decimal(number) > LARGEST_HOURS:
        raise ValidationError(_("Write a number above 0."))
    return number


def clean_money(question: Question, answer: str) -> str:
    """More than nothing, unless the call names a minimum itself."""
    number = Decimal(clean_number(question, answer))
    if (number <= 0 and question.minimum is None) or number < 0 or number >= LARGEST_MONEY:
        raise ValidationError(_("Write an amount above 0."))
    if number != round(number, 2):
        raise ValidationError(_("Write an amount with at most two decimals."))
    return plain_number(number)


def clean_date(question: Question, answer: str) -> str:
    try:
        day = datetime.date.fromisoformat(answer)
    except ValueError as error:
        raise ValidationError(_("Write a date as year-month-day, such as 2027-03-31.")) from error
    first, last = day_of(question.not_before), day_of(question.not_after)
    if first and day < first:
        raise ValidationError(_("Choose a date on or after %(day)s.") % {"day": date_format(first, "j F Y")})
    if last and day > last:
        raise ValidationError(_("Choose a date on or before %(day)s.") % {"day": date_format(last, "j F Y")})
    return day.isoformat()


def day_of(limit: str) -> datetime.date | None:
    """A limit of a call: a date, or “today”."""
    if limit == "today":
        return timezone.localdate()
    return datetime.date.fromisoformat(limit) if limit else None


def clean_choice(question: Question, answer: str) -> str:
    if answer not in question.choices:
        raise ValidationError(_("Choose one of the answers."))
    return answer


def clean_several(question: Question, answer: list[Any]) -> list[str]:
    chosen = {str(item) for item in answer}
    if not chosen <= set(question.choices):
        raise ValidationError(_("Choose among the answers."))
    must_be_so_many(question, len(chosen))
    return [choice for choice in question.choices if choice in chosen]


def must_be_so_many(question: Question, n: int) -> None:
    least, most = question.least, question.most
    if least is not None and n < least:
        raise ValidationError(ngettext("Give at least %(n)d.", "Give at least %(n)d.", least) % {"n": least})
    if most is not None and n > most:
        raise ValidationError(ngettext("Give at most %(n)d.", "Give at most %(n)d.", most) % {"n": most})


def clean_url(question: Question, answer: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(answer)
    except ValidationError as error:
        raise ValidationError(_("Write a web address, such as https://example.org.")) from error
    if len(answer) > LONGEST_URL:
        raise ValidationError(_("This address is too long."))
    return answer


def clean_email(question: Question, answer: str) -> str:
    try:
        EmailValidator()(answer)
    except ValidationError as error:
        raise ValidationError(_("Write an e-mail address, such as name@example.org.")) from error
    return answer
