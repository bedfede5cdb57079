"""Quarantine, against a real clamd where one is installed, and against servers that behave badly."""

import datetime
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.utils import timezone

from grants import scanner, tasks
from grants.actions.files import remove_file, scan_due_files
from grants.models import Attachment, FileStatus, Notification
from mission.embedded import free_port
from mission.settings import env as environment
from tests.grants import world_files as made
from tests.grants.test_files import bytes_kept, client_of, hand_in_all
from tests.grants.world import officer
from tests.grants.world_files import begun, handed_in

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def file_dir(settings: LazySettings, tmp_path: Path) -> Path:
    settings.FILE_DIR = tmp_path / "files"
    settings.CELERY_BROKER_URL = "memory://"
    return tmp_path / "files"


def now_due() -> None:
    Attachment.objects.update(next_scan_at=timezone.now())


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A real one, with a database of one signature: the EICAR test file, written as ClamAV writes it."""
    if CLAMD is None:
        pytest.skip("clamd is not installed here (Debian: apt-get install clamav-daemon)")
    folder, port = tmp_path_factory.mktemp("clamd"), free_port()
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{made.EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}/db\nLocalSocket {folder}/clamd.sock\nTCPSocket {port}\n"
        f"TCPAddr 127.0.0.1\nForeground yes\nStreamMaxLength 1M\nTemporaryDirectory {folder}\n"
    )
    with subprocess.Popen(
        [CLAMD, "--config-file", str(folder / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while not (folder / "clamd.sock").exists():
                assert process.poll() is None, "clamd did not start"
                assert time.monotonic() < deadline, "clamd did not get ready"
                time.sleep(0.1)
            yield {"tcp": f"tcp://127.0.0.1:{port}", "unix": f"unix://{folder}/clamd.sock"}
        finally:
            process.terminate()


@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_a_real_clamd_lets_a_clean_file_out_and_refuses_eicar(
    clamd: dict[str, str], way: str, settings: LazySettings, file_dir: Path
) -> None:
    settings.CLAMD_URL = clamd[way]
    founder, draft = begun(officer())
    clean = handed_in(founder, draft)
    infected = handed_in(founder, draft, made.EICAR, "notes.txt")
    assert (clean.status, infected.status) == (FileStatus.QUARANTINED, FileStatus.QUARANTINED)
    assert client_of(founder).get(clean.get_absolute_url()).status_code == 404
    for each in (clean, infected):
        tasks.scan_file(each.pk)  # as the worker calls it
        each.refresh_from_db()
    assert (clean.status, clean.verdict) == (FileStatus.READY, "")
    assert client_of(founder).get(clean.get_absolute_url()).status_code == 200
    assert infected.status == FileStatus.REFUSED
    assert infected.verdict.startswith("Eicar-Test-Signature")
    assert [path.name for path in file_dir.iterdir()] == [str(clean.key)]
    draft.refresh_from_db()
    assert draft.answers["paper"] == [str(clean.key)]
    told = Notification.objects.get(user=founder)
    assert "“notes.txt” was refused: the scanner found Eicar-Test-Signature" in told.text
    page = client_of(founder).get(told.path).content.decode()
    assert "Refused by the scanner" in page
    assert "It was deleted" in page


def test_eicar_inside_a_document_and_what_clamd_finds_too_long(
    clamd: dict[str, str], settings: LazySettings
) -> None:
    settings.CLAMD_URL = clamd["tcp"]
    founder, draft = begun(officer())
    inside = handed_in(founder, draft, made.document(hidden=made.EICAR), "plan.docx")
    long = handed_in(founder, draft, b"a line of text\n" * 200_000, "long.txt")  # over StreamMaxLength
    assert scan_due_files() == 2
    inside.refresh_from_db()
    long.refresh_from_db()
    assert inside.status == FileStatus.REFUSED
    assert long.status == FileStatus.QUARANTINED
    assert "size limit exceeded" in long.verdict
    assert long.next_scan_at > timezone.now() + datetime.timedelta(minutes=10)


@contextmanager
def answering(act: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that takes a connection and does with it what `act` says."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    line, _address = listening.accept()
                except OSError:
                    return
                held.append(line)
                with suppress(OSError):  # whoever was promised an answer left
                    act(line)

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        for line in held:
            line.close()


def drained(line: socket.socket) -> None:
    """Read a whole stream: up to the piece of length 0."""
    heard = b""
    while not heard.endswith(bytes(4)):
        heard += line.recv(65536)


def garbage(line: socket.socket) -> None:
    drained(line)
    line.sendall(b"\xff\xfe<html>It works!</html>\0")


def closes(line: socket.socket) -> None:
    drained(line)
    line.close()


def slams(line: socket.socket) -> None:
    line.close()


def endless(line: socket.socket) -> None:
    drained(line)
    with_newlines = b"stream: OK\n" * 1000
    for _n in range(100):
        line.sendall(with_newlines)


def hangs(_line: socket.socket) -> None:
    """Says nothing, reads nothing."""


def trickles(line: socket.socket) -> None:
    """A byte at a time: each wait is short, all together have no end."""
    drained(line)
    for _n in range(100):
        line.sendall(b"s")
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (garbage, "gave no verdict"),
        (closes, "gave no verdict"),
        (slams, "no verdict|did not answer"),
        (endless, "gave no verdict"),
        (hangs, "did not answer"),
        (trickles, "did not answer"),
    ],
)
def test_without_a_verdict_a_file_stays_in_quarantine_and_the_page_says_so(
    act: Callable[[socket.socket], None], says: str, settings: LazySettings, file_dir: Path
) -> None:
    settings.SCAN_SECONDS = 1
    founder, draft = begun(officer())
    with answering(act) as settings.CLAMD_URL:
        kept = handed_in(founder, draft)
        began = time.monotonic()
        tasks.scan_file(kept.pk)
        assert time.monotonic() - began < 3
    kept.refresh_from_db()
    assert kept.status == FileStatus.QUARANTINED
    assert re.search(says, kept.verdict)
    assert kept.next_scan_at > timezone.now()  # the clock tries again
    page = client_of(founder).get(f"/apply/{draft.reference}/files/paper/").content.decode()
    assert "The scanner could not judge it yet" in page
    assert client_of(founder).get(kept.get_absolute_url()).status_code == 404
    assert bytes_kept(file_dir) == 1


def ok(line: socket.socket) -> None:
    drained(line)
    line.sendall(b"stream: OK\0")


def test_the_clock_scans_what_waited_while_the_scanner_was_away(settings: LazySettings) -> None:
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_port()}"
    founder, draft = begun(officer())
    handed_in(founder, draft)
    handed_in(founder, draft, made.PNG, "plot.png")
    tasks.scan_due_files()
    assert Attachment.objects.filter(verdict="").count() == 1  # away for one is away for all
    now_due()
    with answering(ok) as settings.CLAMD_URL:
        tasks.scan_due_files()
    assert set(Attachment.objects.values_list("status", "verdict")) == {(FileStatus.READY, "")}


def test_a_file_is_claimed_by_one_worker_at_a_time(settings: LazySettings) -> None:
    asked: list[int] = []

    def slowly(line: socket.socket) -> None:
        asked.append(1)
        time.sleep(0.3)
        ok(line)

    founder, draft = begun(officer())

    def work() -> None:
        tasks.scan_file(kept.pk)
        connection.close()

    with answering(slowly) as settings.CLAMD_URL:
        kept = handed_in(founder, draft)
        workers = [threading.Thread(target=work) for _n in range(3)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
    assert len(asked) == 1
    kept.refresh_from_db()
    assert kept.status == FileStatus.READY


def test_what_was_removed_while_it_was_scanned_stays_removed(settings: LazySettings, file_dir: Path) -> None:
    founder, draft = begun(officer())

    def taken_back(line: socket.socket) -> None:
        remove_file(actor=founder, attachment=kept)
        connection.close()
        ok(line)

    with answering(taken_back) as settings.CLAMD_URL:
        kept = handed_in(founder, draft)
        tasks.scan_file(kept.pk)
    kept.refresh_from_db()
    assert kept.status == FileStatus.REMOVED
    assert bytes_kept(file_dir) == 0


def infected(line: socket.socket) -> None:
    drained(line)
    line.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")


def test_an_infected_file_of_a_submitted_application_is_refused_and_the_version_stays(
    settings: LazySettings,
) -> None:
    meera = officer()
    founder, draft = begun(meera)
    with answering(infected) as settings.CLAMD_URL:
        kept = handed_in(founder, draft)
        sent = hand_in_all(founder, draft)
        tasks.scan_file(kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.verdict) == (FileStatus.REFUSED, "Win.Test.EICAR_HDB-1")
    version = sent.submitted_version()
    assert version is not None
    assert version.answers["paper"] == [str(kept.key)]
    assert client_of(meera).get(kept.get_absolute_url()).status_code == 404


def test_without_a_scanner_files_are_ready_at_once() -> None:
    founder, draft = begun(officer())
    assert handed_in(founder, draft).status == FileStatus.READY
    assert not scanner.is_configured()
    assert scan_due_files() == 0
    assert Client().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "url", ["clamav:3310", "tcp://clamav", "tcp://clamav:port", "unix://run/x", "http://x:1"]
)
def test_an_address_that_cannot_be_right_stops_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from mission import settings as read

    monkeypatch.setenv("CLAMD_URL", url)
    with pytest.raises(ImproperlyConfigured, match="CLAMD_URL"):
        read.clamd_url()
    monkeypatch.setenv("CLAMD_URL", "unix:///run/clamav/clamd.ctl")
    assert read.clamd_url() == environment.str("CLAMD_URL")
