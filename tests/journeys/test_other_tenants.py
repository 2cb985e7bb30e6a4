"""Another authority's object is answered like one that does not exist.

`CASES` has one entry for every route that needs a key and names an object in its
path. Each case makes an object of be-fr-demo, which must succeed for its owner, and
is then asked by the same person of another authority.
"""

import json
from uuid import UUID

import pytest

from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.web.access import REQUIRED_ROLES
from recognition_service.worker.loop import turn
from tests.exchange.proposals import a_joint_record, a_proposal, group_of
from tests.journeys.lines import a_record, hand_in
from tests.journeys.office import a_partial_decision, a_technician
from tests.journeys.paths import EVIDENCE, a_target, achieve, award, opened, put
from tests.journeys.sheets import an_enrolment
from tests.journeys.sheets import hand_in as hand_in_sheet
from tests.peer import Peer

PAPERS = "/papers/"
DELIVERIES = "/deliveries/"
ARGUMENTS = (
    f"<uuid:request_id>{PAPERS}<uuid:paper_id>",
    f"<uuid:webhook_id>{DELIVERIES}<uuid:delivery_id>",
    "<uuid:webhook_id>",
    "<uuid:request_id>",
    "<uuid:attestation_id>",
    "<uuid:batch_id>",
    "<uuid:agreement_id>",
    "<uuid:draft_id>",
    "<uuid:alert_id>",
    "<uuid:track_id>",
    "<uuid:rule_id>",
    "<uuid:file_id>",
    "<uuid:group_id>",
    "<authority_id>",
)
OF_A_TRACK = {"<unit_id>": "u1", "<target>": "B", "<int:months>": "6"}
LETTER_OF = {}  # By case, as far as a case of this test needs one.
METHODS = {"GET", "PUT", "POST", "PATCH", "DELETE"}
UNKNOWN = UUID("0193a1c2-0000-7000-8000-000000000000")
REQUEST = "/api/v1/recognition-requests/<uuid:request_id>"
PAPER = f"{REQUEST}/papers/<uuid:paper_id>"
ATTESTATION = "/api/v1/attestations/<uuid:attestation_id>"
BATCH = "/api/v1/attestation-batches/<uuid:batch_id>"
MUTUAL = "/api/v1/mutual-requests/<uuid:request_id>"
STATUS_BATCH = "/api/v1/status-batches/<uuid:batch_id>"
ORDER = "/api/v1/standing-orders/<instrument>"
AGREEMENT = "/api/v1/agreements/<uuid:agreement_id>"
ALERT = "/api/v1/alerts/<uuid:alert_id>"
DRAFT = "/api/v1/tables/drafts/<uuid:draft_id>"
AGREED = {
    "name": "Agreement on bakers",
    "binding": "list",
    "purpose": "general_employment",
    "titles": [
        {
            "origin": "BE-FR",
            "title": "Certificat de boulanger",
            "destination": "BE-FL",
            "counterpart": {"title": "Getuigschrift bakker"},
        }
    ],
}
TO_WARN = {
    "ground": "prohibition",
    "professional": {"family_name": "Moreau"},
    "profession": "nurse_general",
    "authority": {"name": "Court of Namur", "is_court": True},
    "scope": "All nursing activities",
    "period": {"from": "2026-11-01"},
    "decided_on": "2026-11-01",
    "remedy": {"body": "Council of State"},
}
TO_TAKE_BACK = {
    "ground": "error",
    "legal_basis": ["Decree, article 15"],
    "remedy": {"body": "Council of State"},
    "text": {"en": "The wrong person."},
}
TRACK = "/api/v1/dual-certifications/<uuid:track_id>"
JOINT = "/api/v1/joint-awards/<uuid:group_id>"
RULE = "/api/v1/eligibility-rules/<uuid:rule_id>"
TO_ASK_FOR = {
    "purpose": "recognition",
    "title": {"en": "Technicians"},
    "criteria": {"destination": "BE-FR"},
}
WEBHOOK = "/api/v1/webhooks/<uuid:webhook_id>"
DELIVERY = f"{WEBHOOK}/deliveries/<uuid:delivery_id>"
A_WEBHOOK = {"url": "https://93.184.215.14/hook"}
A_DAY = {"from": "2026-11-02T00:00:00Z", "to": "2026-11-03T00:00:00Z"}
TO_RECOGNISE = {
    "award": "A",
    "decision_kind": "equivalence_finding",
    "purpose": "general_employment",
}
ISSUER = "/issuers/<authority_id>"
CREDENTIAL = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:0193a1c2-7b1e-7c55-9a51-0d6f2a7e9c11",
    "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "did:example:amina"},
}
ENTRY = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
TO_ISSUE = {"credential": CREDENTIAL, "options": {"credentialStatus": ENTRY}}
ASKED = ["awarded", "same_person"]
ANSWERS = {"questions": [{"id": asked, "answer": "yes"} for asked in ASKED]}
SCAN = b"A scan of a diploma"
DIGEST = digest_of_bytes(SCAN)
APPEAL = {"against": "decision", "body": "Administrative court"}
A_PROVISIONAL = a_partial_decision(
    conditions=[{"code": "under_supervision"}], valid_until="2027-11-01"
)
TO_ASSESS = {
    "qualifications": [
        {"held_qualification": 0, "elements": {"level": {"result": "same"}}}
    ]
}
TO_ANNOUNCE = {
    "kind": "qualification",
    "title": "Diploma",
    "media_type": "text/plain",
    "bytes": len(SCAN),
    "digest": DIGEST,
    "channel": "portal",
}
TO_REVOKE = {
    "credentialId": CREDENTIAL["id"],
    "credentialStatus": ENTRY,
    "status": True,
}


