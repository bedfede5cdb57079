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
    feeds,
    home,
    house,
    indicators,
    languages,
    nation,
    nations,
    numbers,
    releases,
    search,
    weights,
)
from mission.languages import in_every_language

app_name = "dashboards"
urlpatterns = [
    # For machines: one address each.
    path("data/awards.json", data.awards, name="awards_json"),
    path("data/datapackage.json", releases.latest, {"file": "datapackage.json"}, name="datapackage"),
    path("data/dcat.jsonld", releases.latest, {"file": "dcat.jsonld"}, name="dcat"),
    path("data/releases/latest/", releases.latest, name="latest"),
    path("data/releases/latest/<str:file>", releases.latest, name="latest_file"),
    path("data/releases/<slug:name>/<str:file>", releases.release_file, name="release_file"),
    path("feeds/releases.atom", feeds.releases, name="feed_of_releases"),
    path("feeds/awards.atom", feeds.awards, name="feed_of_awards"),
    path("feeds/calls.atom", feeds.calls, name="feed_of_calls"),
    # Pages, in every language.
    in_every_language(
        path("", home.home, name="home"),
        path("nations/", nations.nations, name="nations"),
        path("nations/<slug:code>/", nation.nation, name="nation"),
        path("numbers/<slug:metric>/<slug:place>/<str:month>/", numbers.number_page, name="number"),
        path("weights/", weights.weights, name="weights"),
        path("compare/", compare.compare, name="compare"),
        path("indicators/", indicators.indicators, name="indicators"),
        path("indicators/<slug:metric>/", indicators.indicator, name="indicator"),
        path("languages/", languages.languages, name="languages"),
        path("commons/", commons.commons, name="commons"),
        path("commons/<int:pk>/", commons.artifact, name="artifact"),
        path("awards/", awards.awards, name="awards"),
        path("awards/<str:reference>/", awards.award, name="award"),
        path("compute/", compute.compute, name="compute"),
        path("data/", data.data, name="data"),
        path("data/releases/<slug:name>/", releases.release, name="release"),
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
    ),
]
