"""What a yearly table is, described as JSON: a Data Resource with a Table Schema (Frictionless).

Standard (datapackage.org): `name`, `title`, `description`, `sources`, `licenses`, `dialect.delimiter`, and in
`schema`: `fields` with `name`, `type`, `constraints`, `decimalChar`, `groupChar`, and `missingValues`. Ours:
`role` of a field (nation, year, value, dimension), `unit`, and `aggregates`, the codes in the nation column
that are no nations and are left out.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from contributions.licences import spdx

ROLES = ("nation", "year", "value", "dimension")
TYPES: dict[str, tuple[str, ...]] = {
    "nation": ("string",),
    "year": ("year", "integer"),
    "value": ("integer", "number"),
    "dimension": ("string",),
}
CONSTRAINTS = {"required", "minimum", "maximum", "pattern", "enum"}
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class BadSchema(ValueError):
    """Says in a sentence what is wrong with the description."""


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    required: bool = False
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    enum: frozenset[str] = frozenset()
    decimal_char: str = "."
    group_char: str = ""


@dataclass(frozen=True)
class Schema:
    slug: str
    title: str
    definition: str
    unit: str
    publisher: str
    source_url: str
    licence: str
    fields: dict[str, Field]  # by role
    missing: frozenset[str]
    aggregates: frozenset[str]
    delimiter: str


def _text(document: dict[str, Any], key: str, most: int) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadSchema(_("“%(key)s” is missing.") % {"key": key})
    if len(value.strip()) > most:
        raise BadSchema(_("“%(key)s” is longer than %(most)s characters.") % {"key": key, "most": most})
    return value.strip()


def _first(document: dict[str, Any], key: str) -> dict[str, Any]:
    listed = document.get(key)
    if not isinstance(listed, list) or not listed or not isinstance(listed[0], dict):
        raise BadSchema(_("“%(key)s” must be a list with at least one object.") % {"key": key})
    return listed[0]


def _field(given: dict[str, Any], role: str) -> Field:
    name, type_ = _text(given, "name", 200), given.get("type", "string")
    if type_ not in TYPES[role]:
        sentence = _("the field “%(name)s” has the role %(role)s, so its type is one of: %(types)s.")
        raise BadSchema(sentence % {"name": name, "role": role, "types": ", ".join(TYPES[role])})
    limits = given.get("constraints") or {}
    if not isinstance(limits, dict) or not isinstance(limits.get("enum", []), list):
        raise BadSchema(_("the constraints of “%(name)s” cannot be read.") % {"name": name})
    if unknown := set(limits) - CONSTRAINTS:
        sentence = _("the field “%(name)s” has a constraint nobody checks here: %(unknown)s.")
        raise BadSchema(sentence % {"name": name, "unknown": ", ".join(sorted(unknown))})
    pattern = str(limits.get("pattern", ""))
    try:
        re.compile(pattern)
        _ends = [Decimal(str(limits[end])) for end in ("minimum", "maximum") if end in limits]
    except (re.error, InvalidOperation) as error:
        raise BadSchema(_("the constraints of “%(name)s” cannot be read.") % {"name": name}) from error
    return Field(
        name=name,
        type=type_,
        required=bool(limits.get("required", False)),
        minimum=str(limits.get("minimum", "")),
        maximum=str(limits.get("maximum", "")),
        pattern=pattern,
        enum=frozenset(map(str, limits.get("enum", []))),
        decimal_char=str(given.get("decimalChar", ".")),
        group_char=str(given.get("groupChar", "")),
    )


def _fields(document: dict[str, Any]) -> dict[str, Field]:
    listed = (document.get("schema") or {}).get("fields")
    if not isinstance(listed, list):
        raise BadSchema(_("“schema.fields” must be a list."))
    found: dict[str, Field] = {}
    for given in listed:
        role = given.get("role") if isinstance(given, dict) else None
        if role is None:
            continue
        if role not in ROLES:
            sentence = _("“%(role)s” is no role; the roles are %(roles)s.")
            raise BadSchema(sentence % {"role": role, "roles": ", ".join(ROLES)})
        if role in found:
            raise BadSchema(_("two fields have the role %(role)s.") % {"role": role})
        found[role] = _field(given, role)
    if lacking := [role for role in ROLES[:3] if role not in found]:
        raise BadSchema(_("no field has the role %(roles)s.") % {"roles": ", ".join(lacking)})
    return found


def read_schema(document: Any) -> Schema:
    """The description as an object. Raises BadSchema."""
    if not isinstance(document, dict):
        raise BadSchema(_("the description must be one JSON object."))
    slug = _text(document, "name", 60)
    if not SLUG.fullmatch(slug):
        raise BadSchema(_("“name” is written in small letters, digits and hyphens."))
    source, licence = _first(document, "sources"), spdx(_text(_first(document, "licenses"), "name", 60))
    if licence.startswith("LicenseRef-"):
        raise BadSchema(_("the name of the licence must be on the SPDX list, such as CC-BY-4.0."))
    url = _text(source, "path", 400)
    if not url.startswith(("https://", "http://")):
        raise BadSchema(_("the “path” of the source must be a web address."))
    layout = document.get("schema") or {}
    delimiter = (document.get("dialect") or {}).get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        raise BadSchema(_("“dialect.delimiter” is one character."))
    return Schema(
        slug=slug,
        title=_text(document, "title", 200),
        definition=_text(document, "description", 4000),
        unit=_text(document, "unit", 60),
        publisher=_text(source, "title", 200),
        source_url=url,
        licence=licence,
        fields=_fields(document),
        missing=frozenset(map(str, layout.get("missingValues", [""]))) | {""},
        aggregates=frozenset(map(str, document.get("aggregates", []))),
        delimiter=delimiter,
    )
