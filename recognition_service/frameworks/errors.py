"""What can be wrong with tables that were said to be checked."""

from recognition_service.errors import InvalidInputError


class UnreadableSchemaError(InvalidInputError):
    """The description of the tables is not the data package we know."""

    code = "unreadable_schema"
    title = "The description of the tables cannot be read"


class UnreadableRowError(InvalidInputError):
    """A row does not fit its table.

    Attributes:
        table: Name of the table.
        row: Id of the row, or "" if it has none.
        column: The column to blame, or `None` for the whole row.
    """

    code = "unreadable_row"
    title = "A row of the tables cannot be read"

    def __init__(self, table: str, row: str, column: str | None, reason: str) -> None:
        place = f"{table}, row {row!r}" + (f", column {column}" if column else "")
        super().__init__(f"{place}: {reason}.")
        self.table = table
        self.row = row
        self.column = column
