"""Files become one archive that everybody opens."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from recognition_service.documents.archive import file_name, to_zip

FILES = {"case.json": b"{}", "letters/1.pdf": b"%PDF", "Zeugnis für Amina.pdf": b"x"}


def test_an_archive_holds_what_was_put_into_it():
    with ZipFile(BytesIO(to_zip("REC-2026-000001", FILES))) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {f"REC-2026-000001/{path}": held for path, held in FILES.items()}


def test_the_order_of_the_files_changes_nothing():
    turned = dict(reversed(FILES.items()))
    assert to_zip("a", FILES) == to_zip("a", turned)


def test_an_archive_tells_no_time_and_anybody_may_read_it():
    with ZipFile(BytesIO(to_zip("a", FILES))) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}


@pytest.mark.parametrize(
    ("given", "media_type", "name"),
    [
        ("Diploma.pdf", "application/pdf", "Diploma.pdf"),
        ("Diplôme d'État.pdf", "application/pdf", "Diplôme d_État.pdf"),
        ("دبلوم.pdf", "application/pdf", "دبلوم.pdf"),
        ("../../etc/passwd", "text/plain", "etc_passwd.txt"),
        ("C:\\temp\\a.txt", "text/plain", "C_temp_a.txt"),
        (".htaccess", "text/plain", "htaccess.txt"),
        ("a\x00b\n.pdf", "application/pdf", "a_b.pdf"),
        ("scan", "image/png", "scan.png"),
        ("scan", "application/x-nobody-knows", "scan.bin"),
        (None, "application/pdf", "document.pdf"),
        ("...", "application/pdf", "document.pdf"),
        ("x" * 500 + ".pdf", "application/pdf", "x" * 80 + ".pdf"),
    ],
)
def test_a_name_of_somebody_else_is_made_harmless(given, media_type, name):
    assert file_name(given, media_type) == name
