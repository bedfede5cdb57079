"""Rows as COPY wants them; one that cannot be right is refused with a sentence that names it."""

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.bulk_keys import Keys
from contributions.found import ArtifactKey, FoundContribution, FoundReading
from contributions.models import ContributionKind
from mission.errors import Refused

KINDS = frozenset(ContributionKind.values)
LONGEST = {"external_id": 150, "evidence_url": 400, "revision": 64}  # as the table has it
LARGEST = 2**63 - 1


def escaped(text: str) -> str:
    """In COPY's text format the backslash, and what ends a column or a row, are written otherwise."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class Lines:
    """Counts the rows, so that the one refused can be found."""

    def __init__(self) -> None:
        self.keys = Keys()
        self.count = self.repeated = 0

    def of_contributions(self, rows: Sequence[FoundContribution]) -> Iterator[str]:
        """In the order of COLUMNS in bulk.py. Of those with one external id the last one stands.

        All that must be asked is asked before the first line: while lines are copied nothing else can be.
        """
        self.keys.learn_artifacts(row.artifact for row in rows)
        self.keys.learn_accounts(row.account for row in rows)
        now = timezone.now().isoformat()
        since = self.count + 1
        last = {row.external_id: place for place, row in enumerate(rows, since)}
        self._counted(len(rows), len(last))
        placed = enumerate(rows, since)
        return (self._contribution(n, row, now) for n, row in placed if last[row.external_id] == n)

    def _contribution(self, place: int, row: FoundContribution, now: str) -> str:
        external_id, url, revision = row.external_id, row.evidence_url, row.revision
        if row.kind not in KINDS or not external_id or row.happened_at.tzinfo is None:
            raise _wrong(place, row)
        if len(external_id) > 150 or len(url) > 400 or len(revision) > 64:
            raise _too_long(place, row)
        words = f"{external_id}{url}{revision}"
        if "\\" in words or not words.isprintable():
            external_id, url, revision = escaped(external_id), escaped(url), escaped(revision)
        key = row.artifact
        artifact = self.keys.artifacts.get(key) or self.keys.missing(key, _named(place, row))
        # See benchmarks.kind_published: a dataset that is a benchmark counts once, as that.
        kind = "benchmark" if row.kind == "dataset" and artifact in self.keys.benchmarks else row.kind
        who = row.account
        account = self.keys.accounts[who.platform, who.platform_id][1] if who else "\\N"
        return (
            f"{external_id}\t{kind}\t{row.happened_at.isoformat()}\t{key.platform}\t{url}\t{revision}\t"
            f"{account}\t{artifact}\t{now}"
        )

    def of_readings(self, rows: Sequence[tuple[ArtifactKey, FoundReading]]) -> list[str]:
        """In the order of COLUMNS in bulk_readings.py. Of one artefact's on one day the last one stands."""
        self.keys.learn_artifacts(key for key, _said in rows)
        pks, lines = self.keys.artifacts, {}
        for place, (key, said) in enumerate(rows, self.count + 1):
            pk = pks.get(key) or self.keys.missing(key, _("Row %(place)d") % {"place": place})
            counts = (said.downloads, said.downloads_all_time, said.likes, said.stars)
            if any(n is not None and not 0 <= n <= LARGEST for n in counts):
                raise Refused(
                    _("Row %(place)d has a count that cannot be: %(counts)s.")
                    % {"place": place, "counts": counts},
                    status=422,
                )
            a, b, c, d = ("\\N" if n is None else n for n in counts)
            lines[pk, said.day] = f"{pk}\t{said.day}\t{a}\t{b}\t{c}\t{d}"
        self._counted(len(rows), len(lines))
        return list(lines.values())

    def _counted(self, rows: int, lines: int) -> None:
        self.count += rows
        self.repeated += rows - lines


def _named(place: int, row: FoundContribution) -> str:
    return _("Row %(place)d (%(id)s)") % {"place": place, "id": row.external_id[:200]}


def _too_long(place: int, row: FoundContribution) -> Refused:
    name, most = next((name, most) for name, most in LONGEST.items() if len(getattr(row, name)) > most)
    words = {"row": _named(place, row), "name": name, "most": most}
    return Refused(_("%(row)s: %(name)s is longer than %(most)d characters.") % words, status=422)


def _wrong(place: int, row: FoundContribution) -> Refused:
    if not row.external_id:
        return Refused(_("Row %(place)d has no external id.") % {"place": place}, status=422)
    if row.happened_at.tzinfo is None:
        return Refused(_("%(row)s has a time without a zone.") % {"row": _named(place, row)}, status=422)
    words = {"row": _named(place, row), "kind": row.kind}
    return Refused(_("%(row)s is of a kind that is not there: %(kind)s.") % words, status=422)