def a_case(office):
    return office.post("/recognition-requests", a_technician()).json["id"]


def an_announced_paper(office):
    """A case with a paper; both ids stand in the path."""
    case = a_case(office)
    answer = office.post(f"/recognition-requests/{case}/papers", TO_ANNOUNCE)
    assert answer.status_code == 201, answer.json
    return f"{case}{PAPERS}{answer.json['id']}"


def a_received_paper(office):
    made = an_announced_paper(office)
    answer = ask(office, "PUT", f"{PAPER}/content", made, SCAN, "officer")
    assert answer.status_code == 201, answer.json
    return made


def a_case_with_a_letter(office):
    """A case whose letter is laid out."""
    case = a_case(office)
    assert turn(office.runtime) == 0
    (letter,) = office.get(f"/recognition-requests/{case}/letters").json["items"]
    LETTER_OF[case] = letter["id"]
    return case


def an_alert(office):
    answer = office.post("/alerts", TO_WARN)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def a_prepared_case(office):
    case = a_case(office)
    assert office.decide(case, a_partial_decision()).status_code == 200
    return case


def a_signed_case(office):
    case = a_prepared_case(office)
    assert office.sign(case).status_code == 200
    return case


def an_appealed_case(office):
    case = a_signed_case(office)
    of = f"/recognition-requests/{case}"
    lodged = office.change(f"{of}/appeal", APPEAL, of=of)
    assert lodged.status_code == 200, lodged.json
    return case


def a_provisional_case(office):
    case = a_case(office)
    of = f"/recognition-requests/{case}"
    prepared = office.change(f"{of}/provisional", A_PROVISIONAL, of=of)
    assert prepared.status_code == 200, prepared.json
    return case


def a_revocation(office):
    case = a_signed_case(office)
    of = f"/recognition-requests/{case}"
    answer = office.change(f"{of}/revocation", TO_TAKE_BACK, of=of)
    assert answer.status_code == 200, answer.json
    return case


def an_attestation(office):
    return office.sign(a_prepared_case(office)).json["attestation"]["id"]


def a_rule(office):
    answer = office.post("/eligibility-rules", TO_ASK_FOR)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def the_issuer(_office):
    return "be-fr-demo"


