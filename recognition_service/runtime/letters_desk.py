"""Letters laid out, and whole cases as one archive."""

from uuid import UUID

from recognition_service.documents.typeset import to_pdf
from recognition_service.recognition.letters import get_letter, keep_rendered
from recognition_service.recognition.models import Letter
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
        pdf = self._laid_out(letter)
        with self.database.transaction() as session:
            return keep_rendered(session, authority_id, letter_id, pdf, now=self.now())

    def _laid_out(self, letter: Letter) -> bytes:
        edition = self.edition(letter.authority_id)
        return to_pdf(letter_paper(letter, edition.compiled))
