"""Tables that others refer to: nations, languages, metrics and their rules, machines."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from contributions.bots import AGENTS, RULES, SERVICES, Known, explain
from contributions.measures import Metric
from contributions.models import BaselineMetric
from dashboards.figures.baseline import COUNTED
from dashboards.measures import EVERY_METRIC
from dashboards.releases.table import (
    ENGLISH,
    GEONAMES,
    OWN,
    PUBLIC,
    SITE,
    UNICODE,
    Field,
    Kind,
    Origin,
    Reference,
    Table,
    code,
    nation_of,
    text,
)

CLDR = Origin("Unicode CLDR", "https://cldr.unicode.org/")


def metric_rows() -> Mapping[str, Any]:
    with translation.override(ENGLISH):
        own = [
            {
                "slug": m.slug, "label": str(m.label), "unit": str(m.unit), "definition": str(m.definition),
                "source": str(m.source), "gaming": str(m.gaming), "counted_by": "mission", "subject": m.group,
                "amount": m.amount.value, "cumulative": m.cumulative, "rule_version": m.rule_version,
                "part_of": whole_of(m),
            }
            for m in EVERY_METRIC.values()
        ]  # fmt: skip
        baseline = [
            {
                "slug": each.value, "label": str(each.label), "counted_by": "baseline", "subject": "baseline",
                "definition": str(COUNTED[each].definition if each in COUNTED else each.label),
                "source": "GitHub Innovation Graph", "amount": "sum", "cumulative": False,
            }
            for each in BaselineMetric
        ]  # fmt: skip
    return {"rows": json.dumps(own + baseline)}


def whole_of(metric: Metric) -> str | None:
    """The nearest metric it is a part of that is published; some are only counted, to keep others safe."""
    whole = metric.part_of
    while whole is not None and whole.slug not in EVERY_METRIC:
        whole = whole.part_of
    return whole.slug if whole else None


def known_metrics() -> Mapping[str, Any]:
    return {"metrics": list(EVERY_METRIC)}


def bot_rows() -> Mapping[str, Any]:
    def known(kind: str, word: str, table: tuple[Known, ...]) -> list[dict[str, Any]]:
        return [
            {
                "rule": f"{word}:{each.slug}", "kind": kind, "platform": each.platform.value, "url": each.url,
                "means": str(explain(f"{word}:{each.slug}").words), "logins": " ".join(sorted(each.logins)),
            }
            for each in table
        ]  # fmt: skip

    with translation.override(ENGLISH):
        general = [{"rule": rule, "kind": "bot", "means": str(words)} for rule, words in RULES.items()]
        rows = [*general, *known("agent", "agent", AGENTS), *known("bot", "service", SERVICES)]
    return {"rows": json.dumps(rows)}


TABLES: tuple[Table, ...] = (
    Table(
        "nations",
        _("Nations"),
        _("Every entry of ISO 3166-1, with its people."),
        ("code",),
        (
            code("code", "ISO 3166-1 alpha-2. NA is Namibia, not a missing value"),
            code("alpha3", "ISO 3166-1 alpha-3"),
            code("numeric", "ISO 3166-1 numeric, three digits"),
            text("name", "Short English name"),
            text("official_name", "Official English name; empty where the register has none", optional=True),
            text("region", "Continent", optional=True),
            Field("population", Kind.INTEGER, "People; empty where unknown", optional=True),
        ),
        "SELECT code, alpha3, numeric, name, official_name, region, population FROM mission_nation",
        GEONAMES,
        (
            Origin("ISO 3166-1, by way of Debian's iso-codes"),
            Origin("GeoNames", "https://www.geonames.org/"),
        ),
    ),
    Table(
        "languages",
        _("Languages"),
        _("Every language of ISO 639-3, with its own name."),
        ("code",),
        (
            code("code", "ISO 639-3"),
            code("alpha2", "ISO 639-1, where it has one", optional=True),
            text("name", "English name"),
            text("autonym", "The language's own name; empty where unknown", optional=True),
        ),
        "SELECT code, alpha2, name, autonym FROM mission_language",
        UNICODE,
        (Origin("ISO 639-3, by way of Debian's iso-codes"), CLDR),
    ),
    Table(
        "language_speakers",
        _("Speakers"),
        _("How many people of a nation speak a language, as a first or a further one."),
        ("language", "nation"),
        (
            code("language", "ISO 639-3"),
            code("nation", "ISO 3166-1 alpha-2"),
            Field("speakers", Kind.INTEGER, "People; sums over languages may exceed a nation's people"),
        ),
        "SELECT language_id AS language, nation_id AS nation, speakers FROM mission_languagespeakers",
        UNICODE,
        (CLDR,),
        (Reference(("language",), "languages", ("code",)), nation_of("nation")),
    ),
    Table(
        "metrics",
        _("Metrics"),
        _("What each metric counts, in which unit, from what, under which rule, and how it can be gamed."),
        ("slug",),
        (
            code("slug", "Name of the metric in every table"),
            text("label", "Name for people"),
            text("unit", "Unit; empty for the baseline", optional=True),
            text("definition", "What is counted"),
            text("source", "What it is counted from"),
            text("gaming", "How it can be gamed; empty for the baseline", optional=True),
            code("counted_by", "By us, or by the publisher of the baseline", choices=("mission", "baseline")),
            code("subject", "The heading it is listed under"),
            code("amount", "How its facts come to one number: sum, subjects, half, top_share, ratio"),
            Field("cumulative", Kind.BOOLEAN, "A state at the end of the month: never add months up"),
            code("part_of", "The metric among whose rows all of its rows are", optional=True),
            Field("rule_version", Kind.INTEGER, "Rule in force; empty for the baseline", optional=True),
        ),
        "SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(slug text, label text, unit text, "
        "definition text, source text, gaming text, counted_by text, subject text, amount text, "
        "cumulative boolean, part_of text, rule_version integer)",
        OWN,
        SITE,
        (Reference(("part_of",), "", ("slug",)),),
        metric_rows,
    ),
    Table(
        "rules",
        _("Releases of rules"),
        _("Which rule of a metric held from when to when, and what changed."),
        ("metric", "rule_version"),
        (
            code("metric", "Name of the metric"),
            Field("rule_version", Kind.INTEGER, "Counts the metric's rules"),
            text("definition", "What was counted under it"),
            text("note", "What changed, and why; empty for the first", optional=True),
            Field("began_at", Kind.MOMENT, "In force since"),
            Field("superseded_at", Kind.MOMENT, "Until; empty while in force", optional=True),
        ),
        "SELECT metric, rule_version, definition, note, began_at, superseded_at "
        "FROM contributions_metricrelease WHERE metric = ANY(%(metrics)s)",
        OWN,
        SITE,
        (Reference(("metric",), "metrics", ("slug",)),),
        known_metrics,
    ),
    Table(
        "bot_rules",
        _("Rules for bots"),
        _("By which rules an account is taken for a machine, which is counted nowhere."),
        ("rule",),
        (
            code("rule", "Name of the rule"),
            code("kind", "What the account is taken for", choices=("bot", "agent")),
            text("means", "The rule in words"),
            code("platform", "Where; empty for both", optional=True),
            code("logins", "Names of the machine's accounts, with spaces between", optional=True),
            code("url", "Where its maker says what it is", optional=True),
        ),
        "SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(rule text, kind text, means text, "
        "platform text, logins text, url text)",
        PUBLIC,
        SITE,
        parameters=bot_rows,
    ),
)
