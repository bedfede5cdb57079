"""Forks, mirrors and re-uploads: found, and decided alike in whatever order artefacts come."""

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.found import FoundFile
from contributions.likeness import Candidate, address, fingerprint, fork_of, mirror_of, verdicts

DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def one(number: int, *, day: int = 0, print_: str = "", copied: str = "", **more: object) -> Candidate:
    values: dict[str, object] = {
        "id": number,
        "kind": "repository" if copied else "model",
        "platform": "github" if copied else "huggingface",
        "platform_id": f"p{number}",
        "url": f"https://github.com/o/r{number}",
        "created_at": DAY + datetime.timedelta(days=day),
        "fingerprint": print_,
        "copied_from": copied,
    }
    return Candidate(**(values | more))  # type: ignore[arg-type]


def of(*candidates: Candidate) -> dict[int, tuple[int | None, str]]:
    return {number: tuple(verdict) for number, verdict in verdicts(candidates).items()}  # type: ignore[misc]


def test_of_equal_files_the_first_published_is_the_original() -> None:
    found = of(one(1, day=5, print_="x"), one(2, day=3, print_="x"), one(3, print_="y"), one(4))
    assert found == {1: (2, "reupload"), 2: (None, ""), 3: (None, ""), 4: (None, "")}


def test_when_the_original_goes_the_next_takes_its_place_and_both_never_count() -> None:
    found = of(one(1, print_="x", gone=True), one(2, day=3, print_="x"), one(3, day=4, print_="x"))
    assert found == {1: (2, "reupload"), 2: (None, ""), 3: (2, "reupload")}


def test_a_fork_of_a_fork_is_a_copy_of_the_first_and_so_is_a_mirror() -> None:
    root = one(1, day=9, kind="repository", platform="github")
    fork, again = one(2, copied=fork_of("p1")), one(3, copied=fork_of("p2"))
    mirror = one(4, copied=mirror_of("git://GitHub.com/o/r1.git"))
    assert of(root, fork, again, mirror) == {1: (None, ""), 2: (1, "fork"), 3: (1, "fork"), 4: (1, "mirror")}


def test_two_that_mirror_each_other_leave_one_original() -> None:
    first = one(1, day=1, copied=mirror_of("https://github.com/o/r2"))
    other = one(2, day=2, copied=mirror_of("https://github.com/o/r1"))
    assert of(other, first) == {1: (None, ""), 2: (1, "mirror")}


def test_what_an_officer_decided_stands_and_others_follow_it() -> None:
    decided = one(1, print_="x", by_officer=True, duplicate_of=3)
    assert of(decided, one(2, day=1, print_="x"), one(3, day=2)) == {2: (None, ""), 3: (2, "reupload")}
    nobodys = one(1, print_="x", by_officer=True)
    assert of(nobodys, one(2, day=1, print_="x"), one(3, day=2, print_="x")) == {
        2: (None, ""),
        3: (2, "reupload"),
    }


@st.composite
def worlds(draw: st.DrawFn) -> list[Candidate]:
    """Up to nine artefacts with few fingerprints and days, and forks and mirrors of one another."""
    count = draw(st.integers(2, 9))
    made = []
    for number in range(1, count + 1):
        other = draw(st.integers(1, count))
        how = draw(
            st.sampled_from(["", "", fork_of(f"p{other}"), mirror_of(f"https://github.com/o/r{other}")])
        )
        made.append(
            one(
                number,
                day=draw(st.integers(0, 2)),
                print_=draw(st.sampled_from(["", "x", "y"])),
                copied="" if other == number else how,
                kind="repository",
                platform="github",
                gone=draw(st.booleans()),
            )
        )
    return made


@settings(max_examples=200, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_decides_nothing_and_each_group_has_one_original(
    world: list[Candidate], dice: object
) -> None:
    found = verdicts(world)
    mixed = list(world)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert verdicts(mixed) == found
    originals = {number for number, verdict in found.items() if verdict.duplicate_of is None}
    for verdict in found.values():
        assert verdict.duplicate_of is None or verdict.duplicate_of in originals, "a copy of a copy"
        assert (verdict.duplicate_of is None) == (verdict.why == "")
    for print_ in ("x", "y"):
        alike = [each.id for each in world if each.fingerprint == print_]
        assert len({found[each].duplicate_of or each for each in alike}) <= 1
    there = {each.id for each in world if not each.gone}
    for number in there:
        assert found[number].duplicate_of in (*there, None), "what is there is a copy of what went"


BIG = 5_000_000_000


def test_a_fingerprint_is_of_the_weights_whatever_they_are_called() -> None:
    mine = [FoundFile("a.safetensors", BIG, "sha256:1"), FoundFile("b.safetensors", BIG, "sha256:2")]
    other = [FoundFile("y.safetensors", BIG, "sha256:2"), FoundFile("x.safetensors", BIG, "sha256:1")]
    card = FoundFile("README.md", 9000, "git:3")
    assert fingerprint("model", [*mine, card]) == fingerprint("model", other) != ""
    assert fingerprint("model", mine[:1]) != fingerprint("model", mine)
    trained = FoundFile("training_args.bin", 6000, "sha256:9")
    assert fingerprint("model", [*mine, trained]) == fingerprint("model", mine)


def test_no_fingerprint_where_files_tell_nothing() -> None:
    assert fingerprint("model", []) == ""
    assert fingerprint("model", [FoundFile("README.md", 9000, "git:1")]) == ""
    assert fingerprint("model", [FoundFile("m.safetensors", BIG, "")]) == ""
    assert fingerprint("dataset", [FoundFile("train.csv", 12, "git:1")]) == ""
    assert fingerprint("dataset", [FoundFile("dataset_infos.json", 9000, "git:1")]) == ""


def test_addresses_of_one_place_are_one() -> None:
    same = ["git://GitHub.com/a/b.git", "https://github.com/a/B/", "git@github.com:a/b.git", "github.com/a/b"]
    assert {address(each) for each in same} == {"github.com/a/b"}
