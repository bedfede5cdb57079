"""Every metric on a small world whose figures are worked out by hand."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from contributions.measures import METRICS
from contributions.models import Account, Identity
from mission.actions.nations import load_reference
from mission.models import LanguageSpeakers
from tests.contributions.measured import act, artifact, figure, moment, opens_to, publish, who

pytestmark = pytest.mark.django_db
Expected = dict[str, tuple[str, str]]
WORLDS: list[tuple[str, str, Callable[[], None], Expected]] = []


def worked(*cases: tuple[str, Expected], month: str = "2025-04") -> Callable[[Callable[[], None]], None]:
    """The world below, and what each metric comes to in the month: (lower, upper) by cell."""

    def keep(world: Callable[[], None]) -> None:
        WORLDS.extend((slug, month, world, expected) for slug, expected in cases)

    return keep


def one_human(*accounts: Account) -> None:
    identity = Identity.objects.create()
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(identity=identity)


# --- Acts -------------------------------------------------------------------------------------

EACH_KIND = {  # half of two nations by a register, a whole of one by a profile, unknown, international
    "IN": ("0.5", "1.5"),
    "DE": ("0.5", "0.5"),
    "?": ("0", "2"),
    "*": ("0", "1"),
}


def everybody(kind: str) -> None:
    repository = artifact("kaveri/tools", kind="repository")
    copy = artifact("fork/tools", kind="repository", duplicate_of=repository, duplicate_why="fork")
    both, told, ended, world = who("both", "IN+DE:B"), who("told", "IN:D"), who("x", "IN:A"), who("w", "*:C")
    left = who("left", "IN:A", until="2025-03")
    bot, agent = who("bot", "IN:A", kind="bot"), who("agent", "IN:A", kind="agent")
    for number, account in enumerate([both, told, world, left, None]):
        act(account, repository, kind, number=number)
    for number, account in enumerate([bot, agent]):  # machines are a class of their own
        act(account, repository, kind, number=f"m{number}")
    act(ended, copy, kind, number="copy")  # what is done on a copy is not counted
    act(told, repository, kind, "2025-03", number="before")
    act(told, repository, kind, "2025-05", number="after")


def _each(kind: str) -> Callable[[], None]:
    return lambda: everybody(kind)


for _kind in (
    "merged_change", "review", "release", "model", "dataset", "benchmark", "evaluation", "application",
):  # fmt: skip
    WORLDS.append((_kind, "2025-04", _each(_kind), EACH_KIND))


@worked(
    ("attribution_coverage", {"IN": ("0.3333", "0.3333"), "DE": ("1", "1"), "?": ("0", "0"), "*": ("0", "0")})
)
def good_evidence() -> None:
    everybody("review")


# --- Upstream ---------------------------------------------------------------------------------


@worked(
    ("upstream_merge", {"IN": ("1.5", "3.5"), "DE": ("2", "2"), "KE": ("1", "1"), "?": ("0", "2")}),
    ("inference_merge", {"IN": ("2", "2"), "?": ("0", "1")}),
    ("training_merge", {"IN": ("0", "1")}),
    ("evaluation_merge", {"DE": ("1", "1"), "KE": ("1", "1")}),
)
def upstream() -> None:
    asha, both = who("asha", "IN:A"), who("both", "IN+DE:A")
    german = who("german-lab", "DE:B", kind="organisation", platform="github")
    french = who("french-lab", "FR:D", kind="organisation", platform="github")
    moved = who("moved-lab", "IN:B", kind="organisation", platform="github", until="2025-04")
    nobody = who("nobody", kind="organisation", platform="github")
    indian = who("indian-lab", "IN:B", kind="organisation", platform="github")
    repositories = {
        name: artifact(f"{name}/it", kind="repository", owner_account=owner, commons_role=role)
        for name, owner, role in (
            ("german", german, ""), ("french", french, ""), ("moved", moved, ""), ("unplaced", nobody, ""),
            ("home", indian, ""), ("engine", nobody, "inference"), ("harness", None, "evaluation"),
            ("homegrown", indian, "inference"), ("trainer", french, "training"),
        )
    }  # fmt: skip
    act(asha, repositories["french"], "merged_change", number=1)  # the owner's place by a profile: not sure
    act(both, repositories["german"], "merged_change", number=2)  # half is abroad for India, half at home
    act(asha, repositories["moved"], "merged_change", number=3, day=5)  # still at home on the fifth
    act(asha, repositories["moved"], "merged_change", number=4, day=20)  # nobody's any more: not counted
    act(asha, repositories["unplaced"], "merged_change", number=5)
    act(asha, repositories["home"], "merged_change", number=6)
    act(asha, repositories["engine"], "merged_change", number=7)  # on the watch list: counted
    act(None, repositories["engine"], "merged_change", number=8)
    act(asha, repositories["homegrown"], "merged_change", number=9)  # on the list, and one's own
    act(who("carl", "DE:A"), repositories["home"], "merged_change", number=10, day=3)
    act(who("kamau", "KE:A"), repositories["harness"], "merged_change", number=11)
    act(who("dora", "DE:A"), repositories["harness"], "merged_change", number=12)
    act(who("ravi", "IN:D"), repositories["trainer"], "merged_change", number=13)
    act(None, repositories["french"], "merged_change", number=14)


# --- People -----------------------------------------------------------------------------------


@worked(
    ("active_contributors", {"IN": ("1.1667", "2.1667"), "DE": ("0.5", "0.5"), "?": ("0", "0.3333")}),
    ("new_contributors", {"IN": ("0.5", "1.5"), "DE": ("0.5", "0.5")}),
)
def people() -> None:
    repository = artifact("kaveri/tools", kind="repository")
    model = publish(who("lab", "IN:B", kind="organisation"), "lab/model")
    code, hub = who("asha", "IN:A", platform="github"), who("asha-on-the-hub")
    one_human(code, hub)
    act(code, repository, "merged_change", "2025-01", number="old")
    act(code, repository, "merged_change", number=1)
    act(code, repository, "review", number=1)
    act(hub, model, "evaluation", number=1)  # a third of her month is on an account nobody has placed
    act(who("both", "IN+DE:B"), repository, "review", number=2)
    novice = who("novice", "IN:D")
    act(novice, repository, "merged_change", number=2)
    act(novice, repository, "merged_change", number=3)
    act(who("bot", "IN:A", kind="bot"), repository, "merged_change", number=4)
    act(None, repository, "merged_change", number=5)


@worked(
    ("retained_contributors", {"IN": ("1.5", "1.5"), "DE": ("0.5", "0.5"), "?": ("0", "1")}), month="2025-07"
)
def staying() -> None:
    repository = artifact("kaveri/tools", kind="repository")
    first, second = who("first", "IN:A"), who("second")
    one_human(first, second)
    active = {
        who("stayed", "IN:A"): ["2025-01", "2025-03", "2025-06"],
        who("both", "IN+DE:B"): ["2025-01", "2025-02", "2025-07", "2025-07"],
        first: ["2025-01"],  # one human with second: stayed, and nobody knows where
        second: ["2025-04", "2025-05"],
        who("skipped", "IN:A"): ["2025-01", "2025-06"],
        who("went", "IN:A"): ["2025-01", "2025-03", "2025-08"],
        who("older", "IN:A"): ["2024-12", "2025-01", "2025-03", "2025-06"],
        who("later", "IN:A"): ["2025-02", "2025-04", "2025-06"],
        who("bot", "IN:A", kind="bot"): ["2025-01", "2025-03", "2025-06"],
    }
    for account, months in active.items():
        for number, month in enumerate(months):
            act(account, repository, "merged_change", month, number=f"{account.login}-{number}")


@worked(("half_of_the_work", {"IN": ("1", "2"), "?": ("0", "1")}))
def work_of_few() -> None:
    repository = artifact("kaveri/tools", kind="repository")
    one, again = who("one", "IN:D"), who("one-again", "IN:D", platform="github")
    one_human(one, again)
    done = {one: 2, again: 2, who("two", "IN:A"): 3, who("three", "IN:A"): 2, who("four", "IN:B"): 1}
    done |= {
        who("lab", "IN:B", kind="organisation"): 50,
        who("bot", "IN:A", kind="bot"): 50,
        who("nowhere"): 1,
    }
    for account, count in done.items():
        for number in range(count):
            act(account, repository, "merged_change", number=f"{account.login}-{number}")


# --- Lineage and adoption ---------------------------------------------------------------------


@worked(
    ("original_model", {"KE": ("1", "1")}),
    (
        "derived_model",
        {"KE": ("2", "3"), "IN": ("1.5", "1.5"), "DE": ("0.5", "0.5"), "FR": ("1", "1"), "?": ("0", "1")},
    ),
    ("derivatives_elsewhere", {"IN": ("2", "3"), "DE": ("0.5", "0.5"), "?": ("0", "1")}),
    ("datasets_reused", {"IN": ("1", "1"), "?": ("0", "1")}),
    ("benchmarks_used", {"IN": ("2", "2")}),
    (
        "lineage_step",
        {"KE": ("6", "7"), "IN": ("2.5", "2.5"), "DE": ("0.5", "0.5"), "FR": ("0", "2"), "?": ("0", "1")},
    ),
)
def building_on_each_other() -> None:
    lab, other = who("lab", "IN:B", kind="organisation"), who("german", "DE:B", kind="organisation")
    kenya = who("kamau", "KE:A")
    base = publish(lab, "in/base", made="2025-01")
    publish(lab, "in/data", kind="dataset", made="2025-01")
    publish(lab, "in/bench", kind="benchmark", made="2025-01", is_benchmark=True)
    publish(other, "de/base", made="2025-01")
    publish(kenya, "copy/base", duplicate_of=base, duplicate_why="reupload")
    ground, data, bench = (
        ("finetune", "model", "in/base"),
        ("dataset", "dataset", "in/data"),
        ("evaluated", "dataset", "in/bench"),
    )
    publish(kenya, "ke/tuned", on=[ground, bench])
    publish(kenya, "ke/merged", on=[("merge", "model", "in/base"), ("merge", "model", "de/base")])
    publish(kenya, "ke/scratch", on=[data, bench])
    publish(
        who("low", "KE:D"), "ke/low", on=[("adapter", "model", "copy/base")]
    )  # a copy's is its original's
    publish(who("asha", "IN:A"), "in/tuned", on=[ground, data])  # at home
    publish(who("both", "IN+DE:B"), "both/tuned", on=[ground])  # half of it abroad
    publish(None, "nobody/tuned", on=[ground])  # perhaps at home
    publish(
        who("fabre", "FR:A"),
        "fr/orphan",
        on=[("finetune", "model", "ghost/it"), ("dataset", "dataset", "ghost/d")],
    )
    publish(who("bot", "KE:A", kind="bot"), "bot/quantised", on=[("quantized", "model", "in/base")])


@worked(
    ("adoption", {"IN": ("25", "29"), "DE": ("0", "4"), "?": ("0", "7")}),
    ("adoption_top_share", {"IN": ("0.8", "0.6897"), "DE": ("0", "1"), "?": ("0", "1")}),
)
def downloads() -> None:
    lab = who("lab", "IN:B", kind="organisation")
    april = {"2025-04-01": 10, "2025-04-02": 20, "2025-04-03": 90, "2025-05-01": 9999}
    base = publish(lab, "in/base", made="2025-01", downloads=april)
    publish(lab, "in/data", kind="dataset", made="2025-01", downloads={"2025-04-01": 4, "2025-04-30": 6})
    publish(lab, "in/derived", on=[("finetune", "model", "in/base")], downloads={"2025-04-01": 1000})
    publish(lab, "in/again", duplicate_of=base, duplicate_why="reupload", downloads={"2025-04-01": 500})
    publish(who("both", "IN+DE:D"), "both/it", downloads={"2025-04-09": 8})
    publish(None, "nobody/it", downloads={"2025-04-09": 7})


# --- Languages, openness, where models run ----------------------------------------------------


@worked(("languages_complete", {"IN": ("1", "2")}), ("speakers_reached", {"IN": ("120", "170")}))
def languages() -> None:
    load_reference()
    LanguageSpeakers.objects.filter(language__in=["hin", "mar"]).delete()
    for language, nation, speakers in (("hin", "IN", 100), ("hin", "NP", 20), ("mar", "IN", 50)):
        LanguageSpeakers.objects.create(language_id=language, nation_id=nation, speakers=speakers)
    lab, unsure = who("lab", "IN:B", kind="organisation"), who("unsure", "IN:D")
    publish(lab, "in/model", made="2025-01", speaks=["hin", "mar", "tam", "kan", "ben"])
    publish(lab, "in/another", made="2025-01", speaks=["hin"])
    publish(lab, "in/data", kind="dataset", made="2025-02", speaks=["hin", "tam"])
    publish(lab, "in/bench", kind="benchmark", made="2025-03", speaks=["hin", "ben"], is_benchmark=True)
    publish(unsure, "in/mar", kind="dataset", made="2025-03", speaks=["mar"])  # complete, but not surely
    publish(who("german", "DE:B"), "de/bench", kind="benchmark", speaks=["mar", "tel"], is_benchmark=True)
    publish(lab, "in/measured", on=[("evaluated", "dataset", "de/bench")])
    publish(lab, "in/kan", kind="dataset", made="2025-02", speaks=["kan"], is_benchmark=True)  # no dataset
    publish(lab, "in/ben", kind="dataset", made="2025-02", speaks=["ben"], gone_at=moment("2025-03"))
    publish(lab, "in/tam", kind="benchmark", made="2025-05", speaks=["tam"], is_benchmark=True)  # later


@worked(("language_artifact", {"IN": ("1.5", "2.5"), "DE": ("0.5", "0.5")}))
def language_support() -> None:
    load_reference()
    lab = who("lab", "IN:B", kind="organisation")
    publish(lab, "in/hindi", speaks=["hin", "eng"])
    publish(lab, "in/english", speaks=["eng"])
    publish(lab, "in/silent")
    publish(who("both", "IN+DE:B"), "both/data", kind="dataset", speaks=["deu"])
    publish(who("low", "IN:D"), "low/space", kind="space", speaks=["mar"])


@worked(
    ("open_class_3", {"IN": ("3", "3"), "DE": ("0", "1")}),
    ("open_class_2", {"IN": ("2", "2")}),
    ("open_class_1", {"IN": ("1", "1")}),
    ("openly_licensed", {"IN": ("2", "2"), "DE": ("0", "1")}),
    ("gated_share", {"IN": ("0.2", "0.2"), "DE": ("0", "0.5")}),
    ("local_model", {"IN": ("2", "2"), "DE": ("0", "1")}),
    ("phone_model", {"IN": ("1", "1")}),
    ("efficient_inference", {"DE": ("0", "1")}),
)
def openness() -> None:
    lab, profile = who("lab", "IN:B", kind="organisation"), who("profile", "DE:D")
    publish(lab, "in/science", openness_class=1, licence="Apache-2.0", runs_on="phone")
    publish(lab, "in/tooling", openness_class=2, licence="CC-BY-NC-4.0", runs_on="laptop")
    publish(lab, "in/model", openness_class=3, licence="LicenseRef-llama3", runs_on="server", gated=True)
    publish(lab, "in/closed", licence="NOASSERTION")
    publish(lab, "in/data", kind="dataset", licence="CC-BY-SA-3.0-DE")
    publish(lab, "in/none", kind="space", licence="")
    publish(profile, "de/data", kind="dataset", licence="CC0-1.0", gated=True)
    publish(
        profile, "de/model", openness_class=3, licence="OpenRAIL", runs_on="laptop",
        on=[("quantized", "model", "in/science")],
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "month", "world", "expected"), WORLDS, ids=[f"{case[0]}-{case[2].__name__}" for case in WORLDS]
)
def test_the_figure_is_the_one_worked_out_by_hand(
    slug: str, month: str, world: Callable[[], None], expected: Expected
) -> None:
    world()
    wanted = {cell: (Decimal(lower), Decimal(upper)) for cell, (lower, upper) in expected.items()}
    found = {cell: bounds for cell, bounds in figure(METRICS[slug], month).items() if any(bounds)}
    assert found == {cell: bounds for cell, bounds in wanted.items() if any(bounds)}
    opened = opens_to(METRICS[slug], month)
    assert {cell: bounds for cell, bounds in opened.items() if any(bounds)} == {
        cell: tuple(sorted(bounds)) for cell, bounds in found.items()
    }


def test_every_metric_has_a_worked_example() -> None:
    assert {case[0] for case in WORLDS} == set(METRICS)
