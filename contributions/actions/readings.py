"""The platforms' counters, day by day."""

from contributions.actions.rollups import mark_readings_stale
from contributions.found import FoundArtifact
from contributions.models import Artifact, Reading

FIELDS = ["downloads", "downloads_all_time", "likes", "stars"]


def read_off(pairs: list[tuple[Artifact, FoundArtifact]]) -> tuple[int, int]:
    """One reading a day; the day's last one stands. Returns how many are new, and how many changed."""
    wanted = {(artifact.pk, said.reading.day): said.reading for artifact, said in pairs if said.reading}
    there = {
        (row.artifact_id, row.day): row
        for row in Reading.objects.filter(
            artifact__in={pk for pk, _day in wanted}, day__in={day for _pk, day in wanted}
        )
    }
    rows = []
    for key in sorted(wanted):
        values = {name: getattr(wanted[key], name) for name in FIELDS}
        if key not in there or any(getattr(there[key], name) != value for name, value in values.items()):
            rows.append(Reading(artifact_id=key[0], day=key[1], **values))
    if not rows:
        return 0, 0
    Reading.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["artifact", "day"], update_fields=FIELDS
    )
    mark_readings_stale(days={row.day for row in rows})
    new = sum((row.artifact_id, row.day) not in there for row in rows)
    return new, len(rows) - new
