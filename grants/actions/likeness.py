"""Sketches of submitted applications: derived from the versions, and made anew whenever that is wanted."""

from django.db import transaction

from grants.models.applications import ApplicationVersion
from grants.models.likeness import Sketch, SketchHash, name_hashes, text_hashes, to_sketch

AT_ONCE = 200


def record_likeness(*, version: ApplicationVersion) -> Sketch:
    """Sketch one submitted version, in the place of what was sketched of its application before."""
    return record_many([version])[0]


def record_due_likeness(*, limit: int = 1000) -> int:
    """Sketch what was submitted since. How many that was."""
    done = 0
    while done < limit and (due := list(to_sketch()[: min(AT_ONCE, limit - done)])):
        record_many(due)
        done += len(due)
    return done


def forget_likeness() -> int:
    """Forget all sketches, so that all are made anew: after a change of how they are made."""
    count, _each = Sketch.objects.all().delete()
    return count


def record_many(versions: list[ApplicationVersion]) -> list[Sketch]:
    sketches = [Sketch(application_id=each.application_id, version=each.number) for each in versions]
    rows = [
        SketchHash(hash=number, sketch_id=version.application_id)
        for version in versions
        for number in sorted(text_hashes(version) | name_hashes(version))
    ]
    with transaction.atomic():
        Sketch.objects.bulk_create(
            sketches, update_conflicts=True, unique_fields=["application"], update_fields=["version"]
        )
        SketchHash.objects.filter(sketch__in=[each.application_id for each in versions]).delete()
        SketchHash.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    return sketches
