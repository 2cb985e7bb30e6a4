"""What may come in as a paper, and what is refused before anybody opens it."""

import time
import zlib
from contextlib import suppress

import pytest

from recognition_service.recognition.errors import PaperUnsafeError
from recognition_service.recognition.paper_bytes import (
    LARGEST_PAPER,
    name_fault,
    require_safe,
)
from tests.recognition.files import (
    EOF,
    a_jpeg,
    a_pdf,
    a_png,
    a_stream,
    a_zip_end,
    an_object_stream,
)

PDF, PNG, JPEG, TEXT = "application/pdf", "image/png", "image/jpeg", "text/plain"
JSON, TOKEN, SD_JWT = "application/json", "application/vc+jwt", "application/dc+sd-jwt"


def plain(value):
    """Leave the bytes out of the names of the tests."""
    return "" if isinstance(value, bytes) else value


def fault(media_type, content):
    with pytest.raises(PaperUnsafeError) as refused:
        require_safe(media_type, content)
    (told,) = refused.value.errors
    assert told["pointer"] == ("/media_type" if told["code"][:4] == "not_" else "")
    assert told["detail"] == str(refused.value)
    return told["code"]


GOOD = [
    (PDF, a_pdf()),
    (PDF, a_pdf(head=b"%PDF-2.0\r\n")),
    (PDF, a_pdf() + b"\r\n\x00\x00"),
    (PDF, a_pdf() + b"2 0 obj\n<<>>\nendobj" + EOF),  # an incremental update
    (PDF, a_pdf(b"<< /OpenAction [1 0 R /Fit] /JSON 1 /Launcher 2 /Encrypted 3 >>")),
    (PDF, a_pdf(a_stream(b"/Length 9", b"\x93\x12/JS \xff/EF<\x00"))),
    (PDF, an_object_stream(b"<< /Type /Catalog /Pages 2 0 R >>")),
    (PNG, a_png()),
    (PNG, a_png(8000, 5000)),
    (JPEG, a_jpeg()),
    (JPEG, a_jpeg(marker=0xC2)),
    (JPEG, a_jpeg(before=b"\xff\xff\xff\xc4\x00\x03\x00")),
    (JPEG, a_jpeg() + a_jpeg() + b"\x00\x00"),  # a phone's preview behind the picture
    (TEXT, "Diplôme\r\nعبد\t1\f".encode()),
    (TEXT, b"\xef\xbb\xbfA text"),
    (JSON, b'{"type": ["VerifiableCredential"]}'),
    ("application/vc", b'{"type": "VerifiableCredential"}'),
    (TOKEN, b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln\n"),
    (SD_JWT, b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln~WyJhIl0~e30.e30.c2ln"),
]


@pytest.mark.parametrize(("media_type", "content"), GOOD, ids=plain)
def test_ordinary_files_are_taken(media_type, content):
    require_safe(media_type, content)


@pytest.mark.parametrize(
    ("media_type", "content", "code"),
    [
        (PDF, a_png(), "not_a_pdf"),
        (PNG, a_pdf(), "not_a_png"),
        (JPEG, a_png(), "not_a_jpeg"),
        (TEXT, a_jpeg(), "not_utf8"),
        (TEXT, b"A\x00B", "control_character"),
        (TEXT, "A\u009bB".encode(), "control_character"),
        (JSON, b"{", "not_json"),
        (JSON, b"[" * 100_000, "not_json"),
        ("application/vc", a_pdf(), "not_json"),
        (TOKEN, b'{"a": 1}', "not_a_token"),
        (SD_JWT, b"only.two", "not_a_token"),
        (PDF, b"", "not_a_pdf"),
        (PNG, b"\x89PNG\r\n", "not_a_png"),
        (PNG, a_png(0, 5), "not_a_png"),
        (JPEG, a_jpeg(height=0), "not_a_jpeg"),
    ],
    ids=plain,
)
def test_case_43_bytes_of_another_type_are_refused(media_type, content, code):
    assert fault(media_type, content) == code


@pytest.mark.parametrize(
    ("media_type", "content", "code"),
    [
        (PDF, a_pdf()[: -len(EOF)], "truncated"),
        (PNG, a_png()[:20], "truncated"),
        (PNG, a_png()[:-1], "truncated"),
        (JPEG, a_jpeg()[:-2], "truncated"),
        (JPEG, a_jpeg()[:24], "truncated"),
        (JPEG, b"\xff\xd8\xff", "truncated"),
        (JPEG, b"\xff\xd8\xff\xda\x00\x08", "truncated"),
        (JPEG, b"\xff\xd8\xff\xe0\x00\x00" + b"\xff" * 100, "truncated"),
        (JPEG, b"\xff\xd8" + b"\xff\xfe\x00\x02" * 6_000 + a_jpeg()[2:], "truncated"),
    ],
    ids=plain,
)
def test_case_43_damaged_files_are_refused(media_type, content, code):
    assert fault(media_type, content) == code


@pytest.mark.parametrize(
    ("media_type", "content", "code"),
    [
        (PDF, b"\n" + a_pdf(), "not_a_pdf"),
        (PDF, b"GIF89a" + a_pdf(), "not_a_pdf"),
        (PDF, a_pdf() + b"PK", "trailing_bytes"),
        (PDF, a_pdf(a_stream(b"", a_zip_end(b"endstream"))), "archive_inside"),
        (PNG, a_png() + b"<script>", "trailing_bytes"),
        (PNG, a_png() + a_pdf(), "trailing_bytes"),
        (JPEG, a_jpeg() + a_zip_end(), "trailing_bytes"),
        (JPEG, a_jpeg(before=b"\xff\xfe\x00\x0a%PDF-1.4"), "pdf_inside"),
        (TEXT, b"Dear all,\n" + a_pdf(), "pdf_inside"),
        (JSON, b'["%PDF-1.4"]', "pdf_inside"),
    ],
    ids=plain,
)
def test_case_43_a_file_that_is_two_things_is_refused(media_type, content, code):
    assert fault(media_type, content) == code


@pytest.mark.parametrize("size", [(30_000, 30_000), (8001, 5000)])
def test_case_43_a_picture_that_unpacks_to_a_giant_is_refused(size):
    assert fault(PNG, a_png(*size)) == "too_many_pixels"
    assert fault(JPEG, a_jpeg(*size)) == "too_many_pixels"


def test_case_43_an_encrypted_pdf_is_refused():
    trailer = b"trailer << /Root 1 0 R /Encrypt 8 0 R >>"
    assert fault(PDF, a_pdf(trailer)) == "pdf_encrypted"
    assert fault(PDF, a_pdf(b"<</#45ncrypt<<>>>>")) == "pdf_encrypted"


ACTIVE = [
    b"<< /S /JavaScript /JS (app.alert(1)) >>",
    b"<</S/JavaScript/JS 5 0 R>>",
    b"<< /S /Launch /F (cmd.exe) >>",
    b"<< /S /Rendition /JS (x) >>",
    b"<< /Names << /EmbeddedFiles 3 0 R >> >>",
    b"<< /Type /EmbeddedFile >>",
    b"<< /Subtype /FileAttachment >>",
    b"<< /S /Java#53cript >>",
    b"<< /#4a#53 (x) >>",
    b"<< /#4A#61vaScript 1 >>",
    b"<< /Type /Filespec /EF << /F 9 0 R >> >>",
    b"<< /JS(x) >>",
]


@pytest.mark.parametrize("dictionary", ACTIVE)
def test_case_43_a_pdf_that_acts_or_carries_files_is_refused(dictionary):
    assert fault(PDF, a_pdf(b"7 0 obj\n" + dictionary)) == "pdf_active"
    assert fault(PDF, an_object_stream(dictionary)) == "pdf_active"


def test_case_43_what_hides_between_the_marks_of_a_stream_is_found():
    hidden = a_stream(b"", b"7 0 obj << /S /JavaScript /JS (x) >>")
    assert fault(PDF, a_pdf(hidden)) == "pdf_active"
    open_ended = b"stream\n<< /JS (x) >>"
    assert fault(PDF, a_pdf(open_ended)) == "pdf_active"


@pytest.mark.parametrize(
    "packed",
    [
        a_pdf(a_stream(b"/Type /ObjStm", b"5 0 <</JS (x)>>")),
        a_pdf(a_stream(b"/Type /Obj#53tm", b"78 9c not inflated")),
        a_pdf(a_stream(b"/Type/ObjStm", zlib.compress(zlib.compress(b"5 0 <<>>")))),
        a_pdf(a_stream(b"/Type/ObjStm", zlib.compress(b"5 0 6 9 <<>>" * 99)[:20])),
        an_object_stream(bytes(70 << 20)),
    ],
    ids=["plain", "another filter", "packed twice", "cut off", "a bomb"],
)
def test_case_43_packed_objects_that_cannot_be_looked_into_are_refused(packed):
    assert fault(PDF, packed) == "pdf_unreadable"


PACKED = b"/ObjStm stream\n" + zlib.compress(b"1 0")


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PDF, a_pdf(b"stream\n" * (LARGEST_PAPER // 7))),
        (PDF, a_pdf(PACKED * (LARGEST_PAPER // len(PACKED)))),
        (PDF, a_pdf(b"/JS stream\n" * (LARGEST_PAPER // 11))),
        (PDF, a_pdf(b"/" * LARGEST_PAPER)),
        (PDF, a_pdf(b"#" * LARGEST_PAPER)),
        (JPEG, b"\xff\xd8" + b"\xff" * LARGEST_PAPER),
        (TOKEN, b"a." * (LARGEST_PAPER // 2)),
        (TEXT, b"a" * LARGEST_PAPER),
    ],
    ids=[
        "streams",
        "packed",
        "short names",
        "slashes",
        "hashes",
        "fill bytes",
        "dots",
        "text",
    ],
)
def test_case_43_large_hostile_files_cost_little_time(media_type, content):
    began = time.process_time()
    with suppress(PaperUnsafeError):
        require_safe(media_type, content)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "name", ["diplôme.pdf", "شهادة.pdf", "Transcript of 2018-19 (2).png", "a..b"]
)
def test_plain_names_are_taken(name):
    assert name_fault(name) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../diploma.pdf", "path_or_control_in_name"),
        ("C:\\diploma.pdf", "path_or_control_in_name"),
        ("diploma\n.pdf", "path_or_control_in_name"),
        ("a\u009fb", "path_or_control_in_name"),
        ("..", "not_a_file_name"),
        (".profile", "not_a_file_name"),
        ("", "not_a_file_name"),
        ("diploma ", "not_a_file_name"),
    ],
)
def test_case_43_paths_and_control_characters_are_no_names(name, code):
    assert name_fault(name) == code
