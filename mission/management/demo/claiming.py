"""Whose it is, in the demo: a fellow who claimed an account, bots, an entry of the log, corrections."""

import datetime

from django.conf import settings
from django.utils import timezone

from contributions.actions.accounts import register_accounts
from contributions.actions.attribution import affiliate
from contributions.actions.contributions import store
from contributions.actions.corrections import decide, file_correction
from contributions.actions.identities import claim, merge, show_sign_in
from contributions.actions.rollups import recompute_stale
from contributions.actions.sources import watch
from contributions.actions.watching import stop_watching
from contributions.bots import seen
from contributions.found import ArtifactKey, Found, FoundAccount, FoundContribution
from contributions.models import Artifact, ArtifactKind, Grade, Method, Platform
from mission.management.demo.people import Cast
from mission.models import Nation

MACHINES = (("dependabot[bot]", "Bot"), ("Copilot", "Bot"), ("kaveri-release-bot", "User"))


def claim_and_contest(cast: Cast) -> None:
    officer, fellow = cast.people["officer"], cast.people["fellow"]
    repository = Artifact.objects.filter(kind=ArtifactKind.REPOSITORY).order_by("pk").first()
    if repository is not None:
        work_of_machines(repository)
    told = FoundAccount(Platform.GITHUB, "demo-fellow", "demo-fellow", "person", fellow.name)
    old = FoundAccount(Platform.GITHUB, "demo-fellow-old", "demo-fellow-old", "person")
    rows = register_accounts(found=[told, old])
    show_sign_in(user=fellow, platform=told.platform, uid=told.platform_id, login=told.login)
    claim(actor=fellow, account=rows[told.key])
    merge(actor=officer, accounts=list(rows.values()), reason="The old profile says where it moved.")
    home = Nation.objects.get(pk=settings.HOME_NATION)
    affiliate(
        actor=fellow, account=rows[told.key], nation=home, grade=Grade.A,
        valid_from=timezone.localdate() - datetime.timedelta(days=200), method=Method.SELF_DECLARED,
    )  # fmt: skip
    left = watch(actor=officer, platform=Platform.GITHUB, name="demo-kaveri")
    stop_watching(actor=officer, source=left)  # the demo asks no platform about invented people
    answered = file_correction(actor=None, about="/bots/", text="kaveri-release-bot belongs on this list.")
    words = "It is on the list since it came in: its name ends in -bot."
    decide(actor=officer, correction=answered, accept=False, public_summary=words)
    file_correction(actor=fellow, about=f"account:{rows[old.key].pk}", text="This one was never mine.")
    recompute_stale()


def work_of_machines(repository: Artifact) -> None:
    key = ArtifactKey(repository.platform, repository.kind, repository.platform_id)
    accounts = [seen(Platform.GITHUB, f"demo-{login}", login, kind) for login, kind in MACHINES]
    when = timezone.now() - datetime.timedelta(days=40)
    store(
        found=Found(
            contributions=tuple(
                FoundContribution(
                    f"github:pull:demo-machine-{number}-{turn}", "merged_change", key, each,
                    when - datetime.timedelta(days=9 * turn), repository.url,
                )
                for number, each in enumerate(accounts)
                for turn in range(4 + 5 * number)
            )
        )
    )  # fmt: skip
