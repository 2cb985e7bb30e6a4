"""What the VC-API answers: verified or not, and every problem by its standard name.

Source: VCALM, "Error Handling"; Verifiable Credentials Data Model v2.0 section 7.2;
RFC 9457 section 3.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from recognition_service.verification.data_model.faults import Fault, ProblemType
from recognition_service.web.current import language
from recognition_service.web.errors import CredentialRefusedError
from recognition_service.web.json_answers import json_answer
from recognition_service.wording import text

_MOST_PROBLEMS = 100


def problem_details(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """Return faults as ProblemDetails; `code` and `pointer` are additions of ours."""
    return [
        {
            "type": fault.type.value,
            "title": fault.type.name,
            "detail": text(f"vc_api.{fault.reason}", language=language()),
            "code": fault.reason,
            "pointer": fault.pointer,
        }
        for fault in faults[:_MOST_PROBLEMS]
    ]


def verification_answer(
    faults: Sequence[Fault], *, failed_status: int, added: Mapping[str, Any]
) -> Response:
    """Return whether something was verified, and if not, why.

    Args:
        faults: Everything that speaks against it.
        failed_status: The HTTP status if there is anything.
        added: Further members that the caller asked for.
    """
    problems = problem_details(faults)
    if not problems:
        return json_answer({"verified": True, "problemDetails": [], **added})
    return json_answer(
        {"verified": False, "problemDetails": problems, "errors": problems, **added},
        failed_status,
    )


def refusal(faults: Sequence[Fault]) -> CredentialRefusedError:
    """Return the error about a credential that is not fit to be signed."""
    errors = tuple(
        {**problem, "pointer": "/credential" + problem["pointer"]}
        for problem in problem_details(faults)
    )
    counted = "1 thing is" if len(errors) == 1 else f"{len(errors)} things are"
    return CredentialRefusedError(f"{counted} wrong with the credential.", errors)


def unreadable(reason: str) -> Fault:
    """Return the fault of a body that is no JSON as we read it."""
    return Fault(ProblemType.PARSING_ERROR, reason)