def the_issuer_of_a_credential(office):
    path = f"{ISSUER}/credentials/issue"
    issued = ask(office, "POST", path, "be-fr-demo", TO_ISSUE, "signatory")
    assert issued.status_code == 201
    return "be-fr-demo"


def a_batch(office):
    return hand_in(office, [a_record(office, "HR-1")]).json["id"]


def a_status_batch(office):
    line = {"attestation": str(UNKNOWN), "status": "revoked", "reason": "error"}
    answer = hand_in(office, [line], "/status-batches", as_="officer")
    return answer.json["id"]


def a_dual_track(office):
    """A track that be-fr-demo keeps, and whose second award it makes."""
    own = a_target(
        "B",
        qualification="be-fr-cfc--brevet-denseignement-superieur",
        authority="be-fr-demo",
    )
    return opened(office, targets=[a_target("A"), own])["id"]


def an_achieved_track(office):
    track = a_dual_track(office)
    achieve(office, {"id": track}, "u1", "u2", "u3", "u4")
    return track


def a_track_to_follow_up(office):
    """A track with consent whose award is older than half a year."""
    own = a_target(
        "B",
        qualification="be-fr-cfc--brevet-denseignement-superieur",
        authority="be-fr-demo",
    )
    track = opened(
        office,
        enrolled_on="2025-09-01",
        targets=[a_target("A"), own],
        consent={"joint_form": False, "follow_up": True, "given_on": "2025-09-01"},
    )
    achieve(office, track, "u1", "u2", "u3", "u4", achieved_on="2026-03-01")
    assert award(office, track, "B", awarded_on="2026-03-30").status_code == 200
    return track["id"]


def a_track_to_recognise(office):
    """A track of be-fr-demo and be-fl-demo, which has made its award."""
    track = a_dual_track_with(office, "be-fl-demo")
    achieve(office, {"id": track}, "u1", "u2", "u3", "u4")
    assert award(office.peer, {"id": track}, "A").status_code == 200
    return track


def a_case_on_a_track(office):
    """A case that rests on what be-fl-demo has attested about its award."""
    track = a_track_to_recognise(office)
    path = f"/dual-certifications/{track}/recognition-requests"
    answer = put(
        office.peer, {"id": track}, "awards/A/attestation", {}, as_="signatory"
    )
    assert answer.status_code == 200, answer.json
    opened_case = office.post(path, TO_RECOGNISE)
    assert opened_case.status_code == 201, opened_case.json
    return opened_case.json["id"]


def a_cohort_file(office):
    rows = [an_enrolment(1, participant_ref="P-1")]
    answer = hand_in_sheet(office, "enrolments", rows, like=a_dual_track(office))
    assert answer.status_code == 200, answer.json
    return answer.json["id"]


def asked_by_peer(office):
    """A request to be-fr-demo, of which a third authority knows nothing."""
    body = {"kind": "award_verification", "to": "be-fr-demo", "questions": ASKED}
    return office.peer.post("/mutual-requests", body).json["id"]


def accepted(office):
    request_id = asked_by_peer(office)
    changed(office, request_id, "acceptance", {})
    return request_id


def a_scan(office):
    """A request of be-fr-demo with a document; its bytes are the body of the case."""
    body = {"kind": "award_verification", "to": "be-fl-demo", "questions": ASKED}
    scan = {"digest": DIGEST, "media_type": "text/plain", "bytes": len(SCAN)}
    return office.post("/mutual-requests", body | {"attachments": [scan]}).json["id"]


def a_received_scan(office):
    request_id = a_scan(office)
    rule = f"{MUTUAL}/attachments/<digest>"
    answer = ask(office, "PUT", rule, request_id, SCAN, "officer")
    assert answer.status_code == 201, answer.json
    return request_id


def asked_of_peer(office):
    body = {"kind": "award_verification", "to": "be-fl-demo", "questions": ASKED}
    return office.post("/mutual-requests", body).json["id"]


