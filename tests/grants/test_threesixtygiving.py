"""The register as open grant data: what the 360Giving Data Standard 1.4 asks for, in our own words.

No package carries the standard's own schema, so what it demands is written down here after its
documentation. Who has that schema holds the same files to it as well: GIVING_SCHEMA names its folder.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from dashboards.actions.releases import publish_release
from dashboards.releases.places import folder_of
from grants.models import Award, Lot
from grants.models.gpu_time import gpu_ms
from grants.threesixtygiving import org_id, register
from mission.models import Organisation
from tests.grants.world import award, gpus, officer, open_call, reviewed, startup, submitted

pytestmark = pytest.mark.django_db
DAY = {"type": "string", "format": "date"}
URI = {"type": "string", "format": "uri"}
# Prefix of a register, or the publisher's own, and a number without spaces.
ID = {"type": "string", "pattern": r"^(XI-ROR-0[a-z0-9]{8}|[A-Z]{2}-[A-Z]+-\S+|360G-[a-zA-Z0-9]+-\S+)$"}
TEXT = {"type": "string", "minLength": 1}
ORGANISATION = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": ID, "name": TEXT, "url": URI, "addressCountry": TEXT},
    "additionalProperties": False,
}
CLASSIFICATION = {
    "type": "object",
    "properties": {"vocabulary": TEXT, "code": TEXT, "title": TEXT, "description": TEXT, "url": URI},
    "additionalProperties": False,
}
PLACE = {
    "type": "object",
    "properties": {"name": TEXT, "countryCode": {"type": "string", "pattern": "^[A-Z]{2}$"}},
    "additionalProperties": False,
}
GRANT = {
    "type": "object",
    "required": [
        "id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization",
    ],
    "oneOf": [{"required": ["recipientOrganization"]}, {"required": ["recipientIndividual"]}],
    "dependentRequired": {"toIndividualsDetails": ["recipientIndividual"]},
    "properties": {
        "id": {"type": "string", "pattern": "^360G-[a-zA-Z0-9]+-.+"},
        "title": TEXT,
        "description": TEXT,
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "amountAwarded": {"type": "number", "minimum": 0},
        "awardDate": DAY,
        "url": URI,
        "dataSource": URI,
        "fundingOrganization": {"type": "array", "minItems": 1, "items": ORGANISATION},
        "recipientOrganization": {"type": "array", "minItems": 1, "items": ORGANISATION},
        "recipientIndividual": {
            "type": "object",
            "required": ["id", "name"],
            "properties": {"id": ID, "name": TEXT},
            "additionalProperties": False,
        },
        "toIndividualsDetails": {
            "type": "object",
            "properties": {
                "primaryGrantReason": {"pattern": "^GTIR(0[1-9]0|1[0-2]0)$"},
                "grantPurpose": {"type": "array", "items": {"pattern": "^GTIP(0[1-9]0|1[0-7]0)$"}},
            },
            "additionalProperties": False,
        },
        "grantProgramme": {"type": "array", "items": CLASSIFICATION},
        "classifications": {"type": "array", "items": CLASSIFICATION},
        "beneficiaryLocation": {"type": "array", "items": PLACE},
        "fromOpenCall": {"enum": ["Yes", "No"]},
    },
    "additionalProperties": False,
}  # fmt: skip
PACKAGE = {
    "type": "object",
    "required": ["grants", "version", "license", "publisher", "issued"],
    "properties": {
        "version": {"const": "1.4"},
        "license": URI,
        "issued": DAY,
        "accessURL": URI,
        "downloadURL": URI,
        "publisher": {"type": "object", "required": ["name"], "properties": {"website": URI}},
        "grants": {"type": "array", "minItems": 1, "uniqueItems": True, "items": GRANT},
    },
}


def official(name: str) -> Any:
    return json.loads((Path(os.environ["GIVING_SCHEMA"]) / name).read_text())


def named(uri: str) -> Resource[Any]:
    """The package's schema calls that of a grant by an address. Both are of draft 2020-12, misspelt."""
    return DRAFT202012.create_resource(official(uri.rpartition("/")[2]))


def schemas() -> list[tuple[Any, Registry[Any]]]:
    """Ours, and the standard's own where it is at hand."""
    found: list[tuple[Any, Registry[Any]]] = [(PACKAGE, Registry())]
    if os.environ.get("GIVING_SCHEMA"):
        found.append((official("360-giving-package-schema.json"), Registry(retrieve=named)))
    return found


def faults(package: Any) -> list[str]:
    told = []
    for schema, registry in schemas():
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=FormatChecker(), registry=registry)
        told += [f"{error.json_path}: {error.message}" for error in validator.iter_errors(package)]
    return told


def checked(package: Any) -> list[dict[str, Any]]:
    """Its grants, once everything is as the standard asks. No two have one id."""
    assert faults(package) == []
    grants: list[dict[str, Any]] = package["grants"]
    assert len({one["id"] for one in grants}) == len(grants)
    return grants


def read(client: Client) -> list[dict[str, Any]]:
    return checked(client.get("/data/awards.json").json())


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.RELEASE_DIR = tmp_path


