"""Files made for tests: sound ones, and such as nobody should take."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.actions.applications import start_application
from grants.actions.files import hand_in_file
from grants.models import Application, Attachment, Call
from grants.models.questions import Question
from mission.models import User
from tests.grants.world import QUESTIONS, open_call, startup

PAPER = {"key": "paper", "kind": "file", "label": "Your paper", "most": 3, "required": False}
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(48) + b"PE\0\0" + bytes(400)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def packed(parts: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return kept.getvalue()


def document(**parts: bytes | str) -> bytes:
    """A DOCX; keyword names stand for `word/<name>.xml`."""
    more = {f"word/{name}.xml": content for name, content in parts.items()}
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": "<w:document/>", **more})


def open_document() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "<office:document/>", zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def bomb(megabytes: int = 300) -> bytes:
    """A DOCX whose one picture inflates to that, about a thousand to one."""
    return document(picture=bytes(megabytes * 1024**2))


def liar() -> bytes:
    """A DOCX that says its picture has ten bytes: `zipfile` believes that, and would stop there."""
    whole = bytearray(bomb(30))
    real, said = struct.pack("<L", 30 * 1024**2), struct.pack("<L", 10)
    assert whole.count(real) == 2  # in the entry's own header, and in the list
    return bytes(whole.replace(real, said))


def overlapping(copies: int = 500) -> bytes:
    """Many entries of the list share the same packed bytes."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = body.compress(bytes(900_000)) + body.flush()
    name, crc = b"a.xml", zlib.crc32(bytes(900_000))
    sizes = struct.pack("<LLL", crc, len(data), 900_000)
    local = (
        b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 0x21) + sizes + struct.pack("<2H", 5, 0) + name + data
    )
    listed = b""
    for _copy in range(copies):
        listed += b"PK\x01\x02" + struct.pack("<6H", 20, 20, 0, 8, 0, 0x21) + sizes
        listed += struct.pack("<5H2L", 5, 0, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, copies, copies, len(listed), len(local), 0)
    return local + listed + end


def upload(content: bytes, name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def question(application: Application) -> Question:
    return next(each for each in application.read_questions() if each.key == "paper")


def asking(officer: User, **more: object) -> Call:
    """An open call that asks for up to three files."""
    return open_call(officer, questions=[*QUESTIONS, {**PAPER, **more}])


def begun(officer: User, name: str = "Kaveri Labs", owner: str = "asha") -> tuple[User, Application]:
    """A draft of a startup, and its founder."""
    founder, kaveri = startup(name, owner)
    return founder, start_application(actor=founder, call=asking(officer), organisation=kaveri)


def handed_in(
    actor: User, application: Application, content: bytes = PDF, name: str = "paper.pdf"
) -> Attachment:
    return hand_in_file(
        actor=actor, application=application, question=question(application), upload=upload(content, name)
    )
