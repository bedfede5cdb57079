"""The public register in the 360Giving Data Standard 1.4, which funders' data are compared in.

The standard counts money, and what the Mission gives is mostly compute. So GPU-hours stand beside the
amount as they are, and in the amount at a reference rate that everybody can read (`GPU_HOUR_RATE`).
Individuals are never named: each is one recipient of one award.
"""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from grants.models import Award
from grants.models.gpu_time import GPU_MS_PER_HOUR
from grants.models.programmes import Programme
from mission.models import Organisation
from mission.models.organisations import OrganisationType

VERSION = "1.4"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ENGLISH = "en"
CENT = Decimal("0.01")
# Prefixes of org-id.guide for the registers whose numbers companies give; others keep our own ids.
REGISTERS = {
    "BR": "BR-CNPJ", "GB": "GB-COH", "IN": "IN-MCA", "KE": "KE-RCO", "NG": "NG-CAC", "NL": "NL-KVK",
    "ZA": "ZA-CIP",
}  # fmt: skip
COMPANIES = {OrganisationType.STARTUP, OrganisationType.COMPANY}
# Codes of the standard: a development opportunity, for education and training, fellowships among them.
TO_INDIVIDUALS = {"primaryGrantReason": "GTIR110", "grantPurpose": ["GTIP130"]}
COMPUTE = "Compute in kind"


def register() -> Iterator[dict[str, Any]]:
    """Every public award as a grant, oldest first. One query, read in pieces."""
    awards = Award.objects.public().with_compute().order_by("awarded_at", "pk")
    with translation.override(ENGLISH):
        yield from grants_of(awards.iterator(chunk_size=500))


def grants_of(awards: Iterable[Award]) -> Iterator[dict[str, Any]]:
    return (grant(award) for award in awards)


def package(site: str) -> dict[str, Any]:
    """Everything of the file but its grants. `site`: scheme and host, without a slash at the end."""
    publisher = {"name": settings.PUBLISHER_NAME, "website": site}
    if settings.PUBLISHER_ORG_ID:
        publisher["identifier"] = settings.PUBLISHER_ORG_ID
    return {
        "version": VERSION,
        "title": f"Awards of the {settings.PUBLISHER_NAME}",
        "description": f"The public register of awards. {rate_in_words()}",
        "issued": timezone.now().date().isoformat(),
        "identifier": f"{settings.GIVING_PREFIX}-register",
        "publisher": publisher,
        "license": LICENCE,
        "accessURL": f"{site}/awards/",
        "downloadURL": f"{site}/data/awards.json",
    }


def rate_in_words() -> str:
    rate = f"{settings.GPU_HOUR_RATE} {settings.GPU_HOUR_CURRENCY} a GPU-hour"
    published = f", published at {settings.GPU_HOUR_RATE_URL}" if settings.GPU_HOUR_RATE_URL else ""
    return (
        f"Compute is given in kind. Its value in an amount is GPU-hours granted at the reference rate of "
        f"{rate}{published}; the hours stand beside it, under “{COMPUTE}”."
    )


def grant(award: Award) -> dict[str, Any]:
    """One award. Amounts are those of its lots and of its money, as the register shows them."""
    programme = award.application.call.programme
    granted = gpu_hours(award, "granted_gpu_ms")
    currency, amount = worth(award, granted)
    found: dict[str, Any] = {
        "id": f"{settings.GIVING_PREFIX}-{award.reference}",
        "title": award.title or award.reference,
        "description": described(award, granted, currency),
        "currency": currency,
        "amountAwarded": float(amount),
        "awardDate": day(award.awarded_at),
        "url": f"{settings.SITE_URL}{award.get_absolute_url()}",
        "fundingOrganization": [funder()],
        "grantProgramme": [grant_programme(programme)],
        "fromOpenCall": "Yes",
        "beneficiaryLocation": [{"name": award.nation.name, "countryCode": award.nation_id}],
        "classifications": [*in_kind(award, granted), state(award)],
        "dataSource": f"{settings.SITE_URL}/data/awards.json",
    }
    return found | recipient(award)


def recipient(award: Award) -> dict[str, Any]:
    """An individual has no name here, and no number that leads from one award to another."""
    if award.organisation.type == OrganisationType.INDIVIDUAL:
        person = {"id": f"{settings.GIVING_PREFIX}-IND-{award.reference}", "name": "Individual recipient"}
        return {"recipientIndividual": person, "toIndividualsDetails": TO_INDIVIDUALS}
    organisation = award.organisation
    found = {"id": org_id(organisation), "name": organisation.name}
    if organisation.website:
        found["url"] = organisation.website
    return {"recipientOrganization": [{**found, "addressCountry": award.nation.name}]}


def org_id(organisation: Organisation) -> str:
    """By ROR, else by the register of its nation, else by us."""
    if organisation.ror_id:
        return f"XI-ROR-{organisation.ror_id}"
    register_of = REGISTERS.get(organisation.nation_id)
    number = "".join(organisation.registry_id.split())
    if number and register_of and organisation.type in COMPANIES:
        return f"{register_of}-{number}"
    return f"{settings.GIVING_PREFIX}-ORG-{organisation.pk}"


def funder() -> dict[str, Any]:
    own = settings.PUBLISHER_ORG_ID or f"{settings.GIVING_PREFIX}-ORG-mission"
    return {"id": own, "name": settings.PUBLISHER_NAME}


def worth(award: Award, granted: Decimal) -> tuple[str, Decimal]:
    """Currency and amount. Money in another currency than the rate's is not added to compute, but told."""
    compute = (granted * settings.GPU_HOUR_RATE).quantize(CENT)
    if not award.money:
        return settings.GPU_HOUR_CURRENCY, compute
    same = award.currency == settings.GPU_HOUR_CURRENCY
    return award.currency, award.money + compute if same else award.money


def described(award: Award, granted: Decimal, currency: str) -> str:
    """What the applicant wrote for the public, and how the amount came to be."""
    parts = [award.summary.strip() or award.title or award.reference]
    if granted and currency == settings.GPU_HOUR_CURRENCY:
        rate = f"{settings.GPU_HOUR_RATE} {settings.GPU_HOUR_CURRENCY}"
        parts.append(f"The amount holds {plain(granted)} GPU-hours in kind, at {rate} each.")
    elif granted:
        parts.append(f"Besides the amount, {plain(granted)} GPU-hours are given in kind.")
    return " ".join(parts)


def in_kind(award: Award, granted: Decimal) -> list[dict[str, str]]:
    used = gpu_hours(award, "used_gpu_ms")
    amounts = {"gpu-hours-granted": granted, "gpu-hours-used": used}
    return [
        {"vocabulary": COMPUTE, "code": code, "title": f"{plain(amount)} GPU-hours"}
        for code, amount in amounts.items()
        if granted
    ]


def state(award: Award) -> dict[str, str]:
    label = str(award.get_status_display())
    return {"vocabulary": "State of the award", "code": award.status, "title": label}


def grant_programme(programme: Programme) -> dict[str, str]:
    return {"code": f"{settings.GIVING_PREFIX}-{programme.kind}", "title": programme.name}


def gpu_hours(award: Award, column: str) -> Decimal:
    """What `with_compute()` added, in hours."""
    return Decimal(getattr(award, column)) / GPU_MS_PER_HOUR


def plain(amount: Decimal) -> str:
    """1200, 312.25: without zeros that say nothing, in no language's grouping."""
    return f"{amount.quantize(CENT):f}".rstrip("0").rstrip(".")


def day(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).date().isoformat()
