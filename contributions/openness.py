"""How open a release is: a class of the Model Openness Framework, with the evidence in words. Pure.

The rule, as the framework's reference implementation has it (lfai/model_openness_tool, `ModelEvaluator.php`):
a component counts when it is released under an open licence. Its own licence goes before the one for all
code, all data or all documents, and that before the one for the whole release. An open licence written for
another kind of thing counts, and is told. A class is met when everything it and the classes before it ask
for counts.

The paper (arXiv:2403.13784, table of acceptable licences) would take datasets under any terms, also none;
the reference implementation does not, and neither do we, so that our classes can be compared with its.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.openness_components import ASKED, COMPONENTS, OPTIONAL, Component
from contributions.openness_licences import ABSENT, KIND_WORDS, UNDISCLOSED, UNLICENSED, judge

RULE = 1
CLASSES = (3, 2, 1)
ROMAN = {3: "III", 2: "II", 1: "I"}
NEXT: dict[int | None, int] = {None: 3, 3: 2, 2: 1}


class Covers(StrEnum):
    """Where the licence of a component was found."""

    COMPONENT = "component"
    KIND = "kind"
    RELEASE = "release"


COVERS_WORDS: dict[Covers, Promise | str] = {
    Covers.COMPONENT: "",
    Covers.KIND: gettext_lazy(", the licence given for all %(kind)s"),
    Covers.RELEASE: gettext_lazy(", the licence of the whole release"),
}


class Verdict(StrEnum):
    FITS = "fits"
    OPEN = "open"
    NOT_OPEN = "not_open"
    UNLICENSED = "unlicensed"
    UNDISCLOSED = "undisclosed"
    ABSENT = "absent"  # listed, and said not to be there


VERDICT_WORDS: dict[Verdict, Promise] = {
    Verdict.FITS: gettext_lazy("Open"),
    Verdict.OPEN: gettext_lazy("Open, made for something else"),
    Verdict.NOT_OPEN: gettext_lazy("Not open"),
    Verdict.UNLICENSED: gettext_lazy("No licence"),
    Verdict.UNDISCLOSED: gettext_lazy("Licence unknown"),
    Verdict.ABSENT: gettext_lazy("Not released"),
}
COUNTING = frozenset({Verdict.FITS, Verdict.OPEN})

WHY: dict[Verdict, Promise] = {
    Verdict.FITS: gettext_lazy(
        "%(component)s: released under %(licence)s%(covers)s, an open licence that fits %(kind)s."
    ),
    Verdict.OPEN: gettext_lazy(
        "%(component)s: released under %(licence)s%(covers)s, an open licence, though not one for %(kind)s."
    ),
    Verdict.NOT_OPEN: gettext_lazy(
        "%(component)s: released under %(licence)s%(covers)s, which is not open: %(restriction)s."
    ),
    Verdict.UNLICENSED: gettext_lazy(
        "%(component)s: released, but unlicensed, which allows nobody to use it."
    ),
    Verdict.UNDISCLOSED: gettext_lazy(
        "%(component)s: there, but its licence is undisclosed, so nobody can tell what is allowed."
    ),
    Verdict.ABSENT: gettext_lazy("%(component)s: not released, says its licence (%(licence)s)."),
}


@dataclass(frozen=True)
class Part:
    """A component of a release, and the licence it has, as its publisher wrote it; empty for none."""

    component: str  # slug
    licence: str
    covers: Covers = Covers.COMPONENT
    evidence_url: str = ""


@dataclass(frozen=True)
class Finding:
    part: Part
    verdict: Verdict
    why: str

    @property
    def counts(self) -> bool:
        return self.verdict in COUNTING

    @property
    def released(self) -> bool:
        return self.verdict != Verdict.ABSENT


@dataclass(frozen=True)
class Classed:
    """`openness_class` is None where not even class III is met; `missing` is what the next class wants."""

    openness_class: int | None
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]

    @property
    def next_class(self) -> int | None:
        return NEXT.get(self.openness_class)

    def as_json(self, *, source: str = "entry") -> dict[str, Any]:
        """What Artifact.openness keeps. `source` tells whether a whole entry or the Hub's page was read."""
        return {
            "rule": RULE,
            "source": source,
            "class": self.openness_class,
            "components": [
                {
                    "component": finding.part.component,
                    "licence": judge(finding.part.licence).spdx or finding.part.licence,
                    "covers": finding.part.covers.value,
                    "verdict": finding.verdict.value,
                    "why": finding.why,
                    "evidence_url": finding.part.evidence_url,
                }
                for finding in self.findings
            ],
            "missing": list(self.missing),
        }


def kept_parts(kept: Mapping[str, Any]) -> list[Part]:
    """The components that were kept as JSON, to be judged again when the rule has changed."""
    return [
        Part(each["component"], each["licence"], Covers(each["covers"]), each["evidence_url"])
        for each in kept.get("components", [])
    ]


def _listed(parts: Iterable[Part]) -> dict[str, Part]:
    """By component, the first of each, in the framework's order."""
    there: dict[str, Part] = {}
    for part in parts:
        there.setdefault(part.component, part)
    return {slug: there[slug] for slug in COMPONENTS if slug in there}


def _verdict(part: Part, component: Component) -> Verdict:
    said = part.licence.strip().lower()
    if not said or said in UNLICENSED:
        return Verdict.UNLICENSED
    if ABSENT.fullmatch(said):
        return Verdict.ABSENT
    if said in UNDISCLOSED:
        return Verdict.UNDISCLOSED
    judged = judge(part.licence)
    if not judged.is_open:
        return Verdict.NOT_OPEN
    return Verdict.FITS if component.kind in judged.kinds else Verdict.OPEN


def find(part: Part) -> Finding:
    """Whether the component counts, and a sentence that names it, its licence and the verdict."""
    component = COMPONENTS[part.component]
    verdict, judged = _verdict(part, component), judge(part.licence)
    kind = str(KIND_WORDS[component.kind])
    why = str(WHY[verdict]) % {
        "component": component.label,
        "licence": judged.shown,
        "covers": str(COVERS_WORDS[part.covers]) % {"kind": kind},
        "kind": kind,
        "restriction": judged.restriction,
    }
    return Finding(part, verdict, f"{why} {_ending(part, verdict)}")


def _ending(part: Part, verdict: Verdict) -> str:
    if part.component in OPTIONAL:
        return _("No class asks for it.")
    return _("It counts.") if verdict in COUNTING else _("It does not count.")


def _lacking(asked: tuple[str, ...], findings: Mapping[str, Finding], complete: bool) -> str:
    """What is the matter with a requirement, as a sentence; empty where it is met."""
    if any(slug in findings and findings[slug].counts for slug in asked):
        return ""
    names = _(" or ").join(str(COMPONENTS[slug].label) for slug in asked)
    if any(slug in findings and findings[slug].released for slug in asked):
        return _("%(names)s: released, but not under an open licence.") % {"names": names}
    sentence = _("%(names)s: not released.") if complete else _("%(names)s: not seen.")
    return sentence % {"names": names}


def class_release(parts: Iterable[Part], *, complete: bool = True) -> Classed:
    """The class that the components earn together, with a finding for each and what the next class wants.

    `complete`: the parts are all that was released, as in an entry of the framework.
    """
    findings = {slug: find(part) for slug, part in _listed(parts).items()}
    earned: int | None = None
    missing: Sequence[str] = ()
    for each in CLASSES:
        missing = [lack for asked in ASKED[each] if (lack := _lacking(asked, findings, complete))]
        if missing:
            break
        earned = each
    return Classed(earned, tuple(findings.values()), tuple(missing))
