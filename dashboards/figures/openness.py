"""How open a model is: its class with the evidence component by component, and the definition's elements."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions.models import Artifact, ArtifactKind
from contributions.models.artifacts import OpennessClass
from contributions.openness import NEXT, ROMAN, VERDICT_WORDS, Verdict, class_release, kept_parts
from contributions.openness_components import COMPONENTS
from contributions.osaid import ELEMENTS, as_json, elements
from dashboards.charts.figure import Column, Empty, Figure, Row, Source
from dashboards.figures.catalogue import platform_name

FRAMEWORK = "https://arxiv.org/abs/2403.13784"
DEFINITION = "https://opensource.org/ai/open-source-ai-definition"


def openness_figures(artifact: Artifact) -> list[Figure]:
    """No query. Only models are classed."""
    if artifact.kind != ArtifactKind.MODEL:
        return []
    kept, osaid = _in_words(artifact)
    return [class_figure(artifact, kept), elements_figure(artifact, osaid)]


def _in_words(artifact: Artifact) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was found, and the definition's elements. The sentences kept are English; in another language they
    are said again from the same components."""
    kept: dict[str, Any] = artifact.openness
    if not kept or get_language() == settings.LANGUAGE_CODE:
        return kept, artifact.osaid
    complete = kept.get("source") == "entry"
    classed = class_release(kept_parts(kept), complete=complete)
    said = classed.as_json(source=kept.get("source", ""))
    return said, as_json(elements(classed.findings, complete=complete))


def class_figure(artifact: Artifact, kept: dict[str, Any]) -> Figure:
    return Figure(
        slug="openness",
        title=_("How open it is"),
        sentence=_standing(artifact),
        columns=(
            Column("component", _("Component"), names=True),
            Column("licence", _("Licence")),
            Column("verdict", _("Verdict")),
            Column("why", _("Why")),
            Column("evidence", _("Evidence"), in_table=False),
        ),
        rows=tuple(_component_row(each) for each in kept.get("components", [])),
        source=_source(artifact, _("Model Openness Framework 1.0"), FRAMEWORK),
        open_table=True,
        note=_lacking(artifact, kept),
        empty=Empty(_("None of its components was seen yet")),
    )


def _component_row(each: dict[str, Any]) -> Row:
    return Row(
        each["component"],
        {
            "component": str(COMPONENTS[each["component"]].label),
            "licence": each["licence"] or _("none"),
            "verdict": str(VERDICT_WORDS[Verdict(each["verdict"])]),
            "why": each["why"],
            "evidence": each["evidence_url"],
        },
        url=each["evidence_url"],
    )


def _standing(artifact: Artifact) -> str:
    earned = artifact.openness_class
    if not artifact.openness:
        return _("Not assessed yet.")
    label = (
        str(OpennessClass(earned).label) if earned else _("No class: not all that class III asks for is open")
    )
    if artifact.openness.get("source") == "entry":
        return _("%(label)s. Decided by an entry of the framework, which lists all that was released.") % {
            "label": label
        }
    return _("%(label)s. Decided by what its page on the platform shows; more may lie elsewhere.") % {
        "label": label
    }


def _lacking(artifact: Artifact, kept: dict[str, Any]) -> str:
    missing: Any = kept.get("missing")
    following = NEXT.get(artifact.openness_class)
    if not missing or not following:
        return ""
    sentence = _("For class %(roman)s it lacks: %(missing)s")
    return sentence % {"roman": ROMAN[following], "missing": " ".join(missing)}


def elements_figure(artifact: Artifact, kept: dict[str, Any]) -> Figure:
    words = {True: _("Met"), False: _("Not met"), None: _("Not known")}
    return Figure(
        slug="osaid",
        title=_("Open Source AI Definition"),
        sentence=_("What the definition asks for, as far as the components above tell."),
        columns=(
            Column("element", _("Element"), names=True),
            Column("met", _("Met")),
            Column("why", _("Why")),
        ),
        rows=tuple(
            Row(name, {"element": str(label), "met": words[kept[name]["met"]], "why": kept[name]["why"]})
            for name, label in ELEMENTS.items()
            if name in kept
        ),
        source=_source(artifact, _("Open Source AI Definition 1.0"), DEFINITION),
        open_table=True,
        empty=Empty(_("Not assessed yet")),
    )


def _source(artifact: Artifact, rule: str, url: str) -> Source:
    name = _("%(rule)s, applied to %(platform)s") % {"rule": rule, "platform": platform_name(artifact)}
    return Source(name, url, retrieved=artifact.observed_at)
