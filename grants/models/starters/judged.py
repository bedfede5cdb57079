"""Criteria, declarations and terms that several starters share."""

from django.utils.translation import gettext as _

from grants.models.starters.asked import Item, criterion


def commons(weight: int) -> Item:
    return criterion(
        "commons",
        _("Value to the commons, and openness"),
        weight,
        _("What will exist that everybody may use, who needs it, and whether it can be reused as it is."),
        _("Nothing usable will be published, or not under an open licence."),
        _("Something will be published, but few could use it: parts, data or instructions stay closed."),
        _("Open and complete enough to be reused, with a named group that needs it."),
        _("Open in all its parts, documented, and missing today for many; others already wait for it."),
    )


def feasibility(weight: int) -> Item:
    return criterion(
        "feasibility",
        _("Feasibility of the plan"),
        weight,
        _("Whether this team can do this work in this time."),
        _("There is no plan, or it cannot work."),
        _("A list of wishes; steps, risks or dates are missing."),
        _("A sound plan with dates and risks; some steps rest on hope."),
        _("Every step has a result, a date and a person; risks are named with what is done about them."),
    )


def compute_justified(weight: int) -> Item:
    return criterion(
        "compute",
        _("Compute is justified"),
        weight,
        _("Whether the GPU-hours follow from the work, and the work needs them."),
        _("No reckoning, or one that is wrong by far."),
        _("A total without its parts, or hardware that does not fit the work."),
        _("Worked out by item with plausible speeds; savings were not looked at."),
        _("Worked out by item from measured speeds, with the cheaper ways tried and compared."),
    )


def team_record(weight: int) -> Item:
    return criterion(
        "team",
        _("Team and earlier results"),
        weight,
        _(
            "Judge what can be looked at, not names or fame. A first project can score well on its trial "
            "work."
        ),
        _("Nothing shows that this team can do it."),
        _("Some of the skills are there; those that matter most are missing."),
        _("The skills are there, with one published piece of work that others can check."),
        _("Several published pieces of work that others use, and every skill the plan needs."),
    )


def national_priority(weight: int) -> Item:
    return criterion(
        "nation",
        _("Benefit to the nation"),
        weight,
        _("Languages, public services, regions and people that the market leaves out."),
        _("No benefit that could be named."),
        _("A benefit is claimed; who gains, and how, stays open."),
        _("A named group gains, and somebody who serves it takes part."),
        _("A group that is left out today gains, and those who serve it have agreed to use the result."),
    )


def value_for_money(weight: int) -> Item:
    return criterion(
        "value",
        _("Value for money"),
        weight,
        _("What is asked for, beside what will exist afterwards."),
        _("The costs do not fit the work."),
        _("Costs are lump sums, or much of it would happen anyway."),
        _("Costs are listed and plausible."),
        _("Costs are listed, compared with other ways, and every part is needed for a result."),
    )


def declarations() -> list[str]:
    return [
        _("What we say is true, and we may speak for the applicant."),
        _("The work is for civilian use only."),
        _("We name every conflict of interest we know of, and tell the desk when one arises."),
        _("Title, summary and amount may be published if we receive an award."),
    ]


def terms(given: str) -> str:
    """The terms of an award; `given`: the clause on what is given."""
    return "\n\n".join(
        [
            given,
            _(
                "2. What is made with the award is published under the licences promised, where everybody "
                "can "
                "find it, no later than the date agreed. Results that did not work are reported, too."
            ),
            _(
                "3. Publications name the Mission and the number of the award. The Mission may name the "
                "title, "
                "the summary, the applicant and the amount."
            ),
            _(
                "4. Three short progress notes and a final report of at most three pages are due on the "
                "dates of "
                "the award. Where one is missing for 30 days, the Mission may hold back what is still to be "
                "given."
            ),
            _(
                "5. Personal data is handled by the law of the nation of the applicant and only for the "
                "purpose "
                "applied for. Nothing is used for military ends or for watching people."
            ),
            _(
                "6. Changes of the plan, the team or the dates are agreed on in writing beforehand. What is "
                "not "
                "used goes back. Either side may end the award with 30 days' notice and a reason."
            ),
        ]
    )


def compute_terms() -> str:
    return terms(
        _(
            "1. The Mission gives GPU-hours on its pool. They are used for the work applied for, cannot be "
            "sold "
            "or passed on, and expire with the award."
        )
    )


def money_terms() -> str:
    return terms(
        _(
            "1. The Mission pays the money of the award in instalments, each after the note or result it "
            "waits "
            "for was confirmed. It is spent on the work applied for; receipts are kept for seven years."
        )
    )


def both_terms() -> str:
    return terms(
        _(
            "1. The Mission gives GPU-hours on its pool and pays money in instalments, each after the note "
            "or "
            "result it waits for was confirmed. Both are used for the work applied for and cannot be passed "
            "on."
        )
    )
