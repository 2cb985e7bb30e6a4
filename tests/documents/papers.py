"""A paper to look at, and what a file says of itself."""

import re
from datetime import date

from recognition_service.documents.paper import Paper, Paragraph, Section

_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)


def a_paper(*blocks, **more):
    known = {
        "language": "en",
        "title": "We have received your request",
        "sender": ("Recognition centre of Flanders (example)", "Belgium"),
        "recipient": ("Ilze Bērziņa", "ilze@example.org"),
        "facts": (("Reference", "REC-2026-000001"),),
        "dated": date(2026, 11, 2),
        "reference": "REC-2026-000001",
        "sections": (Section(None, blocks or (Paragraph("Thank you."),)),),
    }
    return Paper(**(known | more))


def metadata(pdf):
    """Return the description that a file carries, as XML text."""
    return _XMP.search(pdf).group().decode()


def is_archival(pdf):
    """Tell whether a file promises PDF/A-2a and PDF/UA-1, and is tagged."""
    told = metadata(pdf)
    return (
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in told
        and "<pdfuaid:part>1</pdfuaid:part>" in told
        and b"/MarkInfo<</Marked true" in pdf
    )


def pages(pdf):
    (number,) = re.search(rb"<xmpTPg:NPages>(\d+)<", pdf).groups()
    return int(number)
