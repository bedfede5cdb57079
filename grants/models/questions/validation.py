"""Whether a list of questions can be asked: for the JSON column of a call."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grants.models.questions.kinds import FileKind, QuestionKind

# What the applicant's forms send besides answers.
RESERVED_KEYS = frozenset(
    "version next csrfmiddlewaretoken declarations check save add files section".split()  # noqa: SIM905
)
MOST_QUESTIONS = 100
CHOSEN = frozenset({QuestionKind.CHOICE, QuestionKind.SEVERAL})
LIMITS = (("min_words", "max_words"), ("minimum", "maximum"), ("least", "most"))
Item = Mapping[str, Any]


def validate_questions(value: Any) -> None:
    """A list of questions with distinct keys, known kinds, and what each kind needs."""
    if not isinstance(value, list):
        raise ValidationError(_("Questions are a list."))
    if len(value) > MOST_QUESTIONS:
        raise ValidationError(_("Ask at most %(n)d questions.") % {"n": MOST_QUESTIONS})
    earlier: dict[str, Item] = {}
    for item in value:
        key = str(item.get("key", "")) if isinstance(item, dict) else ""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", key) or key in earlier or key in RESERVED_KEYS:
            raise ValidationError(_("Each question needs a key of its own, such as “plan”."))
        for judge in (_judge_words, _judge_limits, _judge_choices, _judge_days, _judge_rest):
            judge(item)
        _judge_shown_if(item, earlier)
        earlier[key] = item


def _refuse(item: Item, sentence: str) -> ValidationError:
    return ValidationError(sentence % {"key": item["key"]})


def _judge_words(item: Item) -> None:
    if item.get("kind") not in QuestionKind.values or not str(item.get("label", "")).strip():
        raise _refuse(item, _("The question “%(key)s” needs a kind and a label."))
    for name in ("label", "help", "section", "unit", "currency", "total_is"):
        if not isinstance(item.get(name, ""), str):
            raise _refuse(item, _("The words of the question “%(key)s” are no text."))


def _judge_limits(item: Item) -> None:
    """Words and counts are whole numbers, the others any; and no least above its most."""
    for low, high in LIMITS:
        limits = [item.get(low), item.get(high)]
        whole = low != "minimum"
        for limit in limits:
            if limit is not None and not _is_number(limit, whole=whole):
                raise _refuse(item, _("A limit of the question “%(key)s” is not a number."))
        if None not in limits and Decimal(str(limits[0])) > Decimal(str(limits[1])):
            raise _refuse(item, _("The question “%(key)s” asks for at least more than its most."))


def _is_number(limit: Any, *, whole: bool) -> bool:
    if isinstance(limit, bool) or (whole and not isinstance(limit, int)):
        return False
    try:
        return Decimal(str(limit)).is_finite() and (not whole or limit >= 0)
    except InvalidOperation:
        return False


def _judge_choices(item: Item) -> None:
    choices = item.get("choices", [])
    if not isinstance(choices, list | tuple) or not all(isinstance(one, str) for one in choices):
        raise _refuse(item, _("The choices of the question “%(key)s” are a list of texts."))
    if item["kind"] in CHOSEN and (len(choices) < 2 or len(set(choices)) < len(choices)):
        raise _refuse(item, _("The question “%(key)s” needs two choices or more."))
    if item["kind"] == QuestionKind.SEVERAL and (item.get("least") or 0) > len(choices):
        raise _refuse(item, _("The question “%(key)s” has fewer choices than must be chosen."))


def _judge_days(item: Item) -> None:
    for name in ("not_before", "not_after"):
        limit = item.get(name, "")
        try:
            if limit not in ("", "today"):
                datetime.date.fromisoformat(limit)
        except (TypeError, ValueError) as error:
            raise _refuse(item, _("Write the dates of the question “%(key)s” as 2027-03-31.")) from error


def _judge_rest(item: Item) -> None:
    kinds = item.get("accepts", [])
    if not isinstance(kinds, list | tuple) or not all(kind in FileKind.values for kind in kinds):
        raise _refuse(item, _("The question “%(key)s” accepts a kind of file that is not known."))
    if item.get("total_is") and item["kind"] != QuestionKind.GPU_TABLE:
        raise _refuse(item, _("The question “%(key)s” is no table of GPU-hours, so it has no total."))


def _judge_shown_if(item: Item, earlier: Mapping[str, Item]) -> None:
    condition = item.get("shown_if")
    if not condition:
        return
    sound = isinstance(condition, dict) and isinstance(condition.get("is"), list)
    other = earlier.get(str(condition.get("question"))) if sound else None
    if other is None or other["kind"] not in CHOSEN:
        raise _refuse(
            item, _("The question “%(key)s” can hang only on an earlier choice. Look at “shown if”.")
        )
    if not condition["is"] or not all(value in other["choices"] for value in condition["is"]):
        raise _refuse(item, _("The question “%(key)s” waits for an answer that nobody can give."))
