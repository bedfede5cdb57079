"""The API answers what its schema says, whatever it is asked; no page breaks on any query string."""

import datetime
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contributions.models import Artifact, Exchange, Rollup
from dashboards.forms import api as filters
from grants.models import Award
from tests.dashboards.pages import every_page

pytestmark = pytest.mark.slow
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PLAIN = {"Accept-Encoding": "identity"}  # its client does not unpack
EXAMPLES = 20  # an operation and a mode
HURRIED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request of WSGI would close the connection that holds the test's rows; so does Django's client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def some_of_everything(world: Award) -> Award:
    """Rows of every kind, so that answers have something that could differ from the schema."""
    at = {"month": datetime.date(2019, 3, 1), "nation_id": "IN", "rule_version": 1}
    now = datetime.datetime.now(datetime.UTC)
    Rollup.objects.create(metric="review", lower=1, upper=2.5, computed_at=now, **at)
    Rollup.objects.create(metric="model", suppressed=True, computed_at=now, **at)
    Rollup.objects.create(metric="dataset", upper=20, top_share="0.5", computed_at=now, **at)
    Exchange.objects.create(giver_id="IN", month=at["month"], kind="base", lower=1, upper=2)
    return world


def schema() -> Any:
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())


@pytest.mark.parametrize("mode", MODES, ids=[mode.value for mode in MODES])
def test_no_answer_is_a_fault_or_other_than_the_schema_says(
    some_of_everything: Award, mode: schemathesis.GenerationMode, settings: Any
) -> None:
    settings.API_LIMIT = 10**9
    walked = []
    for found in schema().get_all_operations():
        operation = found.ok()
        walked.append(operation.path)

        @HURRIED
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.call_and_validate(checks=CHECKS, headers=PLAIN)

        with suppress(Unsatisfiable):  # what takes anything cannot be asked wrongly
            ask()
    assert {"/api/rollups/", "/api/awards/{reference}/", "/api/applications/"} <= set(walked)


def test_rows_answer_as_the_schema_says(some_of_everything: Award, settings: Any) -> None:
    """With real keys, which are not hit upon by chance; and over the limit."""
    api, artifact = schema(), Artifact.objects.values_list("pk", flat=True)[0]
    call = some_of_everything.application.call.slug
    real: dict[str, dict[str, Any]] = {
        "/api/artifacts/{id}/": {"id": artifact},
        "/api/awards/{reference}/": {"reference": some_of_everything.reference},
        "/api/nations/{code}/": {"code": "IN"},
        "/api/calls/{slug}/": {"slug": call},
        "/api/applications/{reference}/": {"reference": some_of_everything.application.reference},
    }
    for path in (*real, "/api/rollups/", "/api/exchange/", "/api/baseline/", "/api/languages/"):
        case = api[path]["GET"].Case(path_parameters=real.get(path, {}))
        case.call_and_validate(checks=CHECKS, headers=PLAIN)
    settings.API_LIMIT = 0
    cache.clear()
    answer = api["/api/rollups/"]["GET"].Case().call_and_validate(checks=CHECKS, headers=PLAIN)
    assert answer.status_code == 429


def test_every_operation_names_what_else_it_may_answer(db: None) -> None:
    told = Client().get("/api/schema/?format=json").json()
    for path, operations in told["paths"].items():
        for operation in operations.values():
            assert {"200", "400", "404", "406", "422", "429"} <= set(operation["responses"]), path
            assert operation.get("summary") or operation.get("description"), path
            for parameter in operation.get("parameters", []):
                assert parameter["in"] == "path" or parameter.get("description"), (path, parameter["name"])
    assert set(filters.RollupFilters.base_fields) == {
        each["name"] for each in told["paths"]["/api/rollups/"]["get"]["parameters"]
    }


NAMES = (
    "q", "page", "figure", "format", "metric", "nation", "n", "kind", "language", "licence", "months", "to",
    "from", "sort", "quarter", "per", "after", "rule", "view", "lang", "since",
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.sampled_from(["", "\x00", "IN", "-1", "0", "1e9", "NaN", "٢", "2026-03", "../..", "%s", "'--"]),
)


def test_no_page_breaks_on_any_query(some_of_everything: Award) -> None:
    client = Client(raise_request_exception=False)
    pages = sorted({path.partition("?")[0] for path in every_page().values()} | {"/api/", "/search/hints/"})

    @settings(HURRIED, max_examples=60)
    @given(page=st.sampled_from(pages), query=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
    def ask(page: str, query: dict[str, str]) -> None:
        status = client.get(page, query).status_code
        assert status in {200, 301, 302, 400, 404}, (page, query, status)

    ask()
    raw = Client(raise_request_exception=False)
    for page in pages:
        answer = raw.get(page, QUERY_STRING="q=%ff%fe&page=%00&nation=%C0%80&%00=1&&&=;")
        assert answer.status_code in {200, 400, 404}, page
