"""Papers of a case as an office handles them."""

from datetime import date

from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.recognition.add_paper import (
    NewPaper,
    add_paper,
    receive_paper,
)
from recognition_service.recognition.assess_paper import assess_paper, reject_paper
from recognition_service.recognition.paper_authenticity import PaperAssessment
from recognition_service.recognition.paper_kinds import (
    Channel,
    MediaType,
    PaperKind,
    RejectionReason,
)
from recognition_service.recognition.papers import get_paper
from recognition_service.recognition.vocabulary import Grade
from tests.builders import AUTHORITY
from tests.recognition.files import a_pdf


def a_paper(content=None, **more):
    content = a_pdf() if content is None else content
    known = {
        "kind": PaperKind.QUALIFICATION,
        "title": "Diplôme de Salma El Amrani",
        "media_type": MediaType.PDF,
        "size": len(content),
        "digest": digest_of_bytes(content),
        "channel": Channel.PORTAL,
        "issued_on": date(2019, 7, 5),
        "issuer": "Université Mohammed V",
    }
    return NewPaper(**known | more)


class PaperOffice:
    """Handles the papers of one case."""

    def __init__(self, runtime, case, caller):
        self.runtime, self.case, self.caller = runtime, case, caller

    def announce(self, new=None, *, by=None):
        with self.runtime.database.transaction() as session:
            return add_paper(
                session,
                by or self.caller,
                self.case,
                new or a_paper(),
                now=self.runtime.now(),
            )

    def hand_in(self, paper, content=None, *, report=None):
        with self.runtime.database.transaction() as session:
            return receive_paper(
                session,
                self.caller,
                self.case,
                paper.id,
                a_pdf() if content is None else content,
                report=report,
                now=self.runtime.now(),
            )

    def received(self, content=None, *, report=None, **more):
        """Announce a paper and hand it in; return it as it stands then."""
        paper = self.announce(a_paper(content, **more))
        assert self.hand_in(paper, content, report=report)
        return self.paper(paper)

    def paper(self, paper):
        with self.runtime.database.reading() as session:
            return get_paper(session, AUTHORITY, self.case, paper.id)

    def assess(self, paper, grade=Grade.CERTIFIED_COPY, *, by=None, **more):
        found = {"grade": grade, "established_on": date(2026, 11, 2)} | more
        with self.runtime.database.transaction() as session:
            return assess_paper(
                session,
                by or self.caller,
                self.case,
                paper.id,
                PaperAssessment(**found),
                now=self.runtime.now(),
            )

    def reject(self, paper, reason=RejectionReason.ILLEGIBLE, *, by=None, note=None):
        with self.runtime.database.transaction() as session:
            return reject_paper(
                session,
                by or self.caller,
                self.case,
                paper.id,
                reason=reason,
                note=note,
                now=self.runtime.now(),
            )
