"""/desk/statistics/: numbers, amounts and times, for a call, a programme or a year; also as CSV and JSON."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grants import open_data
from grants.forms.statistics import StatisticsForm
from grants.models.searching import at_the_desk
from grants.models.statistics import ENOUGH, FEW, flat, tables, times
from mission.access import requires
from mission.people_of import person


@requires("statistics.read")
def desk_statistics(request: HttpRequest) -> HttpResponse:
    form = StatisticsForm(request.GET)
    form.is_valid()  # what will not do is said beside its field, and narrows nothing
    rows = form.narrowed(at_the_desk(person(request)))
    made, passed = tables(rows), times(rows)
    if wanted := open_data.asked_for(request):
        return open_data.as_data("statistics", flat(made, passed), wanted)
    context = {
        "form": form,
        "tables": made,
        "times": passed,
        "count": sum(line.total for line in made[0].lines),
        "few": FEW,
        "enough": ENOUGH,
    }
    return render(request, "grants/desk/statistics.html", context, status=422 if form.errors else 200)
