"""Letters: what the mission wrote to whom. Written in the transaction of the act, sent afterwards.

Each kind has the house's words in `templates/grants/emails/<kind>.txt`. A call may have its own, in
`Call.letters`: plain text in which `{{ name }}` and the other names below are replaced, and nothing else is.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application
from grants.models.calls import Call

PLACEHOLDERS: Mapping[str, Promise] = {
    "name": _("of the person it goes to"),
    "title": _("of the application"),
    "reference": _("of the application"),
    "organisation": _("that applies"),
    "call": _("its title"),
    "link": _("to the page where they go on"),
    "when": _("the moment this letter is about, in the call's time zone"),
    "words": _("what the desk says is missing"),
    "due": _("the day the review is due"),
    "amount": _("awarded, in words"),
    "award_reference": _("on the public register"),
    "deliverables": _("with their days, one a line"),
    "feedback": _("your words to the applicant"),
    "answer_by": _("until when the offer stands"),
    "place": _("on the waiting list"),
    "appeal": _("how to appeal and until when; empty where the call knows no appeals"),
    "outcome": _("the reason given for the outcome of the appeal"),
}
_COMMON = ("name", "title", "reference", "organisation", "call", "link")
MARK = re.compile(r"\{\{(.*?)\}\}", re.S)


class LetterKind(NamedTuple):
    label: Promise
    names: tuple[str, ...]


LETTERS: Mapping[str, LetterKind] = {
    "receipt": LetterKind(_("Receipt of an application"), (*_COMMON, "when")),
    "returned": LetterKind(_("Returned for completion"), (*_COMMON, "words", "when")),
    # A reviewer may be one who must not know who applies.
    "review_request": LetterKind(_("Request to review"), ("name", "call", "reference", "link")),
    "review_reminder": LetterKind(_("Reminder of a review"), ("name", "call", "reference", "link", "due")),
    "award": LetterKind(_("Award"), (*_COMMON, "amount", "award_reference", "deliverables", "feedback")),
    "offer": LetterKind(
        _("Offer of an award"), (*_COMMON, "amount", "answer_by", "deliverables", "feedback")
    ),
    "offer_declined": LetterKind(_("Offer turned down"), (*_COMMON, "amount")),
    "offer_lapsed": LetterKind(_("Offer lapsed"), (*_COMMON, "amount", "answer_by")),
    "waitlist": LetterKind(_("Waiting list"), (*_COMMON, "place", "feedback")),
    "declined": LetterKind(_("Declined"), (*_COMMON, "feedback", "appeal")),
    "appeal_upheld": LetterKind(_("Appeal upheld"), (*_COMMON, "outcome")),
    "appeal_dismissed": LetterKind(_("Appeal dismissed"), (*_COMMON, "outcome")),
}


def mark_of(call: Call, kind: str) -> str:
    """Of the words a call has for a kind: two officers on one letter notice each other by it."""
    return hashlib.sha256(json.dumps(call.letters.get(kind), sort_keys=True).encode()).hexdigest()[:16]


def unknown_names(kind: str, text: str) -> list[str]:
    """What stands between double braces and is not a name this letter knows."""
    return [found for found in MARK.findall(text) if found.strip() not in LETTERS[kind].names]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Names replaced, once: what is put in is never looked at again."""
    return tidied(MARK.sub(lambda match: values.get(match[1].strip(), ""), text))


def tidied(text: str) -> str:
    """No more than one empty line: a name may have stood for nothing."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> "LetterQuerySet":
        """Not sent, and nobody is at it."""
        return self.filter(sent_at=None, next_try_at__lte=timezone.now())


class Letter(models.Model):
    """`next_try_at` is the lease: whoever moves it forward, by one conditional UPDATE, may send."""

    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=30)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(sent_at=None), name="letter_due")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"
