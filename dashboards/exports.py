"""One address, all answers: the page, the rows of its figures as CSV or JSON, each drawn as SVG or PNG."""

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dashboards.addresses import asks_for_little, frame, known_names, view_of
from dashboards.charts.figure import Cell, Column, Figure, Reading, Row, plain
from dashboards.charts.picture import as_png, as_svg, open_graph
from mission.errors import Refused
from mission.numerals import latin

Format = Literal["html", "csv", "json", "svg", "png"]
FORMATS: dict[str, Format] = {"html": "html", "csv": "csv", "json": "json", "svg": "svg", "png": "png"}
MEDIA_TYPES: dict[str, Format] = {"text/html": "html", "application/json": "json", "text/csv": "csv"}


def format_of(request: HttpRequest) -> Format:
    """`?format=` says it, else the Accept header, else it is the page."""
    asked = request.GET.get("format")
    if asked is not None:
        if asked not in FORMATS:
            said = _("The format is csv, json, svg or png.")
            raise Refused(said, field="format", code="bad_format", status=400)
        return FORMATS[asked]
    return MEDIA_TYPES.get(request.get_preferred_type(list(MEDIA_TYPES)) or "text/html", "html")


def is_data(request: HttpRequest) -> bool:
    """Whether rows are asked for, of which more fit into an answer than onto a page or a picture."""
    return format_of(request) in {"csv", "json"}


def answer(
    request: HttpRequest,
    template: str,
    figures: Sequence[Figure],
    context: dict[str, Any],
    *,
    form: Form | None = None,
    following: str = "",
) -> HttpResponse:
    """The page, or its figures as data. `?figure=` chooses one of them; CSV without it is the first.
    `form`: what was asked for. Where that is wrong, a page says so and shows the usual; data are refused.
    `following` is the address of the next page of a long list."""
    wanted = format_of(request)
    if wanted == "html":
        status = 400 if form and form.errors else 200
        response = page(request, template, figures, {**context, "form": form}, form, status)
    elif form and form.errors:
        field, messages = next(iter(form.errors.items()))
        name = None if field == NON_FIELD_ERRORS else field
        raise Refused(str(messages[0]), field=name, code="bad_parameter", status=400)
    else:
        chosen = choose(request, figures)
        if wanted == "json":
            response = as_json(request, chosen, following)
        elif wanted == "csv":
            response = as_csv(chosen[0], following) if chosen else HttpResponse(content_type="text/csv")
        else:
            response = as_picture(request, chosen[0], form, wanted)
    patch_vary_headers(response, ["Accept"])
    response.canonical = asks_for_little(request, form)  # type: ignore[attr-defined]
    return response


def page(
    request: HttpRequest,
    template: str,
    figures: Sequence[Figure],
    context: dict[str, Any],
    form: Form | None,
    status: int,
) -> HttpResponse:
    """`?view=table` shows tables instead of drawings; `?view=embed` one figure for a frame elsewhere."""
    view = view_of(request, form)
    around = {**context, **frame(request, form)}
    around["pictured"] = next((f.slug for f in figures if f.rows and f.chart), "")
    if view == "embed":
        return embedded(request, choose(request, figures)[0], around)
    if view == "table":
        figures = [figure.as_table for figure in figures]
    return render(request, template, {**around, "figures": figures}, status=status)


def embedded(request: HttpRequest, figure: Figure, context: dict[str, Any]) -> HttpResponse:
    """The one page that others may put into a frame. It has no form, and who is signed in gets the same."""
    response = render(request, "dashboards/embed.html", {**context, "figure": figure})
    response.xframe_options_exempt = True
    response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    return response


