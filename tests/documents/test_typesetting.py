"""A paper becomes a file for archives, whatever its texts look like."""

from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from recognition_service.documents.paper import (
    Direction,
    Items,
    Paragraph,
    Rows,
    Table,
    isolated,
)
from recognition_service.documents.typeset import _fonts, to_pdf
from tests.documents.papers import a_paper, is_archival, metadata, pages

HOSTILE = [
    '#eval("1 + 1")',
    "*bold* _emphasis_ `raw`",
    "$x^2$",
    '#image("/etc/passwd")',
    '#read("paper.typ")',
    "\\ \\u{41} \\#",
    "= Heading <label> @reference",
    '"}], "title": "another',
    "<b>bold</b> &amp; {{ name }} {0} %s",
    "// no comment /* nor here */",
    "#let paper = none; #panic()",
]
KINDS = (
    Paragraph("Running text.\nA second line."),
    Items(("One", "Two")),
    Rows((("Title", "Bakalaura diploms"), ("Awarded on", "28 June 2019"))),
    Table(("When", "What"), (("1 March", "Received"), ("2 March", "Read")), (1, 3)),
)


def test_the_file_says_what_it_is():
    pdf = to_pdf(a_paper(*KINDS, language="fr-BE"))
    told = metadata(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    assert is_archival(pdf)
    assert b"/Lang(fr-BE)" in pdf
    assert "We have received your request</rdf:li>" in told
    assert "<rdf:li>Recognition centre of Flanders (example)</rdf:li>" in told
    assert "<xmp:CreateDate>2026-11-02T00:00:00Z</xmp:CreateDate>" in told


def test_the_same_paper_gives_the_same_bytes_and_another_one_others():
    paper = a_paper(*KINDS)
    assert to_pdf(paper) == to_pdf(a_paper(*KINDS))
    assert to_pdf(paper) != to_pdf(replace(paper, dated=date(2026, 11, 3)))
    assert to_pdf(paper) != to_pdf(a_paper(*KINDS[:3]))


def test_every_part_of_a_paper_is_laid_out():
    whole = a_paper(
        *KINDS,
        mark="Example",
        notice="This letter is in English.",
        opening="Dear Ilze Bērziņa,",
        closing=("Yours sincerely", "Recognition centre"),
    )
    assert is_archival(to_pdf(whole))
    sizes = {len(to_pdf(whole))}
    for member, without in {
        "mark": None,
        "notice": None,
        "opening": None,
        "closing": (),
        "recipient": (),
    }.items():
        sizes.add(len(to_pdf(replace(whole, **{member: without}))))
    assert len(sizes) == 6


def test_a_long_paper_has_several_pages():
    paragraphs = [Paragraph("A sentence of a long letter. " * 20)] * 20
    assert pages(to_pdf(a_paper())) == 1
    assert pages(to_pdf(a_paper(*paragraphs))) > 1


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_read_as_markup(text):
    rows = ((text, text),)
    pdf = to_pdf(
        a_paper(
            Paragraph(text),
            Items((text,)),
            Rows(rows),
            Table((text, text), rows),
            title=text,
            sender=(text, text),
            recipient=(text,),
            facts=rows,
            reference=text,
            mark=text,
            notice=text,
            opening=text,
            closing=(text,),
        )
    )
    assert is_archival(pdf)
    assert f"{text}</rdf:li></rdf:Alt></dc:title>" in unescape(metadata(pdf))


def test_controls_are_left_out_and_letters_composed():
    clean = a_paper(Paragraph("Ame\u0301lie"), title="A title")
    dirty = a_paper(
        Paragraph("Am\u00e9l\x00\x07i\u202e\u2066e\ufeff"), title="A\u2029 title\x1b"
    )
    assert to_pdf(dirty) == to_pdf(clean)


def test_only_what_is_written_from_the_right_is_isolated_and_once():
    assert isolated("Ilze Bērziņa") == "Ilze Bērziņa"
    name = "ياسين"
    assert isolated(name) == f"\u2068{name}\u2069"
    assert isolated(f"\u2069{name}\u2068") == f"\u2068{name}\u2069"


def test_a_word_without_an_end_does_not_leave_the_page():
    endless = a_paper(Paragraph("x" * 20_000))
    assert pages(to_pdf(endless)) > 3


def test_a_letter_that_no_font_shows_costs_the_promise_of_an_archive_only():
    pdf = to_pdf(a_paper(opening="李明"))
    assert pdf.startswith(b"%PDF-1.7")
    assert "pdfaid" not in metadata(pdf)
    assert b"/MarkInfo<</Marked true" in pdf


@pytest.mark.parametrize("name", ["ياسين العمراني", "Илзе Берзиня", "Ναταλία", "שרה"])
def test_common_scripts_are_shown_by_our_own_fonts(name):
    assert is_archival(to_pdf(a_paper(Paragraph(name), recipient=(name,))))


def test_no_font_of_the_machine_is_used():
    families = set(_fonts().families())
    assert {"Libertinus Serif", "Noto Naskh Arabic"} <= families
    assert {family for family in families if "Liberation" in family} == set()


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", Direction.RIGHT_TO_LEFT),
        ("ar-MA", Direction.RIGHT_TO_LEFT),
        ("fa", Direction.RIGHT_TO_LEFT),
        ("fr", Direction.LEFT_TO_RIGHT),
        ("", Direction.LEFT_TO_RIGHT),
    ],
)
def test_the_language_says_where_a_line_begins(language, direction):
    paper = a_paper(language=language)
    assert paper.direction is direction
    assert is_archival(to_pdf(paper))


def test_lines_from_the_right_are_laid_out_otherwise():
    text = (Paragraph("مرحبا"),)
    assert to_pdf(a_paper(*text, language="ar")) != to_pdf(a_paper(*text))
