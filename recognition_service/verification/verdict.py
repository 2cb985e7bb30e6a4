"""From the failed checks to one verdict: a table, read from the top."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from recognition_service.verification.codes import Code
from recognition_service.verification.report import Verdict
from recognition_service.verification.values import value

NOT_GENUINE = frozenset(
    {
        Code.MALFORMED,
        Code.MALFORMED_CLAIMS,
        Code.TOO_LARGE,
        Code.NOT_A_CREDENTIAL,
        Code.WRONG_TYPE,
        Code.CLAIMS_CONFLICT,
        Code.HEADER_NOT_ALLOWED,
        Code.ALG_NOT_ALLOWED,
        Code.ALG_NOT_OF_KEY,
        Code.KEY_UNKNOWN,
        Code.KEY_NOT_OF_ISSUER,
        Code.KEY_WRONG_PURPOSE,
        Code.BAD_SIGNATURE,
        Code.HOLDER_BINDING_FAILED,
    }
)
CANNOT_CONFIRM = frozenset(
    {
        Code.FORMAT_NOT_SUPPORTED,
        Code.TRUST_MISSING,
        Code.TRUST_STALE,
        Code.ISSUER_UNKNOWN,
        Code.ISSUER_IS_TEST,
        Code.ISSUER_NOT_TRUSTED_AT_ISSUE,
        Code.ISSUER_NO_LONGER_TRUSTED,
        Code.KEY_UNUSABLE,
        Code.KEY_COMPROMISED_LATER,
        Code.COPY_EXPIRED,
        Code.SCHEMA_MISMATCH,
        Code.STATUS_NOT_DECLARED,
        Code.STATUS_MISSING,
        Code.STATUS_MALFORMED,
        Code.STATUS_MISMATCH,
        Code.STATUS_KEY_UNKNOWN,
        Code.STATUS_BAD_SIGNATURE,
        Code.STATUS_STALE,
        Code.STATUS_ROLLED_BACK,
        Code.STATUS_INDEX_OUT_OF_RANGE,
        Code.STATUS_VALUE_UNKNOWN,
        Code.STATUS_NOT_AS_OF_DATE,
        Code.JOINT_AWARD_INCOMPLETE,
        Code.JOINT_PEER_UNCONFIRMED,
        Code.JOINT_HOLDERS_DIFFER,
        Code.HOLDER_BINDING_MISSING,
    }
)
NOT_VALID = frozenset(
    {
        Code.SIGNED_BEFORE_KEY_PERIOD,
        Code.SIGNED_AFTER_RETIREMENT,
        Code.SIGNED_AFTER_COMPROMISE,
        Code.ISSUED_IN_FUTURE,
        Code.NOT_YET_VALID,
        Code.DECISION_ENDED,
        Code.MANDATE_MISSING,
        Code.REVOKED,
        Code.SUSPENDED,
        Code.SUPERSEDED,
        Code.JOINT_PEER_NOT_VALID,
        Code.JOINT_SUBJECTS_DIFFER,
        Code.JOINT_MISMATCH,
    }
)
ROWS = (
    (Verdict.NOT_GENUINE, NOT_GENUINE),
    (Verdict.CANNOT_CONFIRM, CANNOT_CONFIRM),
    (Verdict.NOT_VALID, NOT_VALID),
)
CONDITIONAL_OUTCOMES: Mapping[str, Code] = MappingProxyType(
    {
        "conditional": Code.OUTCOME_CONDITIONAL,
        "partial": Code.OUTCOME_PARTIAL,
        "partial_access": Code.OUTCOME_PARTIAL_ACCESS,
        "alternative": Code.OUTCOME_ALTERNATIVE,
    }
)
PROVISIONAL_KIND = "provisional_authorisation"


@value
class Effect:
    """What decides between "valid" and "valid with conditions".

    Attributes:
        has_measures: Compensation measures are still to be completed.
        has_limitations: Limitations or conditions are attached.
    """

    decision_kind: str
    outcome: str
    has_measures: bool = False
    has_limitations: bool = False


def judge(failures: Iterable[Code], effect: Effect | None) -> tuple[Verdict, Code]:
    """Return the verdict and the code that it rests on.

    `failures` are the codes of the failed checks in the order of the checks. The
    first row of the table that holds one of them decides; within a row the first
    failure names the reason. `effect` is None when the decision could not be read,
    which is never "valid".
    """
    failed = tuple(failures)
    for verdict, row in ROWS:
        for code in failed:
            if code in row:
                return verdict, code
    if failed or effect is None:  # Unknown to the table: never to be relied on.
        return Verdict.CANNOT_CONFIRM, failed[0] if failed else Code.SCHEMA_MISMATCH
    if effect.outcome == "refused":
        return Verdict.VALID, Code.RECOGNITION_REFUSED
    condition = _condition(effect)
    if condition is not None:
        return Verdict.VALID_WITH_CONDITIONS, condition
    return Verdict.VALID, Code.VALID


def _condition(effect: Effect) -> Code | None:
    if effect.has_measures:
        return Code.MEASURES_OUTSTANDING
    if effect.outcome in CONDITIONAL_OUTCOMES:
        return CONDITIONAL_OUTCOMES[effect.outcome]
    if effect.decision_kind == PROVISIONAL_KIND:
        return Code.OUTCOME_PROVISIONAL
    if effect.has_limitations:
        return Code.LIMITATIONS_APPLY
    return None
