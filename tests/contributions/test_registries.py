"""Organisations by registry: numbers are checked; a register ties organisations' accounts, never people's."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from contributions import registries
from contributions.actions.accounts import register_account
from contributions.actions.attribution import end_affiliation
from contributions.actions.registries import ImportedRegistry, import_national, import_ror
from contributions.models import Account, Affiliation
from contributions.registries import account_at
from mission.errors import Refused
from mission.models import AuditEntry, Organisation
from mission.ror import check_digits, read_ror_id
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 1, 31)
SOURCE = "https://register.example.org/"


@pytest.fixture(autouse=True)
def nations() -> None:
    nation("IN")
    nation("US")


def entry(ror_id: str = "02jbv0t02", **changes: Any) -> dict[str, Any]:
    """A record of ROR's schema 2.1, with what we read and some of what we do not."""
    return {
        "id": f"https://ror.org/{ror_id}",
        "status": "active",
        "types": ["funder", "education"],
        "names": [
            {"value": "KIT", "types": ["acronym"], "lang": "en"},
            {"value": "Kaveri Institute", "types": ["ror_display", "label"], "lang": "en"},
        ],
        "links": [
            {"type": "website", "value": "https://kaveri.example/"},
            {"type": "wikipedia", "value": "http://en.wikipedia.org/wiki/Kaveri"},
        ],
        "locations": [{"geonames_id": 1, "geonames_details": {"name": "Pune", "country_code": "IN"}}],
        "admin": {
            "created": {"date": "2018-11-14", "schema_version": "1.0"},
            "last_modified": {"date": "2024-12-11", "schema_version": "2.1"},
        },
        "established": 1999,
        "external_ids": [],
        "relationships": [],
        "domains": [],
    } | changes


def links(*urls: str) -> list[dict[str, str]]:
    return [{"type": "website", "value": url} for url in urls]


def dump(folder: Path, *records: Any) -> Path:
    file = folder / "ror.json"
    file.write_text(json.dumps(records, indent=2))
    return file


def load(folder: Path, *records: Any, **asked: Any) -> ImportedRegistry:
    return import_ror(actor=None, file=dump(folder, *records), **asked or {"nations": ["IN"]})


def account(login: str = "kaveri", platform: str = "github", kind: str = "organisation") -> Account:
    return register_account(
        actor=None, platform=platform, platform_id=f"{platform}-{login}", login=login, kind=kind
    )


def test_real_ror_ids_pass_and_one_wrong_character_anywhere_fails() -> None:
    for real in ("02jbv0t02", "03yrm5c26", "00pjdza24", "01an7q238", "05rrcem69"):
        assert read_ror_id(real) == read_ror_id(f"https://ror.org/{real}") == real
        assert check_digits(real[1:7]) == real[7:]
        for place in range(1, 9):
            for other in "0123456789abcdefghjkmnpqrstvwxyz":
                mistyped = real[:place] + other + real[place + 1 :]
                if mistyped != real:
                    with pytest.raises(ValueError, match=r"no ROR id|mistyped"):
                        read_ror_id(mistyped)


@pytest.mark.parametrize(
    "said", ["", "2jbv0t02", "12jbv0t02", "02jbl0t02", "02jbv0t0", "https://example.org/02jbv0t02"]
)
def test_what_is_no_ror_id_is_told_apart_from_a_mistyped_one(said: str) -> None:
    with pytest.raises(ValueError, match="is no ROR id"):
        read_ror_id(said)
    with pytest.raises(ValueError, match="is mistyped"):
        read_ror_id("02jbv0t03")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/kaveri", ("github", "kaveri")),
        ("http://www.github.com/kaveri/", ("github", "kaveri")),
        ("github.com/orgs/kaveri", ("github", "kaveri")),
        ("https://huggingface.co/kaveri", ("huggingface", "kaveri")),
        ("https://github.com/kaveri/model", None),
        ("https://github.com/", None),
        ("https://kaveri.github.io/", None),
        ("https://example.org/github.com", None),
    ],
)
def test_an_address_names_an_account_only_where_it_is_the_accounts(
    url: str, found: tuple[str, str] | None
) -> None:
    assert account_at(url) == found


def test_organisations_of_a_nation_come_in_with_name_type_and_website(tmp_path: Path) -> None:
    elsewhere = entry("03yrm5c26", locations=[{"geonames_id": 2, "geonames_details": {"country_code": "US"}}])
    done = load(tmp_path, entry(), elsewhere)
    assert (done.read, done.created, done.changed, done.notes) == (1, 1, 0, [])
    made = Organisation.objects.get()
    assert (made.name, made.type, made.nation_id, made.ror_id) == (
        "Kaveri Institute", "research", "IN", "02jbv0t02",
    )  # fmt: skip
    assert made.website == "https://kaveri.example/"
    facts = AuditEntry.objects.get(verb="organisation.registered").facts
    assert facts["source"] == "https://ror.org/02jbv0t02"


