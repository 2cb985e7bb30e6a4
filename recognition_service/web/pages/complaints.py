"""What is wrong with what was entered, said beside the field and at the top."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong.

    Attributes:
        code: Name of the sentence in the family "page".
        field: Id of the field to blame, `None` if no single one is.
    """

    code: str
    field: str | None = None


class ComplaintError(ValueError):
    """What was entered does not fit; never leaves the page that asked."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.code)
        self.complaint = complaint
