"""Public pages. Every address also answers `?format=csv` and `?format=json`."""

from django.urls import path

from dashboards.views import (
    awards,
    bots,
    commons,
    compare,
    compute,
    corrections,
    data,
    exchange,
    home,
    house,
    languages,
    nations,
    numbers,
    search,
)

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
    path("nations/", nations.nations, name="nations"),
    path("nations/<slug:code>/", nations.nation, name="nation"),
    path("numbers/<slug:metric>/<slug:place>/<str:month>/", numbers.number_page, name="number"),
    path("compare/", compare.compare, name="compare"),
    path("languages/", languages.languages, name="languages"),
    path("commons/", commons.commons, name="commons"),
    path("commons/<int:pk>/", commons.artifact, name="artifact"),
    path("awards/", awards.awards, name="awards"),
    path("awards/<str:reference>/", awards.award, name="award"),
    path("compute/", compute.compute, name="compute"),
    path("data/", data.data, name="data"),
    path("data/<slug:slug>/", data.yearly, name="yearly"),
    path("methods/", data.methods, name="methods"),
    path("give-and-take/", exchange.exchange, name="exchange"),
    path("search/", search.search, name="search"),
    path("search/hints/", search.hints, name="hints"),
    path("accessibility/", house.accessibility, name="accessibility"),
    path("privacy/", house.privacy, name="privacy"),
    path("status/", house.status, name="status"),
    path("bots/", bots.bots, name="bots"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<str:reference>/", corrections.correction, name="correction"),
]