def test_the_same_dump_again_changes_nothing(tmp_path: Path) -> None:
    account()
    record = entry(links=links("https://github.com/kaveri"))
    load(tmp_path, record)
    before = AuditEntry.objects.count()
    again = load(tmp_path, record)
    assert (again.read, again.created, again.changed, again.tied) == (1, 0, 0, 0)
    assert AuditEntry.objects.count() == before


def test_who_is_here_with_a_ror_id_is_brought_up_to_date_unasked(tmp_path: Path) -> None:
    here = organisation(person("asha"), "Kaveri Inst.")
    Organisation.objects.filter(pk=here.pk).update(ror_id="02jbv0t02")
    done = import_ror(actor=None, file=dump(tmp_path, entry(), entry("03yrm5c26")))
    assert (done.created, done.changed) == (0, 1)
    here.refresh_from_db()
    assert (here.name, here.website) == ("Kaveri Institute", "https://kaveri.example/")
    assert (here.type, here.registry_id) == ("startup", "IN-Kaveri Inst.")
    facts = AuditEntry.objects.get(verb="organisation.brought_up_to_date").facts
    assert facts["before"]["name"] == "Kaveri Inst."


def test_one_organisation_may_be_asked_for_by_its_id(tmp_path: Path) -> None:
    done = load(tmp_path, entry(), entry("03yrm5c26"), ids=["https://ror.org/03yrm5c26"])
    assert done.created == 1
    assert Organisation.objects.get().ror_id == "03yrm5c26"
    with pytest.raises(Refused, match="is mistyped"):
        load(tmp_path, entry(), ids=["03yrm5c27"])
    with pytest.raises(Refused, match="no nation's code"):
        load(tmp_path, entry(), nations=["ZZ"])


def test_the_accounts_a_register_names_are_tied_with_grade_b_and_its_address(tmp_path: Path) -> None:
    account()
    account("kaveri", "huggingface")
    record = entry(links=links("https://github.com/kaveri", "https://huggingface.co/Kaveri"))
    assert load(tmp_path, record).tied == 2
    for tie in Affiliation.objects.all():
        assert (tie.method, tie.grade, tie.source_url) == ("registry", "B", "https://ror.org/02jbv0t02")
        assert (tie.valid_from, tie.valid_to) == (datetime.date(2024, 12, 11), None)
        assert tie.organisation == Organisation.objects.get()
    later = record | {"admin": {"last_modified": {"date": "2025-06-01"}}}
    assert load(tmp_path, later).tied == 0


def test_a_register_never_ties_a_persons_account(tmp_path: Path) -> None:
    account("asha", kind="person")
    done = load(tmp_path, entry(links=links("https://github.com/asha")))
    assert done.tied == 0
    assert done.notes == [
        "github:asha is no organisation's account; a person says whose they are themselves."
    ]
    assert not Affiliation.objects.exists()


def test_an_account_nobody_looked_at_is_told_and_tied_by_the_next_import(tmp_path: Path) -> None:
    record = entry(links=links("https://github.com/kaveri"))
    assert "Run manage.py sync github:kaveri" in load(tmp_path, record).notes[0]
    account()
    assert load(tmp_path, record).tied == 1


def test_an_affiliation_that_was_ended_is_not_begun_anew_over_its_time(tmp_path: Path) -> None:
    account()
    record = entry(links=links("https://github.com/kaveri"))
    load(tmp_path, record)
    end_affiliation(actor=None, affiliation=Affiliation.objects.get(), valid_to=datetime.date(2026, 1, 1))
    done = load(tmp_path, record)
    assert done.tied == 0
    assert "already belongs to this organisation in that time" in done.notes[0]


def test_another_nation_in_the_register_is_told_and_not_taken_over(tmp_path: Path) -> None:
    load(tmp_path, entry())
    moved = entry(locations=[{"geonames_id": 2, "geonames_details": {"country_code": "US"}}])
    done = load(tmp_path, moved)
    assert done.notes == ["Kaveri Institute is of IN here and of US in the register; the nation was left."]
    assert Organisation.objects.get().nation_id == "IN"


def test_an_organisation_that_is_no_longer_active_is_told_and_none_is_made(tmp_path: Path) -> None:
    assert load(tmp_path, entry(status="inactive")).created == 0
    load(tmp_path, entry())
    done = load(tmp_path, entry(status="withdrawn"))
    assert done.notes == ["Kaveri Institute is no longer active in the register."]


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (entry("02jbv0t03"), "record 2: “https://ror.org/02jbv0t03” is mistyped"),
        ({"id": "https://ror.org/03yrm5c26"}, "record 2: this is no record of ROR's schema 2"),
        (entry("03yrm5c26", names=[{"value": "x" * 201, "types": ["label"]}]), "record 2: name: "),
        (entry("03yrm5c26", admin={"last_modified": {"date": "soon"}}), "record 2: "),
    ],
)
def test_a_bad_record_refuses_the_dump_by_its_number_and_nothing_is_imported(
    tmp_path: Path, record: Any, told: str
) -> None:
    with pytest.raises(Refused) as refused:
        load(tmp_path, entry(), record)
    assert told in refused.value.sentence
    assert refused.value.sentence.endswith("Nothing was imported.")
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("text", ["", "{}", "[{", '[{"id": 1}', "[1 2]"])
def test_a_dump_that_is_cut_off_or_no_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ror.json"
    file.write_text(text)
    with pytest.raises(Refused, match=r"ror\.json, record \d: "):
        import_ror(actor=None, file=file, nations=["IN"])


