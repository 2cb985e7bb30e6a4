"""The guide for teams that write a peer says what the code does, member by member."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from recognition_service.attestations import joint_follow
from recognition_service.attestations.errors import (
    JointAwardClosedError,
    JointAwardInvalidError,
)
from recognition_service.credentials import jws
from recognition_service.credentials.exchange_message import (
    _KEY_BRINGING,
    _MESSAGE,
    _OF_REFUSALS,
    _RECEIPT,
    MESSAGE_TYPE,
    RECEIPT_TYPE,
    open_message,
    open_receipt,
)
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.dual_certification import follow_joint, proposal_wire
from recognition_service.dual_certification.follow_joint import JOINT_TYPES
from recognition_service.exchange import receive
from recognition_service.mutual_recognition import (
    agreement_wire,
    errors,
    follow,
    told_content,
)
from recognition_service.mutual_recognition.act_kinds import REQUEST_ACT, ActKind
from recognition_service.mutual_recognition.agreement import AgreementState
from recognition_service.mutual_recognition.agreement_content import (
    AgreedBinding,
    AgreedOutcome,
)
from recognition_service.mutual_recognition.agreement_signature import SIGNATURE_TYPE
from recognition_service.mutual_recognition.conversation import (
    Event,
    Kind,
    Side,
    State,
)
from recognition_service.mutual_recognition.receive_attachment import ATTACHMENT
from recognition_service.mutual_recognition.refuse import RefusalReason
from recognition_service.mutual_recognition.tell_elsewhere import REQUEST_STATE
from recognition_service.mutual_recognition.tell_parties import AGREEMENT_STATE
from recognition_service.recognition import alerts_elsewhere, follow_alerts
from recognition_service.recognition.alerts_elsewhere import ALERT_STATE
from recognition_service.regimes.holds import HoldRule
from recognition_service.runtime.exchange_desk import (
    ATTACHMENTS_PATH,
    EXCHANGE_PATH,
    MESSAGE_HEADER,
)
from recognition_service.verification.codes import Code
from recognition_service.verification.message_sender import SenderFault, check_sender
from recognition_service.verification.trust import VerificationInputs
from recognition_service.verification.trust_list import (
    Refusal,
    read_anchors,
    reopen,
)
from recognition_service.verification.verify import verify
from tests.exchange.test_misbehaving_bodies import GIVEN
from tests.exchange.vectors import (
    FOLDER,
    decoded,
    installations,
    joint_record,
    made,
)
from tests.peer import NOW

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "federation.md").read_text(encoding="utf-8")
SOURCES = ROOT / "recognition_service"
MESSAGES = (
    *("state", "act", "attachment", "agreement"),
    *("joint-proposed", "joint-signed", "joint-released", "joint-withdrawn"),
    *("alert", "alert-over"),
)
RECEIPTS = {"receipt": "state", "refusal": "act"}
WORDS = (
    *(ActKind, AgreementState, AgreedBinding, AgreedOutcome, Event, HoldRule),
    *(Kind, Refusal, RefusalReason, SenderFault, Side, State),
)


def reasons(module, error):
    """Return the texts with which a module raises an error."""
    source = module.read_text(encoding="utf-8")
    return set(re.findall(rf'{error}\(\s*"([a-z_]+)"', source))


TYPES = (
    *(REQUEST_STATE, REQUEST_ACT, ATTACHMENT, AGREEMENT_STATE),
    *(*JOINT_TYPES, ALERT_STATE),
    *(MESSAGE_TYPE, RECEIPT_TYPE, SIGNATURE_TYPE, MESSAGE_HEADER),
)
BODIES = (
    *(follow._STATE, follow._EVENT, follow._REQUEST, follow._ATTACHMENT),
    *(told_content._ITEM, told_content._TERMS, told_content._QUESTION),
    *(agreement_wire._STATE, agreement_wire._TEXT, agreement_wire._TITLE),
    agreement_wire._COUNTERPART,
    *(proposal_wire._RECORD, proposal_wire._INPUTS, proposal_wire._HOLDER),
    *(proposal_wire._TARGET, proposal_wire._QUALIFICATION),
    *(proposal_wire._UNIT, proposal_wire._RESULT),
    *follow_joint.BODIES.values(),
    *(alerts_elsewhere.STATE, follow_alerts.PROFESSIONAL, follow_alerts.AUTHORITY),
    *(follow_alerts.PERIOD, follow_alerts.APPEAL),
)
ENVELOPES = (_MESSAGE, _RECEIPT, _OF_REFUSALS, _KEY_BRINGING)
SETS = (told_content._EVENT_CONTENT, told_content._EVENT_DETAILS)
RAISED = (
    (Path(receive.__file__), "MessageRefusedError"),
    (Path(receive.__file__), "SenderRefusedError"),
    (Path(receive.__file__), "SenderUnprovenError"),
    (SOURCES / "mutual_recognition" / "take_message.py", "MessageRefusedError"),
    (Path(joint_follow.__file__), "MessageRefusedError"),
    (Path(follow_alerts.__file__), "MessageRefusedError"),
    (SOURCES / "credentials" / "exchange_message.py", "MalformedTokenError"),
    (SOURCES / "credentials" / "jws.py", "MalformedTokenError"),
)
CODES = {JointAwardClosedError.code, JointAwardInvalidError.code} | {
    error.code
    for error in vars(errors).values()
    if isinstance(error, type) and error.__module__ == errors.__name__
}


def named():
    """Return every word of the wire that the code knows."""
    found = {*TYPES, *CODES}.union(*ENVELOPES, *SETS, *GIVEN.values())
    found |= {word.value for words in WORDS for word in words}
    found |= {word.value for word in follow_alerts.TOLD}
    found |= {member for members in BODIES for member in members.split()}
    return found.union(*(reasons(*each) for each in RAISED))


INNER = {
    *("alg_not_allowed", "no_proposal", "proposal_changed", "decision_changed"),
    "question_set_not_found",
}
"""Codes that no message from elsewhere can meet."""


@pytest.mark.parametrize("word", sorted(named() - INNER))
def test_every_word_of_the_wire_is_explained(word):
    assert f"`{word}`" in GUIDE


@pytest.mark.parametrize("path", [EXCHANGE_PATH, ATTACHMENTS_PATH])
def test_the_addresses_are_told(path):
    assert f"POST {{PUBLIC_URL}}{path}`" in GUIDE


def test_the_vectors_are_those_that_their_keys_make():
    for name, token in made().items():
        assert (FOLDER / f"{name}.jwt").read_text() == token + "\n", name


@pytest.mark.parametrize("name", [*MESSAGES, *RECEIPTS])
def test_the_examples_are_the_vectors(name):
    token = (FOLDER / f"{name}.jwt").read_text().strip()
    shown = decoded(token)
    assert (FOLDER / f"{name}.json").read_text() == shown + "\n"
    assert f"```json\n{shown}\n```" in GUIDE


def test_the_examples_in_the_guide_are_all_vectors():
    blocks = re.findall(r"```json\n(.*?)\n```", GUIDE, re.DOTALL)
    assert len(blocks) == len(MESSAGES) + len(RECEIPTS)
    tokens = re.findall(r"```\n(ey\S+)\n```", GUIDE)
    kept = {at.read_text().strip() for at in FOLDER.glob("*.jwt")}
    assert tokens
    assert set(tokens) <= kept


def trust_of(name):
    """Return the trust list of an example installation, as a peer would read it."""
    anchors = json.loads((FOLDER / f"anchors-{name}.json").read_text())
    token = (FOLDER / f"trust-list-{name}.jwt").read_text().strip()
    return reopen([token], read_anchors(anchors)).snapshot


@pytest.mark.parametrize("name", [*MESSAGES, *RECEIPTS])
def test_every_example_opens_and_verifies(name):
    token = (FOLDER / f"{name}.jwt").read_bytes().strip()
    if name in MESSAGES:
        opened, purpose = open_message(token), KeyPurpose.EXCHANGE
        said = opened.message
    else:
        opened, purpose = open_receipt(token), KeyPurpose.RECEIPTS
        said = opened.receipt
    home = "flanders" if "flanders" in said.sender else "riga"
    given = (opened.jws, opened.kid, said.sender, purpose)
    instants = {"signed_at": said.issued_at, "now": NOW}
    assert check_sender(*given, trust_of(home), **instants) is None
    other = replace(trust_of(home), issuers={})
    assert check_sender(*given, other, **instants) is SenderFault.SENDER_UNKNOWN


@pytest.mark.parametrize(("name", "message"), RECEIPTS.items())
def test_the_example_receipts_are_for_the_example_messages(name, message):
    receipt = open_receipt((FOLDER / f"{name}.jwt").read_bytes().strip()).receipt
    sent = open_message((FOLDER / f"{message}.jwt").read_bytes().strip()).message
    assert (receipt.message, receipt.digest) == (sent.jti, sent.digest)
    assert (receipt.sender, receipt.recipient) == (sent.recipient, sent.sender)


def test_the_example_attestation_is_what_the_award_waits_for():
    body = json.loads((FOLDER / "joint-signed.json").read_text())["body"]
    record = joint_record(*installations())
    assert body["digest"] == record.digest
    report = verify(
        body["token"],
        VerificationInputs(trust_of("riga"), {}),
        at=NOW,
        checked_at=NOW,
    )
    failed = {each.code for each in report.checks if each.outcome == "failed"}
    assert failed == {Code.STATUS_MISSING, Code.JOINT_AWARD_INCOMPLETE}
    assert report.joint.required == tuple(record.findings["required"])


def test_the_signature_under_the_example_agreement_is_over_its_text():
    body = json.loads((FOLDER / "agreement.json").read_text())["body"]
    centre, _ = installations()
    token = body["signatures"][centre.issuer]["token"]
    parts = jws.split(token.encode())
    key = public_key(centre.keys[KeyPurpose.EXCHANGE].public_jwk)
    assert jws.verify_signature(parts, key)
    assert json.loads(parts.payload)["digest"] == body["digest"]
