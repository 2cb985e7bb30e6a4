"""Letters laid out, and whole cases as one archive."""

from uuid import UUID

from recognition_service.authorities.access import actor_of, all_principals
from recognition_service.documents.typeset import to_pdf
from recognition_service.mutual_recognition.attachment_contents import (
    attachments_of_case,
)
from recognition_service.recognition.case_documents import documents_of
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.letters import (
    get_letter,
    keep_rendered,
    letters_of,
)
from recognition_service.recognition.read import as_document
from recognition_service.runtime.case_archive import (
    CaseArchive,
    WholeCase,
    archive_of,
    attached,
)
from recognition_service.runtime.spoken_letter import letter_paper
from recognition_service.runtime.tables_desk import TablesDesk


class LettersDesk(TablesDesk):
    """Lays letters out; no transaction is open meanwhile."""

    def render_letter(self, authority_id: str, letter_id: UUID) -> bool:
        """Lay a letter out and keep its file.

        Whatever it is interrupted by: repeating it goes on, and the first file stays.

        Returns:
            Whether the file was made now; else there was one.

        Raises:
            LetterNotFoundError: The authority has no such letter.
            PaperNotTypesetError: It could not be laid out.
        """
        with self.database.reading() as session:
            letter = get_letter(session, authority_id, letter_id)
        if letter.rendered_at is not None:
            return False
        edition = self.edition(authority_id)
        pdf = to_pdf(letter_paper(letter, edition.compiled))
        with self.database.transaction() as session:
            return keep_rendered(session, authority_id, letter_id, pdf, now=self.now())

    def case_archive(self, authority_id: str, request_id: UUID) -> CaseArchive:
        """Return a case with all its files; letters that wait are laid out first.

        Raises:
            RequestNotFoundError: The authority has no such request.
            PaperNotTypesetError: A letter or the index could not be laid out.
        """
        with self.database.reading() as session:
            letters = letters_of(session, authority_id, request_id)
        for letter in letters:
            if letter.rendered_at is None:
                self.render_letter(authority_id, letter.id)
        with self.database.reading() as session:
            file = open_file(session, authority_id, request_id)
            whole = WholeCase(
                authority=file.authority,
                document=as_document(
                    session, file, public_url=self.public_url, now=self.now()
                ),
                files=[
                    *documents_of(session, authority_id, request_id),
                    *attached(attachments_of_case(session, authority_id, request_id)),
                ],
                people={
                    actor_of(principal): principal.name
                    for principal in all_principals(session, authority_id)
                },
            )
        return archive_of(whole, self.edition(authority_id).compiled)
