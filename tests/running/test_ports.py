"""A port chosen now is still free when its program listens, a minute later."""

import socket
from pathlib import Path

import pytest

from mission import embedded


def given_away_from(first: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (file := tmp_path / "ip_local_port_range").write_text(f"{first}\t60999\n")
    monkeypatch.setattr(embedded, "GIVEN_AWAY", file)


def test_no_outgoing_connection_gets_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given_away_from(20_000, monkeypatch, tmp_path)
    chosen = {embedded.free_port() for _ in range(50)}
    assert min(chosen) >= embedded.LOWEST_PORT
    assert max(chosen) < 20_000
    assert len(chosen) > 25  # two suites beside each other hardly ever choose the same


def test_a_port_somebody_listens_on_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", embedded.free_port())) as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(embedded, "LOWEST_PORT", taken)
        given_away_from(taken + 2, monkeypatch, tmp_path)
        assert {embedded.free_port() for _ in range(20)} == {taken + 1}


@pytest.mark.parametrize("range_of_kernel", ["1024\t65535\n", "", None])
def test_where_the_kernel_gives_all_away_or_says_nothing_there_is_still_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, range_of_kernel: str | None
) -> None:
    file = tmp_path / "ip_local_port_range"
    if range_of_kernel is not None:
        file.write_text(range_of_kernel)
    monkeypatch.setattr(embedded, "GIVEN_AWAY", file)
    with socket.create_server(("127.0.0.1", embedded.free_port())) as server:
        assert server.getsockname()[1] > 1023
