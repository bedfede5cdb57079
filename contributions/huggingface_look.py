"""A look at an account on the Hub, page by page: who it is, its models, datasets, spaces, and their files.

Once a day, and every night, all lists are read to their end: counters change every day, and what is in no
list any longer is absent. In between only what was modified since is read, newest first, which for an
account with nothing new is one short list a kind. Files are asked of one artefact at a time, and only
where its revision changed.
"""

import datetime
import hashlib
from typing import Any
from urllib.parse import urlsplit

import httpx2
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import huggingface_facts as facts
from contributions.bots import seen
from contributions.found import Due, Found, FoundAccount, FoundFiles, Look, Page
from contributions.huggingface import Client, body, clock, overview
from contributions.models import AccountKind, Platform, SourceKind
from contributions.outside import Denied, Missing, TakenDown, Unreachable

PAGE = 100
SHARED = ["author", "cardData", "createdAt", "disabled", "lastModified", "likes", "private", "sha", "tags"]
COUNTED = [*SHARED, "downloads", "downloadsAllTime", "gated", "usedStorage"]
EXPAND = {
    "models": [
        *COUNTED,
        "childrenModelCount",
        "evalResults",
        "gguf",
        "model-index",
        "pipeline_tag",
        "safetensors",
    ],
    "datasets": COUNTED,
    "spaces": [*SHARED, "usedStorage"],
}
LISTS = ["models", "datasets", "spaces"]
FOLDER = {kind.value: step for step, (kind, _act, _folder) in facts.KINDS.items()}
STUMBLES = 3  # artefacts whose files may fail in one look before it is taken for the Hub's own trouble
ORDER = (AccountKind.ORGANISATION, AccountKind.PERSON)


def next_page(look: Look) -> Page:
    """Ask the next page of an organisation or a person. Raises OutsideTrouble."""
    if look.kind != SourceKind.ORGANISATION:
        raise Missing(_("Only whole accounts are looked at on the Hub; give the part before the slash."))
    client, step = Client(), look.cursor.get("step") or "owner"
    if step == "owner":
        page = _owner(client, look)
    elif step in ASKED_SINGLY:
        page = ASKED_SINGLY[step](client, look)
    else:
        page = _list(client, look, step)
    page.requests = page.quota = client.requests
    page.fetch = client.fetch
    return page


def _owner(client: Client, look: Look) -> Page:
    """Who it is. The Hub tells a rename by the name it answers; lists of the old name are empty."""
    said, kind = overview(client, look.name, ORDER)
    name = str(said.get("name") or said.get("user") or look.name)
    platform_id = str(said.get("_id") or f"name:{name.lower()}")
    if look.platform_id and platform_id != look.platform_id:
        raise Missing(_("The name belongs to another account now."))
    account = _account(platform_id, name, kind.value, str(said.get("fullname") or ""))
    marks = look.marks | {"kind": kind.value, "fullname": account.name}
    day = client.fetch.at.date().isoformat() if client.fetch else ""
    whole = look.thorough or marks.get("walked") != day
    cursor = {"step": LISTS[0], "day": day, "whole": whole}
    return Page(Found(accounts=(account,)), cursor=cursor, marks=marks, name=name, platform_id=platform_id)


def _account(platform_id: str, name: str, kind: str, fullname: str) -> FoundAccount:
    word = "org" if kind == AccountKind.ORGANISATION else "user"
    return seen(Platform.HUGGINGFACE, platform_id, name, word, fullname)


def _list(client: Client, look: Look, step: str) -> Page:
    """A page of what the account published."""
    whole = bool(look.cursor.get("whole", True))
    url = look.cursor.get("next")
    params = [("author", look.name), ("limit", str(PAGE)), ("sort", "createdAt" if whole else "lastModified")]
    params += [("expand", each) for each in EXPAND[step]]
    answer = client.get(url) if url else client.get(f"{settings.HF_ENDPOINT}/api/{step}", params)
    infos = _infos(answer)
    owner = _account(look.platform_id, look.name, look.marks["kind"], look.marks["fullname"])
    newest = max([str(look.cursor.get("newest") or ""), *(str(each.get("lastModified")) for each in infos)])
    mark = _marks_of(look).get(step, "")
    reached = not whole and any(str(each.get("lastModified")) < mark for each in infos)
    follow = "" if reached else _follow(answer)
    page = Page(facts.published(step, infos, owner, clock(answer).date()))
    keep = {"day": look.cursor.get("day"), "whole": whole, "seen": _not_again(look, infos, follow)}
    if follow:
        page.cursor = keep | {"step": step, "next": follow, "newest": newest}
        return page
    page.marks = look.marks | {"newest": _marks_of(look) | {step: max(newest, mark)}}
    after = [*LISTS, "absent"][LISTS.index(step) + 1]
    page.cursor = keep | {"step": after}
    if after == "absent" and whole and look.cursor.get("day"):
        page.marks["walked"] = look.cursor["day"]
        page.walked = datetime.date.fromisoformat(str(look.cursor["day"]))
    return page


