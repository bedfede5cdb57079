"""Sketches of submitted applications, by which those alike are found quickly.

A sketch is a few hashes of the text, and one of each account and person that the application names. Who
shares some of them is then compared word by word: see `overlaps`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import F, OuterRef, Q, Subquery

from grants.models.applications import Application, ApplicationVersion
from grants.models.handles import handles_in
from grants.models.questions import Question, QuestionKind
from grants.models.shingles import hashed, shingles, sketch

OF_ONE_HASH = 200  # applications looked at for each hash: what more than these share, tells nothing
ADDRESSES = {"github": "github.com/", "huggingface": "huggingface.co/"}


class Sketch(models.Model):
    """That an application was sketched, and which of its versions."""

    application = models.OneToOneField(
        Application, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    version = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.application_id} v{self.version}"


class SketchHash(models.Model):
    """One hash of one sketch, of a shingle of its text or of somebody it names."""

    pk = models.CompositePrimaryKey("hash", "sketch")
    hash = models.BigIntegerField()
    sketch = models.ForeignKey(Sketch, on_delete=models.CASCADE, related_name="hashes")

    def __str__(self) -> str:
        return str(self.hash)


def texts_of(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[str]:
    """What was written in words of one's own: the title, the summary, and long answers."""
    long = [q.key for q in questions if q.kind == QuestionKind.LONG_TEXT]
    return [str(answers.get(key) or "") for key in dict.fromkeys(["title", "summary", *long])]


def marks_of(questions: Sequence[Question], answers: Mapping[str, Any]) -> set[str]:
    """Who is named: accounts, e-mail addresses and ORCID iDs, as they are shown."""
    marks = {ADDRESSES[platform] + name for platform, name in handles_in(questions, answers)}
    for question in questions:
        said = answers.get(question.key)
        rows: list[Any] = said if question.kind == QuestionKind.TEAM and isinstance(said, list) else []
        if question.kind in {QuestionKind.EMAIL, QuestionKind.ORCID}:
            rows = [{"of": said}]
        for row in rows:
            named = [row.get(key) for key in ("email", "orcid", "of")] if isinstance(row, Mapping) else []
            marks |= {str(each).strip().lower() for each in named if each}
    return marks


def text_hashes(version: ApplicationVersion) -> set[int]:
    return set(sketch(shingles(texts_of(version.questions(), version.answers))))


def name_hashes(version: ApplicationVersion) -> set[int]:
    return {hashed(f"named {mark}") for mark in marks_of(version.questions(), version.answers)}


def to_sketch() -> "models.QuerySet[ApplicationVersion]":
    """Submitted versions newer than what was sketched of their application, the oldest first."""
    known = Sketch.objects.filter(application=OuterRef("application")).values("version")
    newest = ApplicationVersion.objects.filter(application=OuterRef("application")).order_by("-number")
    rows = ApplicationVersion.objects.annotate(
        known=Subquery(known), newest=Subquery(newest.values("number")[:1])
    )
    rows = rows.filter(Q(known=None) | Q(known__lt=F("number")), number=F("newest"))
    return rows.order_by("submitted_at", "pk")


SHARING = """
SELECT near.sketch_id, count(*) AS shared
FROM unnest(%s::bigint[]) AS mine(hash)
CROSS JOIN LATERAL (
    SELECT sketch_id FROM grants_sketchhash WHERE hash = mine.hash LIMIT %s
) AS near
WHERE near.sketch_id <> %s
GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT %s
"""


def sharing(hashes: Iterable[int], *, apart_from: Application, most: int) -> list[int]:
    """Applications (by primary key) that share most of these hashes. One look into the index for each."""
    with connection.cursor() as cursor:
        cursor.execute(SHARING, [list(hashes), OF_ONE_HASH, apart_from.pk, most])
        return [row[0] for row in cursor.fetchall()]
