"""Releases: a page for each, and the files themselves, which may be kept for good."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _

from dashboards.exports import answer
from dashboards.figures import releases as figures
from dashboards.freshness import fresh
from dashboards.models import DataFile, DataRelease, ReleaseStatus
from dashboards.releases.citing import citation
from dashboards.releases.places import packed, path_of
from grants.views.files import PieceByPiece
from mission.access import requires

FOR_GOOD = "public, max-age=31536000, immutable, no-transform"
A_WHILE = "public, max-age=300"
TEXT = ("text/", "application/json", "application/ld+json")


@requires("public.read")
@fresh
def release(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(DataRelease.objects.published(), name=name)
    shown = [
        figures.files_figure(found, figures.title_of(found)),
        figures.changes_figure(found),
        figures.decisions_figure(found),
    ]
    context = {
        "release": found,
        "citation": citation(found),
        "others": figures.others(found),
        "crumbs": [(_("Data"), reverse("dashboards:data")), (name, "")],
    }
    return answer(request, "dashboards/release.html", shown, context)


@requires("public.read")
def release_file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """The bytes as they were published, packed for whoever unpacks by themselves."""
    rows = DataFile.objects.filter(release__status=ReleaseStatus.PUBLISHED, release__name=name)
    found = get_object_or_404(rows.select_related("release"), name=file)
    packs = found.packed_size is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{found.sha256[:40]}{"-gz" if packs else ""}"'
    response = get_conditional_response(request, etag=etag) or sent(found, packs)
    response["ETag"] = etag
    response["Cache-Control"] = FOR_GOOD
    response["Access-Control-Allow-Origin"] = "*"  # anybody's notebook may read it
    if found.packed_size is not None:
        patch_vary_headers(response, ["Accept-Encoding"])
    return response


def sent(file: DataFile, packs: bool) -> HttpResponseBase:
    try:
        path = packed(path_of(file)) if packs else path_of(file)
        bytes_of = path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    charset = "; charset=utf-8" if file.media_type.startswith(TEXT) else ""
    response = PieceByPiece(bytes_of, content_type=f"{file.media_type}{charset}")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Content-Length"] = str(file.packed_size if packs else file.size)
    if packs:
        response["Content-Encoding"] = "gzip"
    return response


@requires("public.read")
def latest(request: HttpRequest, file: str = "") -> HttpResponse:
    """To the newest release, or a file of it: an address to keep in a program."""
    newest = DataRelease.objects.published().first()
    if newest is None:
        raise Http404
    names = [newest.name, file] if file else [newest.name]
    response = redirect("dashboards:release_file" if file else "dashboards:release", *names)
    response["Cache-Control"] = A_WHILE
    response["Access-Control-Allow-Origin"] = "*"
    return response
