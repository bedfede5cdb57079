"""The public log of corrections: what was decided, in the words meant for everybody."""

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.models import Correction
from contributions.models.contested import in_words
from contributions.models.corrections import CorrectionQuerySet
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.updates import Updates

OPEN_SHOWN = 500
SUBJECTS = ("nation", "artifact", "account", "affiliation", "contribution")


def decided() -> CorrectionQuerySet:
    """Newest decision first."""
    return Correction.objects.decided().select_related(*SUBJECTS).order_by("-decided_at", "-pk")


def decided_figure(corrections: Iterable[Correction], title: str) -> Figure:
    found = list(corrections)
    return Figure(
        slug="decided",
        title=title,
        sentence=_("Whoever finds a figure wrong can contest it; an officer decides."),
        columns=(
            Column("reference", _("Reference"), names=True),
            Column("about", _("About")),
            Column("outcome", _("Outcome")),
            Column("summary", _("What was found")),
            Column("changed", _("What was changed")),
            Column("filed", _("Filed")),
            Column("decided", _("Decided")),
            Column("page", _("Page"), in_table=False),
        ),
        rows=tuple(_row(each) for each in found),
        source=Source(
            _("This site"),
            retrieved=max((each.decided_at for each in found if each.decided_at), default=None),
            updates=Updates.AT_ONCE,
        ),
        open_table=True,
        empty=Empty(
            _("Nothing has been decided yet"),
            _("Under every figure a link says “Contest it”. What comes of that is listed here."),
            reverse("contributions:contest"),
            _("Contest something"),
        ),
    )


def _row(correction: Correction) -> Row:
    sentences = [str(change.get("sentence", "")) for change in correction.changes]
    return Row(
        correction.reference,
        {
            "reference": correction.reference,
            "about": in_words(correction),
            "outcome": str(correction.get_state_display()),
            "summary": correction.public_summary,
            "changed": " ".join(sentences) or _("nothing"),
            "filed": correction.filed_at.date(),
            "decided": correction.decided_at.date() if correction.decided_at else None,
            "page": correction.page,
        },
        url=correction.get_absolute_url(),
    )


def open_figure() -> Figure:
    """One query. How many wait, by what they are about; never what somebody wrote."""
    waiting = Correction.objects.open().select_related(*SUBJECTS).order_by("filed_at")[:OPEN_SHOWN]
    about = Counter(in_words(each) for each in waiting)
    return Figure(
        slug="open",
        title=_("Being looked at: %(count)s") % {"count": words.number(sum(about.values()))},
        sentence="",
        columns=(
            Column("about", _("About"), names=True),
            Column("count", _("Corrections"), number=True),
        ),
        rows=tuple(Row(said, {"about": said, "count": Reading.of(n)}) for said, n in about.most_common()),
        source=Source(_("This site"), updates=Updates.AT_ONCE),
        open_table=True,
        empty=Empty(_("Nothing waits"), _("Every correction that was filed has been decided.")),
    )
