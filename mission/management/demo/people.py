"""Who lives in the demo world. Every name is invented."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from mission.actions.organisations import answer_invitation, create_organisation, invite
from mission.actions.people import grant_role, register_person
from mission.models import Nation, Organisation, Role, User

LOGINS: dict[str, tuple[str, Role | None]] = {
    # login: (name, role beyond applicant)
    "officer": ("Meera Iyer", Role.OFFICER),
    "reviewer1": ("Tomás Rueda", Role.REVIEWER),
    "reviewer2": ("Aiko Tanabe", Role.REVIEWER),
    "reviewer3": ("Rohan Deshmukh", Role.REVIEWER),
    "startup": ("Lakshmi Narayan", None),
    "fellow": ("Farida Qureshi", None),
    "auditor": ("Samuel Osei", Role.AUDITOR),
}


@dataclass(frozen=True)
class Sketch:
    """An organisation of the demo world; `nation` empty: the home nation; `owner`: a login or a new name."""

    key: str
    name: str
    type: str
    nation: str
    owner: str
    founded: int


ORGANISATIONS = [
    Sketch("kaveri", "Kaveri Language Labs", "startup", "", "startup", 2023),
    Sketch("sahyadri", "Sahyadri Speech Institute", "research", "", "Dr Anjali Kulkarni", 2011),
    Sketch("nilgiri", "Nilgiri Edge AI", "startup", "", "Joseph Kurian", 2024),
    Sketch("vidhya", "Vidhya Open Learning", "nonprofit", "", "fellow", 2019),
    Sketch("mara", "Mara Voices", "startup", "KE", "Wanjiku Mwangi", 2022),
    Sketch("ipe", "Ipê Dados Abertos", "nonprofit", "BR", "Caio Monteiro", 2018),
    Sketch("nusantara", "Nusantara Teks", "startup", "ID", "Dewi Lestari", 2021),
    Sketch("lagune", "Lagune Langues", "nonprofit", "CI", "Awa Kouassi", 2020),
    Sketch("pohja", "Põhja Mudelid", "startup", "EE", "Kaarel Tamm", 2022),
    Sketch("andes", "Andes Evaluación", "research", "PE", "Rosa Quispe", 2015),
    Sketch("songhong", "Sông Hồng Lab", "startup", "VN", "Linh Pham", 2023),
]


@dataclass
class Cast:
    """Everybody and everything made so far, by login and by key."""

    people: dict[str, User]
    organisations: dict[str, Organisation]


def make_cast(password: str) -> Cast:
    """The demo logins, the owners and their organisations; reviewer 3 belongs to the startup's."""
    cast = Cast({}, {})
    for login, (name, role) in LOGINS.items():
        user = register_person(email=f"{login}@demo.example", name=name, password=password)
        if role:
            grant_role(actor=None, user=user, role=role)
        cast.people[login] = user
    for sketch in ORGANISATIONS:
        cast.organisations[sketch.key] = make_organisation(cast, sketch)
    third = cast.people["reviewer3"]
    asked = invite(actor=cast.people["startup"], organisation=cast.organisations["kaveri"], email=third.email)
    answer_invitation(actor=third, invitation=asked, accept=True)
    return cast


def make_organisation(cast: Cast, sketch: Sketch) -> Organisation:
    nation = Nation.objects.get(pk=sketch.nation or settings.HOME_NATION)
    owner = cast.people.get(sketch.owner)
    if owner is None:
        # They act in the story but nobody signs in as them: no password, no login.
        owner = register_person(email=f"{sketch.key}@people.demo.example", name=sketch.owner, password=None)
    cast.people.setdefault(sketch.key, owner)
    return create_organisation(
        actor=owner,
        name=sketch.name,
        type=sketch.type,
        nation=nation,
        registry_id=f"DEMO-{sketch.key.upper()}",
        website=f"https://{sketch.key}.demo.example/",
        founded_on=datetime.date(sketch.founded, 4, 1),
    )
