"""Work in the commons' own projects: changes merged elsewhere, and into the engines all others use."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import COUNTABLE, IN_ANY_PLACE, IN_MONTH, PERSON, acts
from contributions.measures.metric import Metric, Touch
from contributions.measures.publishing import OF_KIND, ROWS
from contributions.models.contributions import ContributionKind

MERGED = str(ContributionKind.MERGED_CHANGE)
# Where the owner of the repository belonged on the day of the change: as for people, organisations come
# before a declared nation. Walks the index affiliation_account (account, valid_from).
HELD = """
    FROM contributions_affiliation f LEFT JOIN mission_organisation o ON o.id = f.organisation_id
    WHERE f.account_id = art.owner_id AND f.revoked_at IS NULL
        AND f.valid_from <= (c.happened_at AT TIME ZONE 'UTC')::date
        AND (f.valid_to IS NULL OR f.valid_to > (c.happened_at AT TIME ZONE 'UTC')::date)
"""
OWNER = f"""
    SELECT count(*) AS ties, coalesce(bool_and(held.grade IN ('A', 'B')), false) AS sure,
        coalesce(bool_or(held.nation_id = a.nation_id OR (held.international AND a.international)), false)
            AS own
    FROM (
        SELECT coalesce(o.nation_id, f.nation_id) AS nation_id, f.international, f.grade,
            f.organisation_id IS NOT NULL AS seated,
            bool_or(f.organisation_id IS NOT NULL) OVER () AS any_seat
        {HELD}
    ) held WHERE held.seated OR NOT held.any_seat
"""  # noqa: S608 (our own words only)
ON_WATCH = "art.commons_role <> ''"
# contribution_month (kind, happened_at) gives the month's changes.
ABROAD = f"""
    SELECT a.nation_id, a.international, art.id::text AS subject, {PERSON} AS person,
        a.fraction AS upper,
        CASE WHEN a.grade IN ('A', 'B') AND (owner.sure OR {ON_WATCH}) THEN a.fraction ELSE 0 END AS lower,
        'contribution' AS row_kind, c.id AS row_id, c.happened_at AS happened_at
    FROM contributions_contribution c
    JOIN contributions_attribution a ON a.contribution_id = c.id
    JOIN contributions_artifact art ON art.id = c.artifact_id
    LEFT JOIN contributions_account who ON who.id = c.account_id
    CROSS JOIN LATERAL ({OWNER}) owner
    WHERE c.kind = 'merged_change' AND {IN_MONTH} AND {IN_ANY_PLACE} AND {COUNTABLE}
        AND NOT owner.own AND (owner.ties > 0 OR {ON_WATCH})
        AND art.owner_id IS DISTINCT FROM c.account_id
"""  # noqa: S608
# All changes with the role of their project: read once for all the figures that are told apart by it.
CHANGES = acts(also=", art.commons_role")


def _changes_but(*roles: str, part_of: Metric) -> Metric:
    """Not told by itself: what is left of all changes without those into projects of these roles."""
    names = ", ".join(f"'{role}'" for role in roles)
    slug = "_".join(("changes_but", *roles))
    facts = acts(where=f"art.commons_role NOT IN ({names})")
    within = f"w.commons_role NOT IN ({names})"
    return replace(OF_KIND[MERGED], slug=slug, facts=facts, rows=CHANGES, within=within, part_of=part_of)


def _all_but_the_others(role: str) -> Metric:
    """The three roles share no change, so each is held against all changes less any of the other two."""
    one, other = sorted({"inference", "training", "evaluation"} - {role})
    everything = replace(OF_KIND[MERGED], rows=CHANGES)
    without_both = _changes_but(one, other, part_of=everything)
    return _changes_but(one, part_of=_changes_but(other, part_of=without_both))


def _into(slug: str, role: str, label: Any, definition: Any) -> Metric:
    # They are few, and the indexes of acts tell the artefact: the others are not looked at.
    watched = f"SELECT w.id FROM contributions_artifact w WHERE w.commons_role = '{role}'"  # noqa: S608
    where = f"c.artifact_id = ANY(ARRAY({watched}))"
    return Metric(
        slug,
        label,
        _("changes"),
        definition,
        ROWS,
        _("Small changes that only touch words."),
        acts(where=where),
        (MERGED,),
        touched_by=frozenset({Touch.CONTRIBUTIONS, Touch.ARTIFACTS}),
        part_of=_all_but_the_others(role),
        group="upstream",
    )


METRICS: tuple[Metric, ...] = (
    Metric(
        "upstream_merge",
        _("Merged changes upstream"),
        _("changes"),
        _(
            "Merged changes into repositories whose owner belonged, on that day, to another nation or to "
            "none in particular, and those into projects of the watch list that are not the nation's own. "
            "A repository whose owner nobody can place counts only if it is on the watch list. The lower "
            "bound also asks that the owner's place is known by grades A and B."
        ),
        ROWS,
        _("Trivial changes to famous projects; an account abroad that merges everything."),
        ABROAD,
        (MERGED,),
        touched_by=frozenset({Touch.CONTRIBUTIONS, Touch.ARTIFACTS, Touch.OWNERS}),
        part_of=OF_KIND[MERGED],
        group="upstream",
    ),
    _into(
        "inference_merge",
        "inference",
        _("Changes to inference engines"),
        _("Changes merged into the inference engines of the watch list, whosever they are."),
    ),
    _into(
        "training_merge",
        "training",
        _("Changes to training frameworks"),
        _("Changes merged into the training frameworks of the watch list, whosever they are."),
    ),
    _into(
        "evaluation_merge",
        "evaluation",
        _("Changes to evaluation harnesses"),
        _("Changes merged into the evaluation harnesses of the watch list, whosever they are."),
    ),
)
