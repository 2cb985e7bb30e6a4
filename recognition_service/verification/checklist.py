"""Collects the outcome of each check; steps report a failure by raising."""

from collections.abc import Callable, Mapping
from typing import TypeVar, TypeVarTuple

from recognition_service.verification.codes import Code
from recognition_service.verification.report import (
    NO_PARAMS,
    Check,
    CheckID,
    CheckOutcome,
)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_NOT_REACHED = {
    check: Check(check, CheckOutcome.NOT_PERFORMED, Code.NOT_REACHED)
    for check in CheckID
} | {
    CheckID.JOINT: Check(
        CheckID.JOINT, CheckOutcome.NOT_PERFORMED, Code.NOT_APPLICABLE
    ),
    CheckID.HOLDER_BINDING: Check(
        CheckID.HOLDER_BINDING, CheckOutcome.NOT_PERFORMED, Code.NO_PRESENTATION
    ),
    CheckID.SEAL: Check(CheckID.SEAL, CheckOutcome.NOT_PERFORMED, Code.NOT_A_DOCUMENT),
}
_PASSED = {check: Check(check, CheckOutcome.PASSED) for check in CheckID}


class CheckFailedError(Exception):
    """A step found what makes its check fail. It never leaves this room.

    Attributes:
        code: What was found.
        params: Dates and names that belong to it.
    """

    def __init__(self, code: Code, params: Mapping[str, str] = NO_PARAMS) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Checklist:
    """The checks of one verification, each not performed until it was."""

    __slots__ = ("_checks", "_failed")

    def __init__(self) -> None:
        self._checks = dict(_NOT_REACHED)
        self._failed: dict[CheckID, Code] = {}

    def run(self, check: CheckID, step: Callable[[*Ts], T], *args: *Ts) -> T | None:
        """Perform a step; return its result, or None when the check failed."""
        try:
            result = step(*args)
        except CheckFailedError as failure:
            self._failed[check] = failure.code
            self._checks[check] = Check(
                check, CheckOutcome.FAILED, failure.code, failure.params
            )
            return None
        self._checks[check] = _PASSED[check]
        return result

    def note(
        self, check: CheckID, code: Code, params: Mapping[str, str] = NO_PARAMS
    ) -> None:
        """Add something to show to a check that passed."""
        self._checks[check] = Check(check, CheckOutcome.PASSED, code, params)

    def outcome(self, check: CheckID) -> CheckOutcome:
        """Return how a check ended so far."""
        return self._checks[check].outcome

    def checks(self) -> tuple[Check, ...]:
        """Return all checks in the order of their numbers."""
        return tuple(self._checks.values())

    def failures(self) -> tuple[Code, ...]:
        """Return the codes of the failed checks in the order of their numbers."""
        if not self._failed:
            return ()
        return tuple(self._failed[check] for check in CheckID if check in self._failed)
