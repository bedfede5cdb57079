"""Publishing the data: all tables as of one moment, in files that never change again, or nothing at all.

One release is written at a time, by whoever holds its lease. Its files lie in a folder of the lease's name
until all are there; then, in one transaction, the release becomes what everybody sees. Killed anywhere, a
publisher leaves a lease that lapses and files that nobody sees, and the next one clears them away.
"""

import datetime
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import Rollup
from dashboards.models import DataFile, DataRelease, ReleaseStatus
from dashboards.releases.dcat import Months
from dashboards.releases.describe import Edition, edition
from dashboards.releases.files import Written, snapshot, write_table
from dashboards.releases.making import changes, described, digest, write_awards
from dashboards.releases.places import folder_of, part_of
from dashboards.releases.tables import TABLES
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User


class Outcome(NamedTuple):
    release: DataRelease
    is_new: bool


def publish_due() -> Outcome | None:
    """What the clock asks: this month's release, unless there is one or somebody writes it."""
    if DataRelease.objects.of_month(timezone.now()).exists():
        return None
    try:
        return publish_release(actor=None)
    except Refused:
        return None


def publish_release(*, actor: User | None) -> Outcome:
    """All tables as they are now; the newest release again where nothing in them has changed since.

    Raises Refused while another is being written.
    """
    release, lease = _claim()
    folder = part_of(lease)
    try:
        folder.mkdir(parents=True)
        with snapshot():
            files = [file for table in TABLES for file in write_table(folder, table)]
            awards = write_awards(folder)
            months = Months(**Rollup.objects.fresh().aggregate(first=Min("month"), last=Max("month")))
        told = digest(files)
        before = DataRelease.objects.published().first()
        if before and before.digest == told:
            return Outcome(before, is_new=False)
        release.digest, release.rows = told, sum(f.rows or 0 for f in files if f.name.endswith(".csv"))
        return Outcome(_finish(release, actor, before, [*files, *awards], folder, months), is_new=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        DataRelease.objects.writing().filter(lease=lease).delete()


def _claim() -> tuple[DataRelease, uuid.UUID]:
    """The turn to write: that of a publisher that is gone, or a new one."""
    now, lease = timezone.now(), uuid.uuid4()
    until = now + datetime.timedelta(seconds=settings.RELEASE_LEASE_SECONDS)
    left = DataRelease.objects.writing().filter(leased_until__lte=now)
    gone = list(left.values_list("lease", flat=True))
    if left.update(lease=lease, leased_until=until, began_at=now):
        for each in filter(None, gone):
            shutil.rmtree(part_of(each), ignore_errors=True)
        return DataRelease.objects.get(lease=lease), lease
    try:
        with transaction.atomic():
            return DataRelease.objects.create(lease=lease, leased_until=until), lease
    except IntegrityError as error:
        raise Refused(_("A release is being written just now. Look again in a few minutes.")) from error


def _finish(
    release: DataRelease,
    actor: User | None,
    before: DataRelease | None,
    files: list[Written],
    folder: Path,
    months: Months,
) -> DataRelease:
    """Compare, describe, and show."""
    now = timezone.now()
    of = edition(_name(now), now)
    release.changes = changes(before, folder)
    files += described(of, files, folder, release.changes, months)
    return _show(release, actor, of, files, folder)


def _name(now: datetime.datetime) -> str:
    day = f"{now.astimezone(datetime.UTC):%Y-%m-%d}"
    count = DataRelease.objects.published().filter(name__startswith=day).count()
    return f"{day}-{count + 1}" if count else day


def _show(
    release: DataRelease, actor: User | None, of: Edition, files: Sequence[Written], folder: Path
) -> DataRelease:
    """From here on everybody sees it. Whose lease has passed to somebody else shows nothing."""
    lease, place = release.lease, folder_of(of.name)
    with transaction.atomic():
        held = DataRelease.objects.writing().filter(pk=release.pk, lease=lease)
        if not held.update(
            status=ReleaseStatus.PUBLISHED, name=of.name, published_at=of.published_at, published_by=actor,
            rows=release.rows, digest=release.digest, changes=release.changes, lease=None, leased_until=None,
        ):  # fmt: skip
            raise Refused(_("Another publisher took over, as this one was too slow. Nothing was published."))
        DataFile.objects.bulk_create(
            DataFile(
                release=release, name=f.name, table=f.table, media_type=f.media_type, size=f.size,
                packed_size=f.packed_size, rows=f.rows, sha256=f.sha256,
            )
            for f in files
        )  # fmt: skip
        record(actor=actor, verb="data.published", target=release, name=of.name, rows=release.rows)
        shutil.rmtree(place, ignore_errors=True)  # of a publisher killed after this and before the commit
        folder.rename(place)
    return DataRelease.objects.get(pk=release.pk)
