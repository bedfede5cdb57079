"""Loading the reference data: nations, languages, and who speaks what where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from mission import reference
from mission.errors import Refused
from mission.models import Language, LanguageSpeakers, Nation

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Loaded:
    """How many rows there are now, and how many of them this load wrote or removed."""

    nations: int
    languages: int
    speakers: int
    changed: int


def load_reference() -> Loaded:
    """Bring nations, languages and speakers to what the reference packages say. Twice changes nothing."""
    nations = reference.nations()
    languages = reference.languages()
    speakers = reference.speakers(nations, languages)
    with transaction.atomic():
        changed = _put(Nation, nations, key=lambda row: row.code)
        changed += _put(Language, languages, key=lambda row: row.code)
        changed += _put(LanguageSpeakers, speakers, key=lambda row: (row.language_id, row.nation_id))
        now = {(row.language_id, row.nation_id) for row in speakers}
        gone = [
            row.pk for row in LanguageSpeakers.objects.all() if (row.language_id, row.nation_id) not in now
        ]
        if gone:
            changed += LanguageSpeakers.objects.filter(pk__in=gone).delete()[0]
    return Loaded(len(nations), len(languages), len(speakers), changed)


def ensure_nation(*, code: str) -> Nation:
    """One nation of ISO 3166-1, loaded if it is not yet there."""
    found = Nation.objects.filter(code=code).first()
    if found is None:
        found = reference.nation(code)
        if found is None:
            raise Refused(_("%(code)s is no nation of ISO 3166-1.") % {"code": code}, status=422)
        found.save()
    return found


def _put(model: type[M], rows: Iterable[M], *, key: Callable[[M], object]) -> int:
    """Insert what is new and update what differs; leave the rest alone. Returns how many were written."""
    key_fields = ["code"] if model is not LanguageSpeakers else ["language", "nation"]
    fields = [f for f in model._meta.concrete_fields if f.name not in (*key_fields, "id")]

    def facts(row: M) -> list[object]:
        return [getattr(row, field.attname) for field in fields]

    there = {key(row): facts(row) for row in model._default_manager.all()}
    differing = [row for row in rows if there.get(key(row)) != facts(row)]
    model._default_manager.bulk_create(
        differing,
        update_conflicts=True,
        unique_fields=key_fields,
        update_fields=[field.name for field in fields],
    )
    return len(differing)
