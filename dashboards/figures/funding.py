"""Which open call would fund what a language lacks: by the kind of its programme, and who it is for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.charts.figure import Cell, Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.languages import NEEDS, Need, Spoken, missing_of
from dashboards.figures.places import Place
from dashboards.updates import Updates
from grants.forms.call_filters import is_for
from grants.models import Call

SHORTEST = 4  # letters of a language's name that are looked for in a call's words


def open_calls(place: Place | None) -> list[Call]:
    """One query. The next to close first; without those that are not for applicants of the place."""
    found = Call.objects.public().open().for_lists().order_by("closes_at", "pk")
    return [call for call in found if place is None or is_for(call, place.code)]


@dataclass(frozen=True, slots=True)
class Funding:
    """`named`: by call, the languages its title or summary names; where there are any, it is for those."""

    calls: list[Call]
    named: dict[int, frozenset[str]]

    @classmethod
    def of(cls, calls: list[Call], languages: Iterable[Spoken]) -> "Funding":
        known = {one.name: one.code for one in languages if len(one.name) >= SHORTEST}
        named = {}
        for call in calls:
            text = f"{call.title} {call.summary}"
            words = set(re.findall(r"\w+", text))
            likely = [name for name in known if name.split()[0].strip("(),") in words]
            named[call.pk] = frozenset(
                known[name] for name in likely if re.search(rf"\b{re.escape(name)}\b", text)
            )
        return cls(calls, named)

    def call_for(self, need: Need, language: str | None = None) -> Call | None:
        """The one that names the language before one that is for all; the nearest programme first."""
        fitting = [call for kind in need.programmes for call in self.calls if call.programme.kind == kind]
        meant = [call for call in fitting if language and language in self.named[call.pk]]
        anybody = [call for call in fitting if not self.named[call.pk]]
        return next(iter([*meant, *anybody]), None)

    def __call__(self, language: Spoken) -> tuple[str, str]:
        """What stands in the language's row, and the address it leads to."""
        if not language.lacks:
            return _("nothing is missing"), ""
        for need in language.lacks:
            if call := self.call_for(need, language.code):
                return call.title, call.get_absolute_url()
        return _("none open now"), ""


def funding_figure(found: Sequence[Spoken], funding: Funding) -> Figure:
    """No query. What is missing most, and the open call that gives for it."""
    missing = missing_of(found)
    rows = []
    for need in NEEDS:
        call = funding.call_for(need)
        told: dict[str, Cell] = {
            "need": str(need.label),
            "call": call.title if call else _("none open now"),
            "closes": call.closes_in_words if call else "",
            "without": Reading.of(missing[need.key]),
        }
        rows.append(Row(need.key, told, links={"call": call.get_absolute_url()} if call else {}))
    return Figure(
        slug="funding",
        title=_("Which open call gives for what is missing"),
        sentence="",
        columns=(
            Column("need", _("What is missing"), names=True),
            Column("call", _("Open call")),
            Column("closes", _("Closes")),
            Column("without", _("Languages without it"), number=True),
        ),
        rows=tuple(rows) if found else (),
        source=Source(_("The Mission's calls"), updates=Updates.AT_ONCE),
        note=_(
            "By the kind of programme: compute grants and efficiency research for models, dataset grants for "
            "data and speech, benchmark labs for evaluations, fellowships and incentives for applications. "
            "A call that names languages is offered for those alone. Whether you may apply, the call says."
        ),
        open_table=True,
        empty=Empty(_("Nothing matches")),
    )
