"""The three elements that the Open Source AI Definition asks for, from the same components. Pure.

Source: Open Source AI Definition 1.0 of 2024-10-28 (opensource.org/ai). *Code* to train and run the system,
under licences the OSI approved; *parameters*, under open terms; *data information* detailed enough for a
skilled person to build an equivalent system, under open terms: the datasets themselves need not be released.

The definition judges a system; we only see what was released. Whether a description of the data is detailed
enough, nobody but a reader can say, and the reason says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contributions.openness import Finding
from contributions.openness_components import COMPONENTS
from contributions.openness_licences import judge

NEEDED_CODE = ("architecture", "preprocessing_code", "training_code", "inference_code")
DESCRIBING_DATA = ("data_card", "datasets")
MAY_DESCRIBE_DATA = ("technical_report", "research_paper")
ELEMENTS: dict[str, Promise] = {
    "code": pgettext_lazy("of programs", "Code"),
    "parameters": gettext_lazy("Parameters"),
    "data": gettext_lazy("Data information"),
}


@dataclass(frozen=True)
class Element:
    """`met` is None where it cannot be known from what was seen."""

    met: bool | None
    why: str


def _names(slugs: Iterable[str]) -> str:
    return _(", ").join(str(COMPONENTS[slug].label) for slug in slugs)


def _code(there: Mapping[str, Finding], complete: bool) -> Element:
    closed = [
        slug for slug in NEEDED_CODE if slug in there and not judge(there[slug].part.licence).is_open_source
    ]
    absent = [slug for slug in NEEDED_CODE if slug not in there]
    if closed:
        return Element(
            False, _("Not under a licence the OSI approved: %(names)s.") % {"names": _names(closed)}
        )
    if absent and complete:
        return Element(False, _("Not released: %(names)s.") % {"names": _names(absent)})
    if absent:
        return Element(None, _("Not seen, and may be elsewhere: %(names)s.") % {"names": _names(absent)})
    sentence = _("Under licences the OSI approved: %(names)s.")
    return Element(True, sentence % {"names": _names(NEEDED_CODE)})


def _parameters(there: Mapping[str, Finding], complete: bool) -> Element:
    final = there.get("parameters")
    if final is None and complete:
        return Element(False, _("The parameters are not released."))
    if final is None:
        return Element(None, _("No parameters were seen."))
    if final.counts:
        licence = judge(final.part.licence).shown
        return Element(True, _("Released under %(licence)s, which is open.") % {"licence": licence})
    return Element(False, _("Released, but not under open terms."))


def _data(there: Mapping[str, Finding], complete: bool) -> Element:
    described = [slug for slug in DESCRIBING_DATA if slug in there and there[slug].counts]
    hinted = [slug for slug in MAY_DESCRIBE_DATA if slug in there and there[slug].counts]
    if described:
        sentence = _("Under open terms: %(names)s. Whether they tell enough, a reader must judge.")
        return Element(True, sentence % {"names": _names(described)})
    if hinted:
        sentence = _("No open data card or datasets; this may describe the data: %(names)s.")
        return Element(None, sentence % {"names": _names(hinted)})
    if closed := [slug for slug in (*DESCRIBING_DATA, *MAY_DESCRIBE_DATA) if slug in there]:
        return Element(False, _("Released, but not under open terms: %(names)s.") % {"names": _names(closed)})
    if complete:
        return Element(False, _("Nothing that was released describes the data."))
    return Element(None, _("Nothing that describes the data was seen."))


def elements(findings: Iterable[Finding], *, complete: bool) -> dict[str, Element]:
    """`complete`: the findings are all that was released, so what is not among them is not there."""
    there = {finding.part.component: finding for finding in findings if finding.released}
    return {
        "code": _code(there, complete),
        "parameters": _parameters(there, complete),
        "data": _data(there, complete),
    }


def as_json(found: Mapping[str, Element]) -> dict[str, Any]:
    """What Artifact.osaid keeps."""
    return {name: {"met": element.met, "why": element.why} for name, element in found.items()}