def a_list_to_peer(office):
    body = {
        "kind": "recognition_list",
        "to": "be-fl-demo",
        "recognition": {
            "decision_kind": "level_comparability",
            "purpose": "general_employment",
        },
        "items": [
            {
                "applicant": {"family_name": "Haddad"},
                "held_qualification": {"title": "Licence", "origin": "MA"},
            }
        ],
    }
    return office.post("/mutual-requests", body).json["id"]


def a_list_of_peer(office):
    """A list to be-fr-demo that it accepted; of its row there is a case."""
    body = {
        "kind": "recognition_list",
        "to": "be-fr-demo",
        "recognition": {
            "decision_kind": "equivalence_finding",
            "purpose": "general_employment",
        },
        "items": [
            {
                "applicant": {"family_name": "Haddad"},
                "held_qualification": {"title": "Licence", "origin": "MA"},
            }
        ],
    }
    request_id = office.peer.post("/mutual-requests", body).json["id"]
    changed(office, request_id, "acceptance", {})
    turn(office.runtime)
    return request_id


def a_decided_list_of_peer(office):
    request_id = a_list_of_peer(office)
    changed(office, request_id, "decisions", {"decision": a_partial_decision()})
    return request_id


def answered_by_peer(office):
    request_id = asked_of_peer(office)
    changed(office.peer, request_id, "acceptance", {})
    changed(office.peer, request_id, "answer", ANSWERS)
    return request_id


def changed(office, request_id, act, body):
    of = f"/mutual-requests/{request_id}"
    assert office.change(f"{of}/{act}", body, of=of).status_code == 200


def a_dual_track_with(office, body):
    """A track of be-fr-demo and another body, which makes the first award."""
    own = a_target(
        "B",
        qualification="be-fr-cfc--brevet-denseignement-superieur",
        authority="be-fr-demo",
    )
    return opened(office, targets=[a_target("A", authority=body), own])["id"]


def a_track_with_peer(office):
    """A track of be-fr-demo and be-fl-demo on which both awards were made."""
    track = {"id": a_dual_track_with(office, "be-fl-demo")}
    achieve(office, track, "u1", "u2", "u3", "u4")
    for body, target in ((office.peer, "A"), (office, "B")):
        assert award(body, track, target).status_code == 200
    return track["id"]


def a_held_joint_award(office):
    track = a_track_with_peer(office)
    path = "joint/signature"
    assert put(office, {"id": track}, path, {}, as_="signatory").status_code == 200
    return track


def a_proposed_award(office):
    """An award that a body of another installation proposes."""
    peer = Peer()
    proposer = peer.authority("school")
    peer.introduce(office.runtime)
    peer.tell(office.runtime)
    ours = f"{office.runtime.public_url}/issuers/be-fr-demo"
    record = a_joint_record(proposer.issuer, ours, "BE-FR")
    claims = proposer.claims(
        ours, group_of(record), a_proposal(record), type="joint.proposed"
    )
    token = proposer.signed(claims)
    answer = office.client.post("/exchange", data=token, content_type="application/jwt")
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return str(group_of(record))


def a_made_award(office):
    group = a_proposed_award(office)
    body = {"status": "awarded"}
    answer = ask(office, "PUT", f"{JOINT}/award", group, body, "officer")
    assert answer.status_code == 200, answer.json
    return group


def an_agreement(office):
    answer = office.post("/agreements", AGREED | {"to": "be-fl-demo"})
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def a_table_draft(office):
    source = {
        "table": "sources",
        "id": "be-fr-demo:decree",
        "content": {"title": "A decree", "evidence": "source_read"},
    }
    answer = office.post("/tables/drafts", {"title": "Own", "changes": [source]})
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def a_webhook(office):
    answer = office.post("/webhooks", A_WEBHOOK, as_="operator")
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def a_delivery(office):
    """A webhook with a delivery; both ids stand in the path."""
    made = a_webhook(office)
    answer = office.post(f"/webhooks/{made}/test", {}, as_="operator")
    assert answer.status_code == 201, answer.json
    return f"{made}{DELIVERIES}{answer.json['id']}"