def test_a_dump_is_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registries, "PIECE", 7)
    assert (
        load(tmp_path, entry(), entry("03yrm5c26", names=[{"value": "Ō", "types": ["label"]}])).created == 2
    )


HEADER = "registry_id,name,type,nation,website,ror_id,github,huggingface,since"
ROW = "U72900,Kaveri Labs,startup,IND,https://kaveri.example/,02jbv0t02,kaveri,,2023-04-01"


def national(folder: Path, *rows: str, header: str = HEADER) -> ImportedRegistry:
    file = folder / "register.csv"
    file.write_text("\n".join([header, *rows, ""]))
    return import_national(actor=None, file=file, source_url=SOURCE, as_of=DAY)


def test_a_national_register_brings_organisations_and_their_accounts(tmp_path: Path) -> None:
    account()
    done = national(tmp_path, ROW, "U2,Sahyadri,nonprofit,IN,,,,,")
    assert (done.read, done.created, done.tied) == (2, 2, 1)
    made = Organisation.objects.get(registry_id="U72900")
    assert (made.name, made.type, made.nation_id, made.ror_id) == (
        "Kaveri Labs",
        "startup",
        "IN",
        "02jbv0t02",
    )
    tie = Affiliation.objects.get()
    assert (tie.valid_from, tie.source_url, tie.grade) == (datetime.date(2023, 4, 1), SOURCE, "B")
    again = national(tmp_path, ROW, "U2,Sahyadri,nonprofit,IN,,,,,")
    assert (again.created, again.changed, again.tied) == (0, 0, 0)


def test_without_a_date_of_its_own_a_row_holds_from_the_registers_day(tmp_path: Path) -> None:
    account()
    national(tmp_path, ROW.replace("2023-04-01", ""))
    assert Affiliation.objects.get().valid_from == DAY


def test_an_owners_organisation_is_found_by_its_registration_number_and_gets_its_ror_id(
    tmp_path: Path,
) -> None:
    here = organisation(person("asha"), "Kaveri")
    national(tmp_path, ROW.replace("U72900", here.registry_id))
    here.refresh_from_db()
    assert (here.name, here.ror_id) == ("Kaveri Labs", "02jbv0t02")
    assert Organisation.objects.count() == 1


def test_a_number_that_is_here_is_never_replaced(tmp_path: Path) -> None:
    national(tmp_path, ROW)
    with pytest.raises(Refused, match="has the number U72900 here, not U99999"):
        national(tmp_path, ROW.replace("U72900", "U99999"))
    national(tmp_path, "U2,Sahyadri,nonprofit,IN,,,,,")
    with pytest.raises(Refused, match="its numbers are those of two organisations"):
        national(tmp_path, ROW.replace("U72900", "U2"))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",Kaveri,startup,IN,,,,,", "“registry_id” is empty"),
        ("U1,Kaveri,guild,IN,,,,,", "“guild” is no type"),
        ("U1,Asha,individual,IN,,,,,", "“individual” is no type"),
        ("U1,Kaveri,startup,XX,,,,,", "“XX” is no nation"),
        ("U1,Kaveri,startup,IN,,02jbv0t03,,,", "is mistyped"),
        ("U1,Kaveri,startup,IN,,,,,April", "“April” is no date"),
        ("U1,Kaveri,startup,IN,not a site,,,,", "website: "),
        ("U1,Kaveri,startup,IN", "the number of columns"),
    ],
)
def test_a_bad_row_refuses_the_register_by_file_and_line(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        national(tmp_path, ROW, row)
    assert refused.value.sentence.startswith("register.csv, line 3: ")
    assert told in refused.value.sentence
    assert not Organisation.objects.exists()


def test_a_register_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="line 1: the header lacks registry_id, nation"):
        national(tmp_path, header="name,type")


def test_the_command_tells_what_came_in_and_what_a_person_should_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = dump(tmp_path, entry(links=links("https://github.com/kaveri")))
    call_command("import_registry", "ror", str(file), "--nation", "IND")
    told = capsys.readouterr().out
    assert "Run manage.py sync github:kaveri, then import again." in told
    assert "1 organisations read, 1 new, 0 brought up to date, 0 accounts tied." in told
    with pytest.raises(CommandError, match="needs --source and --as-of"):
        call_command("import_registry", "national", str(file))
