"""What must be true of two installations when they have done with one another."""

import json
from itertools import groupby

from click.testing import CliRunner
from sqlalchemy import select

from recognition_service.attestations.drafts import COMMON_COPIES
from recognition_service.attestations.models import Attestation, Copy, CopyState
from recognition_service.cli.main import cli
from recognition_service.clock import format_instant
from recognition_service.exchange.models import OutgoingMessage, ReceivedMessage
from recognition_service.exchange.post import State
from recognition_service.recognition.models import RecognitionRequest
from tests.exchange.house import seen
from tests.exchange.test_between_installations import history
from tests.journeys.office import API
from tests.journeys.test_agreed_list import rows
from tests.peer import claims_of

_OF_BOTH = (
    *("kind", "status", "questions", "about", "subject_ref", "attachments"),
    *("proposed_answer_by", "agreed_answer_by", "recognition", "revision", "exchange"),
)
_OF_AGREEMENTS = ("state", "revision", "digest", "in_force_from", "url", "content")
_SENT = select(
    OutgoingMessage.authority_id,
    OutgoingMessage.recipient,
    OutgoingMessage.conversation,
    OutgoingMessage.sequence,
    OutgoingMessage.type,
    OutgoingMessage.jti,
    OutgoingMessage.state,
    OutgoingMessage.receipt,
)
_TAKEN = select(
    ReceivedMessage.sender,
    ReceivedMessage.authority_id,
    ReceivedMessage.conversation,
    ReceivedMessage.sequence,
    ReceivedMessage.type,
    ReceivedMessage.jti,
    ReceivedMessage.digest,
    ReceivedMessage.status,
)


def same_conversation(here, there, request_id):
    """Both offices keep the same of a request, and saw it happen in the same order."""
    mine, theirs = seen(here, request_id), seen(there, request_id)
    for name in _OF_BOTH:
        assert mine[name] == theirs[name], name
    assert history(mine) == history(theirs)
    assert len(set(history(mine))) == len(history(mine))


def same_agreement(here, there, agreement):
    """Both parties have the same text with the same signatures."""
    mine, theirs = (each.get(f"/agreements/{agreement}").json for each in (here, there))
    for name in _OF_AGREEMENTS:
        assert mine[name] == theirs[name], name
    for party, same in zip(mine["parties"], theirs["parties"], strict=True):
        assert party["issuer"] == same["issuer"]
        assert party["signature"] == same["signature"] is not None


def same_rows(here, there, request_id):
    """Who sent a list knows of every row what was decided; return the rows."""
    mine, theirs = rows(here, request_id), rows(there, request_id)
    for row, told in zip(mine, theirs, strict=True):
        for name in ("row", "subject_ref", "status", "decision", "attestation"):
            assert row[name] == told[name], (row["row"], name)
        assert (row["problem"], told["problem"]) == (None, None)
    return mine


def each_message_once(pair):
    """What one side has sent the other one has taken in, once and in its order."""
    for sender, recipient in (pair.sides, pair.sides[::-1]):
        sent = sorted(
            (_home(row[0]), _home(row[1]), *row[2:]) for row in pair.read(sender, _SENT)
        )
        taken = sorted(
            (_home(row[0]), _home(row[1]), *row[2:])
            for row in pair.read(recipient, _TAKEN)
        )
        assert sent
        assert [row[:6] for row in sent] == [row[:6] for row in taken]
        _are_numbered(sent)
        for (*_, jti, state, receipt), (*_, digest, status) in zip(
            sent, taken, strict=True
        ):
            assert (state, status) == (State.RECEIVED, "received")
            said = claims_of(receipt)
            assert (said["message"], said["digest"]) == (jti, digest)
            assert said["status"] == "received"


def _home(name):
    """Return an authority by the name that it has at home."""
    return name.partition("@")[0]


def _are_numbered(sent):
    for _, messages in groupby(sent, key=lambda row: row[:3]):
        numbers = [row[3] for row in messages]
        assert numbers == list(range(1, len(numbers) + 1))


def each_case_attested_once(pair, side, cases):
    """The authorities of a side have attested each of some cases once, and no other."""
    of_cases = Attestation.request_id.is_not(None)
    rows = select(Attestation.request_id, Attestation.id).where(of_cases)
    found = dict(pair.read(side, rows))
    assert sorted(map(str, found)) == sorted(cases)
    total = len(pair.read(side, select(Attestation.id).where(of_cases)))
    assert total == len(found)
    own = {str(attestation) for attestation in found.values()}
    copies = [
        row
        for row in pair.read(side, select(Copy.attestation_id, Copy.format, Copy.state))
        if str(row[0]) in own
    ]
    wanted = [
        (attestation, copy.format, CopyState.ISSUED)
        for attestation in found.values()
        for copy in COMMON_COPIES
    ]
    assert sorted(map(tuple, copies)) == sorted(wanted)


def each_award_attested_once(pair, tracks):
    """Each side has attested the joint award of each track once, and no other."""
    for side in pair.sides:
        alone = Attestation.request_id.is_(None)
        assert len(pair.read(side, select(Attestation.id).where(alone))) == len(tracks)


def opened_cases(pair, side):
    """Return the ids of all cases of a side."""
    return sorted(
        str(case) for (case,) in pair.read(side, select(RecognitionRequest.id))
    )


def is_valid(side, office, attestation):
    """The token of an attestation is genuine and valid."""
    token = office.token(attestation)
    answer = side.client.open(
        f"{API}/verifications", method="POST", json={"credential": token}
    )
    assert answer.json["verdict"] == "valid"


def is_whole(side):
    """The operator's own look over an installation finds nothing wrong.

    Who is killed after storing an edition leaves it unsigned, for a person to sign.
    """
    assert _recognition(side, "tables", "publish").exit_code == 0
    looked = _recognition(side, "doctor", "--json")
    assert looked.exit_code in {0, 1}, looked.output
    wrong = [
        (each["check"], each["detail"])
        for each in json.loads(looked.stdout)["checks"]
        if not each["is_whole"]
    ]
    assert wrong == []


def _recognition(side, *arguments):
    return CliRunner().invoke(
        cli,
        [*arguments, "--data-dir", str(side.config.data_dir)],
        env={
            "DATABASE_URL": side.config.database_url,
            "RECOGNITION_KEYS_PASSPHRASE": side.config.keys_passphrase,
            "RECOGNITION_NOW": format_instant(side.clock()),
        },
    )