def a_signed_agreement(office):
    agreement = an_agreement(office)
    of = f"/agreements/{agreement}"
    for party in (office, office.peer):
        answer = party.change(f"{of}/signature", {}, of=of, as_="signatory")
        assert answer.status_code == 200, answer.json
    return agreement


CASES = {
    ("GET", AGREEMENT): (an_agreement, None, "officer", 200),
    ("PUT", f"{AGREEMENT}/revision"): (an_agreement, AGREED, "officer", 200),
    ("PUT", f"{AGREEMENT}/signature"): (an_agreement, {}, "signatory", 200),
    ("PUT", f"{AGREEMENT}/abandonment"): (an_agreement, {}, "officer", 200),
    ("PUT", f"{AGREEMENT}/withdrawal"): (a_signed_agreement, {}, "signatory", 200),
    ("GET", ALERT): (an_alert, None, "officer", 200),
    ("PUT", f"{ALERT}/sending"): (
        an_alert,
        {"notice": {"en": "You may appeal."}},
        "signatory",
        200,
    ),
    ("PUT", f"{ALERT}/appeal"): (
        an_alert,
        {"body": "Council of State", "lodged_on": "2026-11-02"},
        "officer",
        200,
    ),
    ("PUT", f"{ALERT}/end"): (an_alert, {"until": "2027-11-01"}, "officer", 200),
    ("GET", DRAFT): (a_table_draft, None, "officer", 200),
    ("GET", f"{DRAFT}/impact"): (a_table_draft, None, "officer", 200),
    ("PUT", f"{DRAFT}/approval"): (a_table_draft, {}, "signatory", 200),
    ("PUT", f"{DRAFT}/abandonment"): (a_table_draft, {}, "officer", 200),
    ("PUT", f"{TRACK}/awards/<target>/attestation"): (
        a_track_with_peer,
        {},
        "signatory",
        200,
    ),
    ("PUT", f"{TRACK}/joint/signature"): (a_track_with_peer, {}, "signatory", 200),
    ("PUT", f"{TRACK}/joint/cancellation"): (
        a_held_joint_award,
        {},
        "signatory",
        200,
    ),
    ("GET", JOINT): (a_proposed_award, None, "officer", 200),
    ("PUT", f"{JOINT}/award"): (
        a_proposed_award,
        {"status": "refused", "reason": "Another field."},
        "officer",
        200,
    ),
    ("PUT", f"{JOINT}/signature"): (a_made_award, {}, "signatory", 200),
    ("GET", MUTUAL): (asked_by_peer, None, "officer", 200),
    ("PUT", f"{MUTUAL}/attachments/<digest>"): (a_scan, SCAN, "officer", 201),
    ("GET", f"{MUTUAL}/attachments/<digest>"): (a_received_scan, None, "officer", 200),
    ("GET", f"{MUTUAL}/items"): (a_list_to_peer, None, "officer", 200),
    ("PUT", f"{MUTUAL}/decisions"): (
        a_list_of_peer,
        {"decision": a_partial_decision()},
        "officer",
        200,
    ),
    ("PUT", f"{MUTUAL}/decisions/signature"): (
        a_decided_list_of_peer,
        {},
        "signatory",
        200,
    ),
    ("PUT", f"{MUTUAL}/acceptance"): (asked_by_peer, {}, "officer", 200),
    ("PUT", f"{MUTUAL}/answer"): (accepted, ANSWERS, "officer", 200),
    ("PUT", f"{MUTUAL}/refusal"): (asked_by_peer, {}, "officer", 200),
    ("PUT", f"{MUTUAL}/forwarding"): (
        asked_by_peer,
        {"to": "fr-nurses-demo"},
        "officer",
        200,
    ),
    ("PUT", f"{MUTUAL}/split"): (
        asked_by_peer,
        {"questions": ["awarded"]},
        "officer",
        200,
    ),
    ("PUT", f"{MUTUAL}/deadline"): (
        asked_by_peer,
        {"answer_by": "2026-12-01"},
        "officer",
        200,
    ),
    ("PUT", f"{MUTUAL}/closure"): (answered_by_peer, {}, "officer", 200),
    ("PUT", f"{MUTUAL}/withdrawal"): (asked_of_peer, {}, "officer", 200),
    ("POST", f"{MUTUAL}/questions"): (
        answered_by_peer,
        {"questions": ["award_date"]},
        "officer",
        200,
    ),
    ("GET", f"{ATTESTATION}.sd-jwt"): (an_attestation, None, "officer", 200),
    ("POST", f"{ATTESTATION}/copies"): (
        an_attestation,
        {"format": "vc+jwt"},
        "officer",
        201,
    ),
    ("GET", BATCH): (a_batch, None, "officer", 200),
    ("GET", f"{BATCH}/rows"): (a_batch, None, "officer", 200),
    ("GET", STATUS_BATCH): (a_status_batch, None, "officer", 200),
    ("GET", f"{STATUS_BATCH}/rows"): (a_status_batch, None, "officer", 200),
    ("GET", REQUEST): (a_case, None, "officer", 200),
    ("POST", f"{REQUEST}/evidence"): (
        a_case,
        {"authenticity": {"grade": "scan"}},
        "officer",
        200,
    ),
    ("POST", f"{REQUEST}/steps"): (a_case, {"step": "acknowledged"}, "officer", 200),
    ("PUT", f"{REQUEST}/appeal"): (a_signed_case, APPEAL, "officer", 200),
    ("PUT", f"{REQUEST}/appeal/decision"): (
        an_appealed_case,
        {"result": "upheld"},
        "officer",
        200,
    ),
    ("PUT", f"{REQUEST}/provisional"): (a_case, A_PROVISIONAL, "officer", 200),
    ("PUT", f"{REQUEST}/provisional/signature"): (
        a_provisional_case,
        {},
        "signatory",
        200,
    ),
    ("GET", f"{REQUEST}/assessment"): (a_case, None, "officer", 200),
    ("PUT", f"{REQUEST}/assessment"): (a_case, TO_ASSESS, "officer", 200),
    ("GET", f"{REQUEST}/papers"): (a_case, None, "officer", 200),
    ("POST", f"{REQUEST}/papers"): (a_case, TO_ANNOUNCE, "officer", 201),
    ("PUT", f"{PAPER}/content"): (an_announced_paper, SCAN, "officer", 201),
    ("GET", f"{PAPER}/content"): (a_received_paper, None, "officer", 200),
    ("PUT", f"{PAPER}/assessment"): (
        a_received_paper,
        {"grade": "certified_copy", "established_on": "2026-11-02"},
        "officer",
        200,
    ),
    ("PUT", f"{PAPER}/rejection"): (
        a_received_paper,
        {"reason": "illegible"},
        "officer",
        200,
    ),
    ("PUT", f"{REQUEST}/decision"): (a_case, a_partial_decision(), "officer", 200),
    ("PUT", f"{REQUEST}/decision/signature"): (a_prepared_case, {}, "signatory", 200),
    ("PUT", f"{REQUEST}/revocation"): (a_signed_case, TO_TAKE_BACK, "officer", 200),
    ("PUT", f"{REQUEST}/revocation/signature"): (
        a_revocation,
        {},
        "signatory",
        200,
    ),
    ("PUT", f"{REQUEST}/legal-hold"): (a_case, {"reason": "A claim"}, "officer", 200),
    ("PUT", f"{REQUEST}/withdrawal"): (a_case, {}, "officer", 200),
    ("GET", f"{REQUEST}/letters"): (a_case, None, "officer", 200),
    ("GET", f"{REQUEST}/letters/<uuid:letter_id>.pdf"): (
        a_case_with_a_letter,
        None,
        "officer",
        200,
    ),
    ("GET", f"{REQUEST}/file.zip"): (a_case, None, "officer", 200),
    ("POST", f"{REQUEST}/claim-codes"): (a_case, {}, "officer", 201),
    ("GET", ATTESTATION): (an_attestation, None, "officer", 200),
    ("GET", f"{ATTESTATION}.jwt"): (an_attestation, None, "officer", 200),
    ("GET", f"{ATTESTATION}/replay"): (an_attestation, None, "officer", 200),
    ("PUT", f"{ATTESTATION}/status"): (
        an_attestation,
        {"status": "revoked", "reason": "error"},
        "officer",
        200,
    ),
    ("GET", TRACK): (a_dual_track, None, "officer", 200),
    ("GET", f"{TRACK}/gap"): (a_dual_track, None, "officer", 200),
    ("PUT", f"{TRACK}/units/<unit_id>/result"): (
        a_dual_track,
        {"achieved_on": "2026-10-01", "assessor": "Bruno", "evidence": EVIDENCE},
        "officer",
        200,
    ),
    ("DELETE", f"{TRACK}/units/<unit_id>/result"): (
        an_achieved_track,
        None,
        "officer",
        200,
    ),
    ("PUT", f"{TRACK}/awards/<target>"): (
        an_achieved_track,
        {"status": "awarded", "awarded_on": "2026-10-30", "how": "earned"},
        "officer",
        200,
    ),
    ("GET", "/api/v1/dual-certifications/csv-files/<uuid:file_id>"): (
        a_cohort_file,
        None,
        "officer",
        200,
    ),
    ("POST", f"{TRACK}/recognition-requests"): (
        a_track_to_recognise,
        TO_RECOGNISE,
        "officer",
        201,
    ),
    ("PUT", f"{REQUEST}/experience"): (
        a_case,
        {"periods": [{"activity": "Electrician"}]},
        "officer",
        200,
    ),
    ("PUT", f"{REQUEST}/evidence/track"): (a_case_on_a_track, {}, "officer", 200),
    ("PUT", f"{TRACK}/interruption"): (
        a_dual_track,
        {"interrupted_on": "2026-10-01", "reason": "other"},
        "officer",
        200,
    ),
    ("PUT", f"{TRACK}/return"): (
        a_dual_track,
        {"returned_on": "2026-10-01"},
        "officer",
        200,
    ),
    ("PUT", f"{TRACK}/track"): (a_dual_track, {"track": "home"}, "officer", 200),
    ("DELETE", RULE): (a_rule, None, "officer", 204),
    ("GET", f"{RULE}/candidates"): (a_rule, None, "officer", 200),
    ("PUT", f"{TRACK}/follow-ups/<int:months>"): (
        a_track_to_follow_up,
        {"employed": False, "residence": "MA", "answered_on": "2026-11-01"},
        "officer",
        200,
    ),
    ("PUT", f"{TRACK}/consent"): (
        a_dual_track,
        {"joint_form": False},
        "officer",
        200,
    ),
    ("GET", WEBHOOK): (a_webhook, None, "operator", 200),
    ("PUT", WEBHOOK): (a_webhook, A_WEBHOOK, "operator", 200),
    ("DELETE", WEBHOOK): (a_webhook, None, "operator", 204),
    ("POST", f"{WEBHOOK}/secret"): (a_webhook, {}, "operator", 201),
    ("POST", f"{WEBHOOK}/test"): (a_webhook, {}, "operator", 201),
    ("POST", f"{WEBHOOK}/replay"): (a_webhook, A_DAY, "operator", 200),
    ("GET", f"{WEBHOOK}/deliveries"): (a_webhook, None, "operator", 200),
    ("GET", DELIVERY): (a_delivery, None, "operator", 200),
    ("POST", f"{DELIVERY}/replay"): (a_delivery, {}, "operator", 200),
    ("POST", f"{ISSUER}/credentials/issue"): (the_issuer, TO_ISSUE, "signatory", 201),
    ("POST", f"{ISSUER}/credentials/verify"): (the_issuer, {}, "officer", 200),
    ("POST", f"{ISSUER}/presentations/verify"): (the_issuer, {}, "officer", 200),
    ("POST", f"{ISSUER}/credentials/status"): (
        the_issuer_of_a_credential,
        TO_REVOKE,
        "officer",
        200,
    ),
}
# The path names an instrument or a programme of the shared tables; the order, and what
# is reported, is always one's own.
OWN_BY_NAME = {
    ("GET", "/api/v1/programmes/<code>/report"),
    ("PUT", ORDER),
    ("PUT", f"{ORDER}/approval"),
    ("PUT", f"{ORDER}/end"),
}


