"""Cleaning names that others keep: accounts, ORCID, languages, licences, files handed in."""

import functools
import re
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from license_expression import ExpressionError, Licensing, get_spdx_licensing

from grants.models.open_licences import OPEN, is_open
from grants.models.questions.kinds import Question
from grants.models.questions.plain import must_be_so_many
from mission.models import Language

# GitHub: letters, digits and single hyphens inside, 39 at most; an account that a company manages ends
# in _ and the company's short code. Hugging Face: the same without the limit of 39, never only digits;
# older accounts there have _ too.
GITHUB_NAME = re.compile(r"(?=.{1,39}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*(_[A-Za-z0-9]{3,8})?")
HUGGINGFACE_NAME = re.compile(r"(?=.{2,96}$)(?!\d+$)[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*")
NO_ACCOUNTS = """
    about blog collections datasets docs explore features join login marketplace models notifications
    organizations orgs papers pricing search settings spaces sponsors tasks topics trending users
"""  # first parts of addresses there
LICENCE_REF = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


def account_in(answer: str, *hosts: str) -> str:
    """The account that an address on one of the hosts is the profile of; anything else as it is."""
    bare = answer.removeprefix("@")
    known = bare.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    if known.split("/")[0] not in hosts:
        return bare
    path = urlsplit(bare if "://" in bare else f"https://{bare}").path
    parts = [part for part in path.split("/") if part]
    if len(parts) == 2 and parts[0].lower() in {"orgs", "users", "organizations"}:
        return parts[1]
    return parts[0] if len(parts) == 1 and parts[0].lower() not in NO_ACCOUNTS.split() else answer


def clean_github(question: Question, answer: str) -> str:
    name = account_in(answer, "github.com")
    if not GITHUB_NAME.fullmatch(name):
        raise ValidationError(_("Write the name of an account on GitHub, such as octocat, or its address."))
    return name


def clean_huggingface(question: Question, answer: str) -> str:
    name = account_in(answer, "huggingface.co", "hf.co")
    if not HUGGINGFACE_NAME.fullmatch(name):
        raise ValidationError(
            _("Write the name of an account on Hugging Face, such as ai4bharat, or its address.")
        )
    return name


def clean_orcid(question: Question, answer: str) -> str:
    """Sixteen signs, the last a check digit after ISO 7064 MOD 11-2."""
    bare = re.sub(r"^(https?://)?(www\.)?orcid\.org/", "", answer, flags=re.IGNORECASE)
    signs = re.sub(r"[\s\u2010-\u2015-]", "", bare).upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", signs):
        raise ValidationError(_("Write an ORCID iD, such as 0000-0002-1825-0097."))
    if orcid_check(signs[:15]) != signs[15]:
        raise ValidationError(_("No ORCID iD has these digits. Look for a slip."))
    return "-".join(signs[n : n + 4] for n in range(0, 16, 4))


def orcid_check(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def one_line(text: str) -> str:
    return " ".join(text.split())


def clean_languages(question: Question, answer: list[Any]) -> list[str]:
    said = [one_line(str(item)) for item in answer]
    found = languages_named(said)
    strange = [name for name in said if name.lower() not in found]
    if strange:
        raise ValidationError(
            _("No language is called “%(name)s” here. Write its name in English, its own name, or its code.")
            % {"name": strange[0]}
        )
    codes = list(dict.fromkeys(found[name.lower()].code for name in said))
    must_be_so_many(question, len(codes))
    return codes


def languages_named(said: Iterable[str]) -> dict[str, Language]:
    """{as written, in small letters: language}; a code counts before a name, a name before an own name."""
    exact = set(said)
    low = {name.lower() for name in exact}
    rows = Language.objects.annotate(low_name=Lower("name"), low_own=Lower("autonym")).filter(
        Q(code__in=low)
        | Q(alpha2__in=low)
        | Q(name__in=exact)
        | Q(autonym__in=exact)
        | Q(low_name__in=low)
        | Q(low_own__in=low)
    )
    languages = sorted(rows, key=lambda language: language.code, reverse=True)
    found: dict[str, Language] = {}
    for field in ("autonym", "name", "alpha2", "code"):
        found |= {str(getattr(language, field)).lower(): language for language in languages}
    return {name: language for name, language in found.items() if name in low}


@functools.cache
def spdx() -> Licensing:
    return get_spdx_licensing()


def clean_licence(question: Question, answer: str) -> str:
    try:
        parsed = spdx().parse(answer[:200])
    except ExpressionError:
        parsed = None
    if parsed is None:
        raise ValidationError(_("Write a licence by its SPDX identifier, such as Apache-2.0 or CC-BY-4.0."))
    unknown = [
        key
        for key in spdx().unknown_license_keys(parsed)
        if key not in OPEN and not LICENCE_REF.fullmatch(key)
    ]
    if unknown:
        raise ValidationError(
            _("“%(name)s” is not on the SPDX list. Write an identifier such as Apache-2.0 or CC-BY-4.0.")
            % {"name": unknown[0]}
        )
    expression = str(parsed.render("{symbol.key}"))
    if question.open_only and not is_open(expression):
        raise ValidationError(
            _(
                "“%(name)s” is not an open licence. This call asks for one that lets everybody use, change "
                "and share, also commercially: Apache-2.0, MIT, CC-BY-4.0, CC-BY-SA-4.0 or CC0-1.0."
            )
            % {"name": expression}
        )
    return expression


def clean_files(question: Question, answer: list[Any]) -> list[str]:
    """The shape alone: whose files these are and whether they are sound, their upload has settled."""
    keys = list(dict.fromkeys(str(item).strip() for item in answer))
    for key in keys:
        try:
            uuid.UUID(key)
        except ValueError as error:
            raise ValidationError(_("Hand in this file again.")) from error
    most = question.most or 1
    if len(keys) > most:
        raise ValidationError(
            ngettext("Hand in one file only.", "Hand in at most %(n)d files.", most) % {"n": most}
        )
    return keys
