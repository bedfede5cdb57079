"""Who may apply, as data: rules on a call, each judged for an organisation with a reason a person can read.

A rule is `{"rule": name, …}`; the names and what each takes are in `RULES`.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grants.models.gpu_time import gpu_ms
from grants.models.open_licences import is_open
from mission import numerals
from mission.models import Nation, Organisation
from mission.models.organisations import OrganisationType

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Applicant:
    """What the rules look at. What is asked for and promised is None while nothing has been said of it.

    `licences`: the answers to the call's licence questions, as SPDX expressions; an empty one is still open.
    """

    organisation: Organisation
    earlier_awards: int = 0
    requested_gpu_ms: int | None = None
    requested_money: Decimal | None = None
    licences: Sequence[str] | None = None

    @property
    def is_individual(self) -> bool:
        return self.organisation.type == OrganisationType.INDIVIDUAL


@dataclass(frozen=True)
class Finding:
    """One rule, judged. `ok` is None where it cannot be known yet; `name` is the rule's in RULES."""

    ok: bool | None
    rule: str
    reason: str
    name: str = ""


Judge = Callable[[Rule, Applicant, datetime.date], Finding]


def _types(rule: Rule) -> str:
    labels = dict(OrganisationType.choices)
    return ", ".join(str(labels.get(kind, kind)) for kind in rule["any_of"])


def _nations(rule: Rule) -> str:
    return ", ".join(str(nation) for nation in Nation.objects.filter(code__in=rule["any_of"]))


