"""Whether what decisions rest on still carries them: agreements, and attestations."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from recognition_service.attestations.agreements import refuse_ended
from recognition_service.attestations.bases import refuse_baseless
from recognition_service.attestations.drafts import NewAttestation
from recognition_service.attestations.issuer import Issuer
from recognition_service.errors import RecognitionError


def refuse_groundless(
    session: Session, issuer: Issuer, wanted: Sequence[NewAttestation], now: datetime
) -> dict[int, RecognitionError]:
    """Refuse, by position, what rests on nothing that holds now.

    The caller owns the transaction; until its end nothing of it is taken away unseen.
    """
    return {
        **refuse_ended(session, issuer, wanted, now),
        **refuse_baseless(session, issuer, wanted, now),
    }