def test_every_route_with_an_object_has_a_case(app):
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.arguments and hasattr(app.view_functions[rule.endpoint], REQUIRED_ROLES)
        for method in rule.methods & METHODS
    }
    assert routes == set(CASES) | OWN_BY_NAME


@pytest.mark.parametrize("case", sorted(CASES), ids=" ".join)
def test_another_authority_finds_nothing_and_changes_nothing(office_of, runtime, case):
    method, rule = case
    make, body, post, expected = CASES[case]
    owner, stranger = office_of("be-fr-demo"), office_of("de-chamber-demo")
    owner.peer, owner.runtime = office_of("be-fl-demo"), runtime
    identifier = make(owner)
    unknown = identifier
    for part in ids_in(identifier):
        unknown = unknown.replace(part, str(UNKNOWN))
    answers = [
        ask(stranger, method, rule, made, body, post) for made in (identifier, unknown)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told(answers[0], identifier) == told(answers[1], unknown)
    succeeded = ask(owner, method, rule, identifier, body, post)
    assert succeeded.status_code == expected, succeeded.json


def test_an_order_of_one_authority_is_no_order_of_another(office_of):
    stranger, owner = office_of("de-chamber-demo"), office_of("be-fl-demo")
    path = "/standing-orders/benelux-baltic-2024"
    assert stranger.call("PUT", f"{path}/end", {}).status_code == 404
    assert (
        stranger.call("PUT", f"{path}/approval", {}, as_="signatory").status_code == 404
    )
    assert stranger.call("PUT", path, {"note": "Mine"}).json["in_force"] is False
    (own,) = owner.get("/standing-orders").json["items"]
    assert (own["in_force"], own["note"]) == (True, "Example")


def test_lists_show_an_authority_its_own_only(office_of):
    owner, stranger = office_of("be-fr-demo"), office_of("de-chamber-demo")
    owner.peer = office_of("be-fl-demo")
    an_attestation(owner)
    a_dual_track(owner)
    asked_by_peer(owner)
    assert stranger.get("/mutual-requests").json["items"] == []
    assert stranger.get("/attestations").json["items"] == []
    assert stranger.get("/recognition-requests").json["items"] == []
    assert stranger.get("/dual-certifications").json["items"] == []
    a_webhook(owner)
    assert stranger.get("/webhooks", as_="operator").json["items"] == []


def ask(office, method, rule, identifier, body, post):  # noqa: PLR0917
    path = rule
    for argument, value in {
        **dict.fromkeys(ARGUMENTS, identifier),
        **OF_A_TRACK,
        "<digest>": DIGEST,
        "<uuid:letter_id>": LETTER_OF.get(identifier, identifier),
    }.items():
        path = path.replace(argument, value)
    headers = {"Authorization": f"Bearer {office.api_keys[post]}", "If-Match": "*"}
    sent = {"data": body} if isinstance(body, bytes) else {"json": body}
    return office.client.open(path, method=method, headers=headers, **sent)


def ids_in(identifier):
    """Return what an identifier consists of: an id, or that of a part as well."""
    return identifier.replace(DELIVERIES, PAPERS).split(PAPERS)


def told(answer, identifier):
    """Return what an answer tells, without what must differ."""
    text = json.dumps({**answer.json, "request_id": None})
    for part in ids_in(identifier):
        text = text.replace(part, "*")
    for known in (identifier, LETTER_OF.get(identifier, identifier)):
        text = text.replace(known, "*")
    return text