def an_award() -> Award:
    """500 GPU-hours to a startup."""
    meera, (founder, of) = officer(), startup()
    gpus()
    application = reviewed(meera, submitted(founder, open_call(meera), of))
    return award(actor=meera, application=application, gpu_ms=gpu_ms(500), reason="Best.")


def only(client: Client) -> dict[str, Any]:
    (grant,) = read(client)
    return grant


def test_an_award_of_compute_is_a_grant_with_its_hours_beside_the_amount(
    client: Client, settings: Any
) -> None:
    settings.GPU_HOUR_RATE, settings.GPU_HOUR_CURRENCY = Decimal("1.50"), "EUR"
    made = an_award()
    lot = Lot.objects.get(award=made)
    Lot.objects.filter(pk=lot.pk).update(used_ms=gpu_ms(12))
    grant = only(client)
    assert (grant["amountAwarded"], grant["currency"]) == (750.0, "EUR")
    assert "The amount holds 500 GPU-hours in kind, at 1.50 EUR each." in grant["description"]
    told = {one["code"]: one["title"] for one in grant["classifications"]}
    assert told["gpu-hours-granted"] == "500 GPU-hours"
    assert told["gpu-hours-used"] == "12 GPU-hours"
    assert grant["recipientOrganization"][0]["name"] == "Kaveri Labs"
    assert grant["id"] == f"360G-mission-{made.reference}"


def test_money_of_another_currency_is_not_added_to_compute(client: Client, settings: Any) -> None:
    settings.GPU_HOUR_RATE, settings.GPU_HOUR_CURRENCY = Decimal("2.00"), "USD"
    made = an_award()
    Award.objects.filter(pk=made.pk).update(money=Decimal("1000.50"), currency="INR")
    grant = only(client)
    assert (grant["amountAwarded"], grant["currency"]) == (1000.5, "INR")
    assert "Besides the amount, 500 GPU-hours are given in kind." in grant["description"]
    Award.objects.filter(pk=made.pk).update(currency="USD")
    (grant,) = register()
    assert (grant["amountAwarded"], grant["currency"]) == (2000.5, "USD")


def test_an_individual_has_neither_name_nor_a_number_of_their_own(client: Client) -> None:
    made = an_award()
    Organisation.objects.filter(pk=made.organisation_id).update(
        type="individual", name="Asha Rao", registry_id="ABCDE1234F", website="https://asha.example"
    )
    grant = only(client)
    assert grant["recipientIndividual"] == {
        "id": f"360G-mission-IND-{made.reference}", "name": "Individual recipient"
    }  # fmt: skip
    assert "recipientOrganization" not in grant
    assert grant["toIndividualsDetails"]["grantPurpose"] == ["GTIP130"]
    release = publish_release(actor=None).release
    for path in folder_of(str(release)).iterdir():
        content = path.read_bytes()
        for secret in (b"Asha Rao", b"ABCDE1234F", b"asha.example", b"asha@"):
            assert secret not in content, path.name


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"ror_id": "05a28rw58", "registry_id": "U1"}, "XI-ROR-05a28rw58"),
        ({"registry_id": "U72900KA 2019"}, "IN-MCA-U72900KA2019"),
        ({"registry_id": "U1", "type": "nonprofit"}, "360G-mission-ORG-"),
        ({"registry_id": ""}, "360G-mission-ORG-"),
    ],
)
def test_organisations_are_named_by_register(facts: dict[str, str], found: str) -> None:
    _founder, organisation = startup()
    Organisation.objects.filter(pk=organisation.pk).update(**facts)
    organisation.refresh_from_db()
    own = str(organisation.pk) if found.endswith("-") else ""
    assert org_id(organisation) == f"{found}{own}"


def test_a_release_holds_the_same_grants(client: Client) -> None:
    an_award()
    release = publish_release(actor=None).release
    kept = json.loads((folder_of(str(release)) / "awards.json").read_text())
    assert checked(kept) == read(client)


def test_every_schema_at_hand_finds_what_is_wrong(client: Client) -> None:
    """A grant without an amount, and one that went both to a person and to an organisation."""
    an_award()
    package = client.get("/data/awards.json").json()
    (grant,) = package["grants"]
    both = {**grant, "recipientIndividual": {"id": "360G-mission-IND-1", "name": "Individual recipient"}}
    unpaid = {key: value for key, value in grant.items() if key != "amountAwarded"}
    for wrong in (both, unpaid):
        assert len(faults({**package, "grants": [wrong]})) >= len(schemas())


def test_a_register_without_awards_is_no_file(client: Client) -> None:
    """The standard knows no package without a grant."""
    answer = client.get("/data/awards.json")
    assert answer.status_code == 404
    assert answer.json() == {
        "detail": "No award has been made yet. This file appears with the first award: the 360Giving "
        "standard knows no file without a grant."
    }
    assert "awards.json" not in client.get("/data/").text
    release = publish_release(actor=None).release
    assert not (folder_of(str(release)) / "awards.json").exists()
    an_award()
    assert "awards.json" in client.get("/data/").text