def as_picture(
    request: HttpRequest, figure: Figure, form: Form | None, wanted: Literal["svg", "png"]
) -> HttpResponse:
    """`?width=`: wide, narrow, or preview, which is what other sites show beside a link. A picture takes a
    tenth of a second, so an address that asks for what the page does not know gets none."""
    width = request.GET.get("width", "wide")
    strange = [name for name in request.GET if name not in known_names(form)]
    if strange or width not in {"wide", "narrow", "preview"}:
        said = _("A picture is made of a choice of this page, with width wide, narrow or preview.")
        raise Refused(said, field=strange[0] if strange else "width", code="bad_picture", status=400)
    link = f"{frame(request, form)['permalink']}#{figure.slug}"
    if width == "preview":
        response = HttpResponse(open_graph(figure), content_type="image/png")
    elif wanted == "png":
        content = as_png(figure, width="narrow" if width == "narrow" else "wide", permalink=link)
        response = HttpResponse(content, content_type="image/png")
    else:
        drawn = as_svg(figure, width="narrow" if width == "narrow" else "wide", permalink=link)
        response = HttpResponse(drawn, content_type="image/svg+xml")
        response._csp_replace = {"style-src": ["'unsafe-inline'"], "script-src": ["'none'"]}  # type: ignore[attr-defined]
    ending = "svg" if response["Content-Type"] == "image/svg+xml" else "png"
    response["Content-Disposition"] = f'inline; filename="{file_name(figure)}.{ending}"'
    return response


def choose(request: HttpRequest, figures: Sequence[Figure]) -> Sequence[Figure]:
    slug = request.GET.get("figure")
    if slug is None and (figures or is_data(request)):
        return figures  # a page of words alone has none
    chosen = [figure for figure in figures if figure.slug == slug]
    if not chosen:
        names = ", ".join(figure.slug for figure in figures)
        raise Refused(
            _("This page has no such figure. It has: %(names)s.") % {"names": names},
            field="figure",
            code="no_such_figure",
            status=404,
        )
    return chosen


def as_json(request: HttpRequest, figures: Sequence[Figure], following: str = "") -> HttpResponse:
    body = {
        "url": request.build_absolute_uri(),
        "next": request.build_absolute_uri(following) if following else None,
        "figures": [figure_data(figure) for figure in figures],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def figure_data(figure: Figure) -> dict[str, Any]:
    source = figure.source
    return {
        "figure": figure.slug,
        "title": figure.title,
        "sentence": figure.sentence,
        "unit": figure.unit,
        "note": figure.note,
        "source": {
            "name": source.name,
            "url": source.url,
            "licence": source.licence,
            "retrieved_at": source.retrieved.isoformat() if source.retrieved else None,
        },
        "columns": [{"key": c.key, "label": c.label, "unit": c.unit} for c in figure.columns],
        "rows": [{c.key: json_cell(row.cells[c.key]) for c in figure.columns} for row in figure.rows],
    }


def json_cell(cell: Cell) -> Any:
    """A number is `{"value", "lower", "upper", "status"}`; value is the lower bound."""
    if isinstance(cell, Reading):
        lower, upper = plain(cell.lower), plain(cell.upper)
        return {"value": lower, "lower": lower, "upper": upper, "status": cell.status.value}
    if isinstance(cell, str):
        return latin(cell)
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def as_csv(figure: Figure, following: str = "") -> HttpResponse:
    """Beside each number a column tells whether it is known, suppressed or unknown (then it is empty). Where
    that column is empty too, the page says nothing either."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([name for column in figure.columns for name in csv_names(column)])
    for row in figure.rows:
        writer.writerow([value for column in figure.columns for value in csv_cells(row, column)])
    response = HttpResponse(buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(figure)}.csv"'
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def file_name(figure: Figure) -> str:
    day = figure.source.retrieved
    return slugify(f"{figure.slug} {day:%Y-%m-%d}") if day else figure.slug


def csv_names(column: Column) -> Iterator[str]:
    if column.bounded:
        yield from (f"{column.key}_lower", f"{column.key}_upper")
    else:
        yield column.key
    if column.number:
        yield f"{column.key}_status"


def csv_cells(row: Row, column: Column) -> Iterator[str]:
    cell = row.cells[column.key]
    if not column.number:
        yield safe(json_cell(cell))
        return
    if cell is None:  # none, or not to be told which: JSON says null, the table is empty
        yield from [""] * (3 if column.bounded else 2)
        return
    reading = row.reading(column.key)
    ends = (reading.lower, reading.upper) if column.bounded else (reading.lower,)
    yield from ("" if end is None else str(plain(end)) for end in ends)
    yield reading.status.value


def safe(value: Any) -> str:
    """Words that a spreadsheet would run as a formula get a quote in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
