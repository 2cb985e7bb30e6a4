"""The signature of a party of another installation under an agreement.

Source: RFC 7515 section 5.2; the key is looked up in the trust list of that
installation, never taken from the token.
"""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name
from recognition_service.authorities.peers import get_peer, peer_trust, wire_name
from recognition_service.credentials import jws, strict_json
from recognition_service.credentials.errors import MalformedInputError
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.exchange.post import sent_messages
from recognition_service.mutual_recognition.act_kinds import REQUEST_ACT, ActKind
from recognition_service.mutual_recognition.errors import AgreementSignatureError
from recognition_service.mutual_recognition.models import NegotiatedAgreement
from recognition_service.verification.message_sender import check_sender

SIGNATURE_TYPE = "agreement-signature+jwt"
_LARGEST = 16_384


def require_signature(
    session: Session,
    row: NegotiatedAgreement,
    party: str,
    token: str,
    *,
    now: datetime,
) -> None:
    """Refuse a signature that is not the party's, or not under the text on the table.

    Args:
        session: Any session.
        row: The agreement as one of its parties keeps it.
        party: What the party elsewhere is called here.
        token: The signature.
        now: The instant.

    Raises:
        AgreementSignatureError: It is not believed.
    """
    try:
        parts = jws.split(token.encode("ascii", "replace"))
        claims = strict_json.parse_object(parts.payload, max_bytes=_LARGEST)
    except MalformedInputError as error:
        raise AgreementSignatureError("It is no signature.") from error
    kid, signer = parts.header.get("kid"), wire_name(session, party)
    issued_at = claims.get("iat")
    if (
        parts.header.get("typ") != SIGNATURE_TYPE
        or not isinstance(kid, str)
        or type(issued_at) is not int
        or claims.get("iss") != signer
    ):
        raise AgreementSignatureError(f"It is not a signature of {signer}.")
    if (claims.get("digest"), claims.get("revision")) != (row.digest, row.revision):
        raise AgreementSignatureError("Another text was signed.")
    trust = peer_trust(get_peer(session, home_name(party).peer))
    fault = None
    if trust is not None:
        signed_at = datetime.fromtimestamp(issued_at, UTC)
        fault = check_sender(
            parts,
            kid,
            signer,
            KeyPurpose.EXCHANGE,
            trust,
            signed_at=signed_at,
            now=now,
        )
    if trust is None or fault is not None:
        raise AgreementSignatureError(f"The signature is not believed: {fault}.")


def require_sent_signature(
    session: Session, row: NegotiatedAgreement, party: str, token: str
) -> None:
    """Refuse a signature of a party here that it has not sent for this text.

    Raises:
        AgreementSignatureError: It has signed nothing, or another text.
    """
    for act in sent_messages(session, party, row.id, kind=REQUEST_ACT):
        if act.body["act"] != ActKind.SIGN_AGREEMENT:
            continue
        claims = act.body["given"]["claims"]
        signed = (claims["digest"], claims["revision"])
        if act.body["given"]["token"] == token and signed == (row.digest, row.revision):
            return
    raise AgreementSignatureError("Nobody here has signed this text.")
