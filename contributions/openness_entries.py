"""Reading an entry of the Model Openness Framework: YAML, as its schema describes it (`mof_schema.json`)."""

from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from contributions.openness import Covers, Part
from contributions.openness_components import BY_NAME, Component
from mission.errors import Refused

LARGEST = 200_000  # characters; a full entry has about 4,000


@dataclass(frozen=True)
class Entry:
    """A release, and all it was released with: what is not listed was not released."""

    name: str
    producer: str
    huggingface: str
    repository: str
    parts: tuple[Part, ...]


def _refuse(where: str, what: str) -> Refused:
    return Refused(_("%(where)s: %(what)s") % {"where": where, "what": what}, code="not_an_entry", status=422)


def _text(value: Any) -> str:
    return str(value).strip() if value is not None else ""


def _licence(item: dict[str, Any], component: Component, given: dict[str, str]) -> tuple[str, Covers]:
    """Its own, else that of its kind, else that of the whole release; empty where there is none."""
    if own := _text(item.get("license")):
        return own, Covers.COMPONENT
    if for_kind := given.get(component.kind.value):
        return for_kind, Covers.KIND
    return given.get("distribution", ""), Covers.RELEASE


def read_entry(text: str, *, where: str) -> Entry:
    """The release that `text` describes. Raises Refused, naming `where`, when it describes none."""
    if len(text) > LARGEST:
        raise _refuse(where, _("too long for an entry of the Model Openness Framework."))
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise _refuse(where, _("line %(line)s is not valid YAML.") % {"line": line}) from error
    release = document.get("release") if isinstance(document, dict) else None
    if not isinstance(release, dict) or not isinstance(release.get("components"), list):
        raise _refuse(where, _("there is no release with components in it."))
    licences = release.get("license") or {}
    if not isinstance(licences, dict):
        raise _refuse(where, _("the licence of the release must say what it covers: distribution, code, …"))
    given = {covered: _text(one.get("name")) for covered, one in licences.items() if isinstance(one, dict)}
    return Entry(
        name=_text(release.get("name")),
        producer=_text(release.get("producer")),
        huggingface=_text(release.get("huggingface")),
        repository=_text(release.get("repository")),
        parts=tuple(_part(item, given, where) for item in release["components"]),
    )


def _part(item: Any, given: dict[str, str], where: str) -> Part:
    name = _text(item.get("name")) if isinstance(item, dict) else _text(item)
    component = BY_NAME.get(name.lower())
    if component is None or not isinstance(item, dict):
        raise _refuse(where, _("the framework has no component “%(name)s”.") % {"name": name[:100]})
    licence, covers = _licence(item, component, given)
    url = _text(item.get("component_path")) or _text(item.get("license_path"))
    return Part(component.slug, licence, covers, url if url.startswith(("https://", "http://")) else "")
