"""How long a question to somebody else holds the clock of a case.

Source: BQFG section 5 (4) and (5) and section 12 (4) and (5): until the deadline that
the authority sets has passed, not until the answer comes; other laws until the answer.
"""

from enum import StrEnum


class HoldRule(StrEnum):
    """When a clock that is held goes on."""

    UNTIL_ANSWER = "until_answer"
    UNTIL_AUTHORITY_DEADLINE = "until_authority_deadline"
    UNTIL_PROCEDURE_END = "until_procedure_end"
    NONE = "none"
