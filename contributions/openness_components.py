"""What a model can be released with, and which of it each class of the Model Openness Framework asks for.

Source: Model Openness Framework 1.0 of 2024-12-15 (LF AI & Data; White et al., arXiv:2403.13784) and its
reference implementation, lfai/model_openness_tool, `mof.settings.yml`.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contributions.openness_licences import Kind


class Component(NamedTuple):
    slug: str
    name: str  # as entries of the framework write it
    label: Promise
    kind: Kind


COMPONENTS: dict[str, Component] = {
    slug: Component(slug, name, label, kind)
    for slug, name, label, kind in (
        ("architecture", "Model architecture", _("Model architecture"), Kind.CODE),
        ("parameters", "Model parameters (Final)", _("Final model parameters"), Kind.DATA),
        ("technical_report", "Technical report", _("Technical report"), Kind.DOCUMENT),
        ("evaluation_results", "Evaluation results", _("Evaluation results"), Kind.DOCUMENT),
        ("model_card", "Model card", _("Model card"), Kind.DOCUMENT),
        ("data_card", "Data card", _("Data card"), Kind.DOCUMENT),
        ("sample_outputs", "Sample model outputs", _("Sample model outputs"), Kind.DOCUMENT),
        ("training_code", "Training code", _("Training code"), Kind.CODE),
        ("inference_code", "Inference code", _("Inference code"), Kind.CODE),
        ("evaluation_code", "Evaluation code", _("Evaluation code"), Kind.CODE),
        ("evaluation_data", "Evaluation data", _("Evaluation data"), Kind.DATA),
        ("tools", "Supporting libraries and tools", _("Supporting libraries and tools"), Kind.CODE),
        ("research_paper", "Research paper", _("Research paper"), Kind.DOCUMENT),
        ("datasets", "Datasets", _("Datasets"), Kind.DATA),
        ("preprocessing_code", "Data preprocessing code", _("Data preprocessing code"), Kind.CODE),
        (
            "intermediate_parameters",
            "Model parameters (Intermediate)",
            _("Intermediate model parameters"),
            Kind.DATA,
        ),
        ("metadata", "Model metadata", _("Model metadata"), Kind.DATA),
    )
}
BY_NAME = {component.name.lower(): component for component in COMPONENTS.values()}

# Each inner tuple is met by any one of its components. A class asks for its own and for those before it.
ASKED: dict[int, tuple[tuple[str, ...], ...]] = {
    3: (
        ("architecture",),
        ("parameters",),
        ("technical_report", "research_paper"),  # a paper stands in for the report
        ("evaluation_results",),
        ("model_card",),
        ("data_card",),
    ),
    2: (("training_code",), ("inference_code",), ("evaluation_code",), ("evaluation_data",)),
    1: (("research_paper",), ("datasets",), ("preprocessing_code",), ("intermediate_parameters",)),
}
OPTIONAL = frozenset({"sample_outputs", "tools", "metadata"})
