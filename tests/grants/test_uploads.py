"""Sending files: the page of a question, and what stands before Django when too much is sent."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grants.actions.applications import save_draft
from grants.models import Attachment, FileStatus
from mission.embedded import free_port
from mission.models import User
from mission.processes import die_with_parent
from tests.grants import world_files as made
from tests.grants.test_files import hand_in_all
from tests.grants.world import ANSWERS, officer
from tests.grants.world_files import begun, handed_in
from tests.live import ROOT
from tests.world import person

MB = 1024**2


@pytest.fixture(autouse=True)
def file_dir(settings: LazySettings, tmp_path: Path) -> Path:
    settings.FILE_DIR = tmp_path / "files"
    return tmp_path / "files"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def send(client: Client, address: str, content: bytes, name: str = "paper.pdf") -> Any:
    return client.post(address, {"file": SimpleUploadedFile(name, content, "application/pdf")}, follow=True)


@pytest.mark.django_db
def test_add_see_and_remove_a_file_without_javascript() -> None:
    founder, draft = begun(officer())
    client, address = client_of(founder), f"/apply/{draft.reference}/files/paper/"
    assert "No file yet" in text_of(client.get(address))
    page = send(client, address, made.PDF)
    kept = Attachment.objects.get()
    assert "“paper.pdf” was added." in text_of(page)
    assert kept.get_absolute_url() in text_of(page)
    page = client.post(f"/files/{kept.key}/remove/", follow=True)
    assert "“paper.pdf” was removed." in text_of(page)
    assert "No file yet" in text_of(page)


@pytest.mark.django_db
def test_a_program_renamed_pdf_is_refused_with_a_sentence_and_nothing_typed_is_lost() -> None:
    founder, draft = begun(officer())
    draft = save_draft(actor=founder, application=draft, answers=ANSWERS, version=0)
    answer = send(client_of(founder), f"/apply/{draft.reference}/files/paper/", made.PROGRAM)
    assert answer.status_code == 422
    assert "By its content, “paper.pdf” is a Windows program." in text_of(answer)
    assert 'id="id_file_error"' in text_of(answer)
    draft.refresh_from_db()
    assert {key: draft.answers[key] for key in ANSWERS} == ANSWERS


@pytest.mark.django_db
def test_an_empty_choice_and_a_large_file_are_sentences_of_the_form(settings: LazySettings) -> None:
    founder, draft = begun(officer())
    client, address = client_of(founder), f"/apply/{draft.reference}/files/paper/"
    assert "Choose a file." in text_of(client.post(address, {}))
    assert "is empty" in text_of(send(client, address, b""))
    settings.LARGEST_FILE = MB
    answer = send(client, address, b"a" * 3 * MB, "a.txt")
    assert answer.status_code == 422
    assert "A file may have at most 1.0" in text_of(answer)


@pytest.mark.django_db
def test_of_a_file_too_large_no_more_is_kept_than_shows_it(settings: LazySettings) -> None:
    from django.http import HttpRequest
    from django.test import RequestFactory

    settings.LARGEST_FILE = MB
    request: HttpRequest = RequestFactory().post("/", {"file": SimpleUploadedFile("a.txt", b"a" * 8 * MB)})
    kept = request.FILES["file"]
    assert MB < kept.size < MB + 2 * 64 * 1024


@pytest.mark.django_db
def test_others_and_what_is_submitted() -> None:
    founder, draft = begun(officer())
    address = f"/apply/{draft.reference}/files/paper/"
    kept = handed_in(founder, draft)
    stranger = client_of(person("stranger"))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"/files/{kept.key}/remove/").status_code == 404
    assert client_of(founder).get(f"/apply/{draft.reference}/files/plan/").status_code == 404  # asks for text
    hand_in_all(founder, draft)
    late = client_of(founder).post(f"/files/{kept.key}/remove/", follow=True)
    assert late.status_code == 200
    assert "can no longer be changed" in text_of(client_of(founder).get(address, follow=True))
    assert Attachment.objects.get().status == FileStatus.READY


@pytest.mark.django_db
def test_the_page_costs_the_same_for_one_file_and_for_three(django_assert_max_num_queries: Any) -> None:
    founder, draft = begun(officer())
    client, address = client_of(founder), f"/apply/{draft.reference}/files/paper/"
    for n in range(3):
        handed_in(founder, draft, made.PDF + b"%" * n)
        with django_assert_max_num_queries(9):
            client.get(address)


@pytest.mark.django_db
def test_the_desk_is_told_of_files_and_that_nothing_scans_them(settings: LazySettings) -> None:
    meera = officer()
    founder, draft = begun(meera)
    handed_in(founder, draft)
    hand_in_all(founder, draft)
    page = text_of(client_of(meera).get(f"/desk/applications/{draft.reference}/"))
    assert "download>paper.pdf</a>" in page
    assert "No virus scanner is set up here" in page
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    page = text_of(client_of(meera).get(f"/desk/applications/{draft.reference}/"))
    assert "No virus scanner is set up here" not in page
    own = text_of(client_of(founder).get(f"/apply/{draft.reference}/"))
    assert "paper.pdf</a>" in own
    assert "scanner" not in own


# --- before Django ---------------------------------------------------------------------------------


class Serving(NamedTuple):
    port: int
    process: "subprocess.Popen[bytes]"
    temporary: Path

    def memory(self) -> int:
        """Bytes that the process ever held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024

    def on_disk(self) -> int:
        """Bytes in its temporary folder, deleted files that it still holds open among them."""
        found = 0
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed since it was listed
                found += entry.stat().st_size if str(self.temporary) in os.readlink(entry) else 0
        return found


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The real server with the real application; no database is asked by what is refused."""
    folder, port = tmp_path_factory.mktemp("serving"), free_port()
    command = [sys.executable, "-m", "uvicorn", "mission.asgi:application", "--port", str(port)]
    command += ["--http", "httptools", "--loop", "uvloop", "--log-level", "warning"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        preexec_fn=die_with_parent(signal.SIGTERM),
    ) as process:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert time.monotonic() < deadline, "it did not start"
            assert process.poll() is None, "it did not start"
            time.sleep(0.1)
        yield Serving(port, process, folder)
        process.terminate()


def sent(serving: Serving, headers: str, pieces: Iterator[bytes]) -> tuple[int, str, str, int]:
    """(status, headers, body, bytes that were sent): as a browser, which sends on until it cannot."""
    head = f"POST /apply/A-22222222/files/paper/ HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", serving.port), 60) as line:
        line.sendall(head.encode())
        total = 0
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                line.sendall(piece)
                total += len(piece)
        heard = b""
        with contextlib.suppress(ConnectionError):
            while part := line.recv(65536):
                heard += part
    top, _blank, body = heard.decode().partition("\r\n\r\n")
    return int(top.split()[1]), top.lower(), body, total


def zeros(size: int) -> Iterator[bytes]:
    for _piece in range(size // MB):
        yield bytes(MB)


def chunked(size: int) -> Iterator[bytes]:
    for piece in zeros(size):
        yield b"%x\r\n" % len(piece) + piece + b"\r\n"
    yield b"0\r\n\r\n"


def test_a_gigabyte_is_refused_with_a_sentence_and_fills_neither_memory_nor_disk(serving: Serving) -> None:
    sent(serving, "Content-Length: 0", iter(()))  # so that everything is imported
    before = serving.memory()
    status, headers, body, total = sent(serving, f"Content-Length: {1024 * MB}", zeros(1024 * MB))
    assert status == 413
    assert "larger than 12.0" in body
    assert "A file may have at most 10.0" in body
    assert "connection: close" in headers
    assert "default-src 'none'" in headers
    assert total < 200 * MB  # it was not read to its end
    assert serving.memory() - before < 24 * MB
    assert serving.on_disk() == 0


def test_a_gigabyte_that_says_no_length_is_refused_once_it_is_too_much(serving: Serving) -> None:
    before = serving.memory()
    most = 0

    def watched() -> Iterator[bytes]:
        nonlocal most
        for piece in chunked(1024 * MB):
            most = max(most, serving.on_disk())
            yield piece

    status, _headers, body, total = sent(serving, "Transfer-Encoding: chunked", watched())
    assert status == 413
    assert "larger than 12.0" in body
    assert total < 200 * MB
    assert most <= django_settings.LARGEST_REQUEST
    assert serving.memory() - before < 24 * MB
    assert serving.on_disk() == 0


def test_what_is_a_little_too_large_is_read_to_its_end_so_that_every_browser_shows_the_page(
    serving: Serving,
) -> None:
    status, _headers, body, total = sent(serving, f"Content-Length: {40 * MB}", zeros(40 * MB))
    assert (status, total) == (413, 40 * MB)
    assert "That was too large to send" in body


def test_machines_are_refused_in_json_and_who_waits_for_leave_sends_nothing(serving: Serving) -> None:
    wants = f"Accept: application/json\r\nExpect: 100-continue\r\nContent-Length: {1024 * MB}"
    status, headers, body, _total = sent(serving, wants, iter(()))
    assert status == 413
    assert "application/json" in headers
    assert json.loads(body)["error"]["code"] == "too_large"


def test_the_server_goes_on_afterwards(serving: Serving) -> None:
    status, _headers, _body, _total = sent(serving, "Content-Length: 2\r\nConnection: close", iter([b"ab"]))
    assert status in {302, 403}
