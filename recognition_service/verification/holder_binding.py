"""Whether the presenter holds the key that the attestation was issued to.

Source: RFC 9901 sections 4.3 and 7.3.
"""

from datetime import datetime

from recognition_service.credentials import key_binding
from recognition_service.credentials.key_binding import KeyBindingFault
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.values import value

# Without a proof, or a key to prove, nothing wrong was found: it may be a copy of
# somebody who is entitled to it. A proof that does not hold was made for others.
_NOTHING_PROVEN = frozenset(
    {KeyBindingFault.PROOF_MISSING, KeyBindingFault.HOLDER_KEY_MISSING}
)


@value
class Presentation:
    """What the receiver of a presentation asked for.

    Attributes:
        audience: The receiver's own id, as the holder was told.
        nonce: The receiver's random number for this one presentation.
        max_age_seconds: How old the holder's proof may be; a minute is added for
            clocks that differ.
    """

    audience: str
    nonce: str
    max_age_seconds: int = key_binding.MAX_AGE_SECONDS


def check_binding(
    opened: OpenedToken, expected: Presentation, checked_at: datetime
) -> None:
    """Check the holder's proof at the end of a presentation.

    Raises:
        CheckFailedError: There is none, or it was not made by the holder's key for
            this receiver, this nonce and these disclosures.
    """
    parts = opened.disclosed
    if parts is None:
        raise CheckFailedError(
            Code.HOLDER_BINDING_MISSING, {"reason": KeyBindingFault.PROOF_MISSING}
        )
    fault = key_binding.first_fault(
        parts.presentation,
        opened.claims,
        aud=expected.audience,
        nonce=expected.nonce,
        now=checked_at,
        max_age_seconds=expected.max_age_seconds,
    )
    if fault is not None:
        missing = fault in _NOTHING_PROVEN
        code = Code.HOLDER_BINDING_MISSING if missing else Code.HOLDER_BINDING_FAILED
        raise CheckFailedError(code, {"reason": fault.value})