def judge_type(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    organisation = applicant.organisation
    return Finding(
        organisation.type in rule["any_of"],
        describe(rule),
        _("%(name)s is registered here as: %(type)s.")
        % {"name": organisation.name, "type": organisation.get_type_display()},
    )


def judge_nation(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    organisation = applicant.organisation
    return Finding(
        organisation.nation_id in rule["any_of"],
        describe(rule),
        _("%(name)s is registered in %(nation)s.")
        % {"name": organisation.name, "nation": organisation.nation},
    )


def judge_age(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    founded, years = applicant.organisation.founded_on, rule["years"]
    if founded is None:
        return Finding(False, describe(rule), _("Say when your organisation was founded."))
    oldest = today.replace(year=today.year - years, day=min(today.day, 28))
    return Finding(
        founded >= oldest,
        describe(rule),
        _("%(name)s was founded in %(year)s.")
        % {"name": applicant.organisation.name, "year": str(founded.year)},
    )


def judge_registered(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    number = applicant.organisation.registry_id
    reason = (
        _("Its registration number is %(number)s.") % {"number": number}
        if number
        else _("Its registration number is missing.")
    )
    return Finding(bool(number), describe(rule), reason)


def judge_size(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    asked = applicant.requested_gpu_ms
    if not asked:
        return Finding(None, describe(rule), _("Looked at once you say how many GPU-hours you ask for."))
    ok = asked <= gpu_ms(rule["hours"])
    reason = _("You ask for no more than that.") if ok else _("You ask for more. Ask for less.")
    return Finding(ok, describe(rule), reason)


def judge_money(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    asked = applicant.requested_money
    if not asked:
        return Finding(None, describe(rule), _("Looked at once you say how much money you ask for."))
    ok = asked <= Decimal(str(rule["amount"]))
    reason = _("You ask for no more than that.") if ok else _("You ask for more. Ask for less.")
    return Finding(ok, describe(rule), reason)


def judge_licences(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    """Every licence promised must be an open one; a promise not made yet is not known."""
    closed = [licence for licence in applicant.licences or () if licence and not is_open(licence)]
    if closed:
        reason = _("%(licence)s is not an open licence.") % {"licence": closed[0]}
        return Finding(False, describe(rule), reason)
    if not applicant.licences or not all(applicant.licences):
        return Finding(None, describe(rule), _("Looked at once you say under which licences you publish."))
    return Finding(True, describe(rule), _("You promise %(what)s.") % {"what": ", ".join(applicant.licences)})


def judge_who(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    """Whether organisations apply, or individuals."""
    alone = applicant.is_individual
    reason = (
        _("You would apply as an individual.")
        if alone
        else _("%(name)s is an organisation.") % {"name": applicant.organisation.name}
    )
    return Finding(alone == (rule["who"] == "individuals"), describe(rule), reason)


def judge_earlier(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    had = applicant.earlier_awards
    return Finding(
        had <= rule["count"],
        describe(rule),
        ngettext("%(n)s award so far.", "%(n)s awards so far.", had) % {"n": numerals.number(had)},
    )


WHO = {
    "organisations": gettext_lazy("Organisations apply; an individual may not."),
    "individuals": gettext_lazy("Individuals apply, each for themselves; an organisation may not."),
    "either": gettext_lazy("Organisations and individuals may apply."),
}
PARAMETERS: Mapping[str, type] = {"any_of": list, "who": str}  # the others are whole numbers
RULES: Mapping[str, tuple[Judge, Callable[[Rule], str], str]] = {
    # name: (judge, sentence for the public page, the parameter it takes)
    "organisation_type": (judge_type, lambda r: _("Open to: %(types)s.") % {"types": _types(r)}, "any_of"),
    "nation": (
        judge_nation,
        lambda r: _("Registered in: %(nations)s.") % {"nations": _nations(r)},
        "any_of",
    ),
    "founded_within_years": (
        judge_age,
        lambda r: _("Founded within the last %(years)s years.") % {"years": numerals.number(r["years"])},
        "years",
    ),
    "registered": (judge_registered, lambda r: _("Has a registration number."), ""),
    "gpu_hours_at_most": (
        judge_size,
        lambda r: _("Asks for at most %(hours)s GPU-hours.") % {"hours": numerals.number(r["hours"])},
        "hours",
    ),
    "money_at_most": (
        judge_money,
        lambda r: (
            _("Asks for at most %(amount)s in the call's currency.")
            % {"amount": numerals.number(r["amount"])}
        ),
        "amount",
    ),
    "open_licences": (
        judge_licences,
        lambda r: _("Promises open licences for everything it publishes."),
        "",
    ),
    "applicants": (judge_who, lambda r: str(WHO[r["who"]]), "who"),
    "earlier_awards_at_most": (
        judge_earlier,
        lambda r: (
            ngettext(
                "Has received at most %(n)s award before.",
                "Has received at most %(n)s awards before.",
                r["count"],
            )
            % {"n": numerals.number(r["count"])}
        ),
        "count",
    ),
}


def describe(rule: Rule) -> str:
    """The rule as a sentence on the call's page."""
    return RULES[rule["rule"]][1](rule)


def judge(
    rules: Sequence[Rule],
    applicant: Applicant,
    today: datetime.date,
    allowed: Mapping[str, str] | None = None,
) -> list[Finding]:
    """`allowed`: the reasons of the desk for letting this applicant in, by the rule's name."""
    found = [replace(RULES[rule["rule"]][0](rule, applicant, today), name=rule["rule"]) for rule in rules]
    return [let_in(finding, (allowed or {}).get(finding.name)) for finding in found]


def let_in(finding: Finding, reason: str | None) -> Finding:
    """A rule that is not met passes where the desk said so."""
    if finding.ok or reason is None:
        return finding
    return replace(finding, ok=True, reason=_("Allowed by the desk: %(reason)s") % {"reason": reason})


def validate_rules(value: Any) -> None:
    """For the JSON column: known rules with what each needs."""
    if not isinstance(value, list):
        raise ValidationError(_("Eligibility rules are a list."))
    for rule in value:
        name = str(rule.get("rule")) if isinstance(rule, dict) else ""
        if name not in RULES:
            raise ValidationError(_("There is no rule called “%(name)s”.") % {"name": name})
        needs = RULES[name][2]
        right = PARAMETERS.get(needs, int)
        if needs and (not isinstance(rule.get(needs), right) or isinstance(rule.get(needs), bool)):
            raise ValidationError(_("The rule “%(name)s” needs “%(what)s”.") % {"name": name, "what": needs})