def _marks_of(look: Look) -> dict[str, str]:
    newest = look.marks.get("newest")
    return newest if isinstance(newest, dict) else {}


def _infos(answer: httpx2.Response) -> list[dict[str, Any]]:
    said = body(answer)
    if not isinstance(said, list) or not all(isinstance(each, dict) and each.get("id") for each in said):
        raise Unreachable(_("The Hub answered something else than we asked."))
    return said


def _follow(answer: httpx2.Response) -> str:
    follow = str(answer.links.get("next", {}).get("url") or "")
    if follow and urlsplit(follow)[:2] != urlsplit(settings.HF_ENDPOINT)[:2]:
        raise Unreachable(_("The Hub sent us to another host."))
    return follow


def _not_again(look: Look, infos: list[dict[str, Any]], follow: str) -> list[str]:
    """Pages and addresses met so far, of any list: one that comes again would go round for ever, or bring
    models as datasets. Ask again later."""
    met = list(look.cursor.get("seen") or [])
    page = " ".join(facts.platform_id(each) for each in infos)
    for text in filter(None, (page, follow)):
        mark = hashlib.sha256(text.encode()).hexdigest()[:10]
        if mark in met:
            raise Unreachable(_("The Hub sent the same page again."))
        met.append(mark)
    return met


def _absent(client: Client, look: Look) -> Page:
    """What is in no list any longer is asked for by name: transferred, or not there. Each once a look."""
    asked = list(look.cursor.get("asked") or [])
    due = [each for each in look.absent(1 + len(asked)) if each.key.platform_id not in asked]
    if not due:
        return Page(cursor={"step": "files"})
    page = Page(cursor={"step": "absent", "asked": [*asked, due[0].key.platform_id]})
    page.found = _where_it_went(client, due[0])
    return page


def _where_it_went(client: Client, due: Due) -> Found:
    """The Hub leads from an old name to the new one. Another id under the name is another artefact."""
    step = FOLDER[due.key.kind]
    expand = [("expand", each) for each in EXPAND[step]]
    try:
        said = client.json(f"{settings.HF_ENDPOINT}/api/{step}/{due.name}", expand)
        if facts.key_of(step, said) != due.key:
            return Found()
        now, kind = overview(client, said["id"].partition("/")[0], ORDER)
    except TakenDown:
        return Found(taken_down=(due.key,))
    except (Missing, Denied):
        return Found()
    name = str(now.get("name") or now.get("user"))
    owner = _account(str(now.get("_id")), name, kind.value, str(now.get("fullname") or ""))
    day = client.fetch.at.date() if client.fetch else timezone.now().date()
    return facts.published(step, [said], owner, day)


def _files(client: Client, look: Look) -> Page:
    """The files of one artefact. One that fails again and again does not keep the others from being asked."""
    skipped = list(look.cursor.get("skipped") or [])
    due = [each for each in look.files_due(1 + len(skipped)) if each.key.platform_id not in skipped]
    if not due:
        return Page()
    cursor: dict[str, Any] = {"step": "files", "skipped": skipped}
    try:
        found = _files_of(client, due[0])
    except Unreachable:
        if len(skipped) >= STUMBLES:
            raise
        return Page(cursor=cursor | {"skipped": [*skipped, due[0].key.platform_id]})
    return Page(found, cursor=cursor)


def _files_of(client: Client, due: Due) -> Found:
    """Nothing to see in gated ones, in what went away meanwhile, and where the name means another by now."""
    nothing = FoundFiles(due.key, due.revision, None)
    address = f"{settings.HF_ENDPOINT}/api/{FOLDER[due.key.kind]}/{due.name}"
    try:
        said = client.json(address, [("blobs", "true")])
    except TakenDown:
        return Found(files=(nothing,), taken_down=(due.key,))
    except (Missing, Denied):
        return Found(files=(nothing,))
    if facts.platform_id(said) != due.key.platform_id:
        if said.get("id") != due.name:
            raise Unreachable(_("The Hub answered something else than we asked."))
        return Found(files=(nothing,))
    return Found(files=(FoundFiles(due.key, str(said.get("sha") or due.revision), facts.files(said)),))


ASKED_SINGLY = {"absent": _absent, "files": _files}
