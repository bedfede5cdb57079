"""Our side of the comparison with perceval, in a process of its own: looks until nothing is due."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  (after Django is set up)

from contributions.actions.sources import claim_due, hurry, watch  # noqa: E402
from contributions.actions.sync import sync_source  # noqa: E402
from contributions.models import Contribution, Source  # noqa: E402


def main() -> None:
    """Told on the command line: the organisation."""
    call_command("migrate", verbosity=0)
    source = watch(actor=None, platform="github", name=sys.argv[1])
    hurry(source=source)
    while claimed := claim_due(limit=100):
        for source_id, lease in claimed:
            sync_source(source_id=source_id, lease=lease)
    trouble = list(Source.objects.exclude(trouble="").values_list("trouble", flat=True))
    rows = {row.external_id for row in Contribution.objects.all()}
    json.dump({"rows": sorted(rows), "trouble": trouble}, sys.stdout)


main()
