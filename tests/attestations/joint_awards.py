"""Two bodies that award jointly: Flanders awards A, Latvia awards B."""

from datetime import date
from types import SimpleNamespace

from sqlalchemy import select

from recognition_service.attestations import issue, joint_issue
from recognition_service.attestations.copies import copy_text, issued_copies
from recognition_service.attestations.joint_models import JointPart
from recognition_service.attestations.joint_record import JointDecision, freeze
from recognition_service.attestations.models import Copy, CopyFormat, ListForm
from recognition_service.attestations.read import as_document
from recognition_service.attestations.status import history
from recognition_service.credentials import bitstring_status_list, token_status_list
from recognition_service.credentials.bitstring_status_list import (
    Bitstring,
    decompress,
)
from recognition_service.credentials.canonical import digest
from recognition_service.storage.models import AuditEntry, OutboxMessage
from tests.builders import AUTHORITY, PUBLIC_URL, an_authority, found_attestation

A, B = AUTHORITY, "lv"
BODIES = (A, B)
EXPIRES = date(2026, 11, 30)
ISSUERS = tuple(f"{PUBLIC_URL}/issuers/{body}" for body in BODIES)
HOLDER = {
    "family_name": "Bērziņa",
    "given_name": "Ilze",
    "birth_date": "1994-05-17",
    "name_on_evidence": None,
}
TITLES = ("Associate degree in mechatronics", "Mehatronikas tehniķis")
UNITS = (
    {
        "id": "u1",
        "title": "Control of machines",
        "credits": "30",
        "counts_for": [
            {"target": "A", "rule": "std-a-4.2"},
            {"target": "B", "rule": "std-b-7"},
        ],
        "result": {"achieved_on": "2026-06-01", "assessor": "M.", "evidence": None},
    },
    {
        "id": "u2",
        "title": "Work placement",
        "credits": "90",
        "counts_for": [{"target": "A", "rule": "std-a-5"}],
        "result": {"achieved_on": "2026-09-30", "assessor": "N.", "evidence": None},
    },
)


def two_bodies(runtime):
    """Found both authorities, each with a mandate for its own jurisdiction."""
    an_authority(runtime)
    an_authority(
        runtime,
        B,
        name="Academic information centre (example)",
        country="LV",
        jurisdiction="LV",
        time_zone="Europe/Riga",
    )
    return runtime


def a_target(key, **more):
    """Return the target of a body; `more` may make another one of it."""
    body = BODIES["AB".index(key)]
    known = {
        "key": key,
        "issuer": f"{PUBLIC_URL}/issuers/{body}",
        "qualification": {
            "id": None,
            "title": TITLES["AB".index(key)],
            "framework": "BE-FL-VKS" if key == "A" else "LV-LKI",
            "level": "5",
            "eqf": "5",
        },
        "jurisdiction": "BE-FL" if key == "A" else "LV",
        "requirements": {"credits": 120 if key == "A" else 30},
    }
    return known | more


def an_award(target, awarded_on="2026-10-30", how="earned"):
    return {"target": target, "awarded_on": awarded_on, "how": how}


def a_joint_decision(**more):
    known = {
        "holder": HOLDER,
        "edition": digest({"edition": 1}),
        "targets": [a_target("A"), a_target("B")],
        "units": UNITS,
        "awards": [an_award("A"), an_award("B", "2026-11-02")],
        "decided_on": date(2026, 11, 2),
    }
    return JointDecision(**(known | more))


def a_joint_award(runtime, *, expires_on=EXPIRES, **more):
    """Freeze a record and give both bodies their part; return the group."""
    edition = runtime.edition().in_force.base
    record = freeze(a_joint_decision(**({"edition": edition} | more)))
    return runtime.open_joint(record, expires_on=expires_on, by=A, actor="person:anna")


def reserved(runtime, group, body):
    """Take the first step only, as if somebody pulled the plug after it."""
    with runtime.database.transaction() as session:
        return joint_issue.reserve_joint(
            session,
            body,
            group,
            public_url=PUBLIC_URL,
            actor=f"person:{body}",
            now=runtime.now(),
        )


def recorded(runtime, reservation):
    """Take the steps after it, up to the recorded signatures."""
    sealed = runtime.seal(reservation.intents)
    with runtime.database.transaction() as session:
        issue.record(session, sealed, actor="person:1", now=runtime.now())


def signed(runtime, group, *bodies):
    """Let bodies sign; return their attestations."""
    return [runtime.sign_joint(body, group, actor=f"person:{body}") for body in bodies]


def a_complete_award(runtime, **more):
    """Return the group of an award that both have signed, and the attestations."""
    group = a_joint_award(runtime, **more)
    return group, *signed(runtime, group, A, B)


def parts(runtime, group):
    """Return the rows of a group, by authority."""
    with runtime.database.reading() as session:
        rows = session.scalars(select(JointPart).where(JointPart.group_id == group))
        return {row.authority_id: row for row in rows}


def states(runtime, group):
    return {part.state for part in parts(runtime, group).values()}


def told(runtime, body, attestation_id):
    """Return the status of an attestation, its reason, and who changed it last."""
    attestation = found_attestation(runtime, attestation_id, body)
    with runtime.database.reading() as session:
        last = history(session, body, attestation_id)[-1]
    return attestation.status, attestation.status_reason, last.actor


def text_of(runtime, body, attestation_id, kind=CopyFormat.VC_JWT):
    with runtime.database.reading() as session:
        attestation = found_attestation(runtime, attestation_id, body)
        (copy,) = [
            each for each in issued_copies(session, attestation) if each.format == kind
        ]
        return copy_text(session, copy)


def pair_of(runtime, attestations, kind=CopyFormat.VC_JWT):
    return [
        text_of(runtime, body, attestation_id, kind)
        for body, attestation_id in zip(BODIES, attestations, strict=True)
    ]


def verdicts(runtime, pair):
    """Return what each token of a pair is worth beside the other one."""
    first, second = pair
    return [
        (report.verdict.value, report.code.value)
        for report in (
            runtime.verify(first, peers=[second]),
            runtime.verify(second, peers=[first]),
        )
    ]


def document_of(runtime, body, attestation_id):
    with runtime.database.reading() as session:
        return as_document(
            session,
            found_attestation(runtime, attestation_id, body),
            public_url=PUBLIC_URL,
            today=date(2026, 11, 2),
        )


def listed(runtime, body, attestation_id):
    """Return what each form of the served list says of all copies.

    None where nothing was published yet.
    """
    with runtime.database.reading() as session:
        places = session.scalars(
            select(Copy.status_index).where(
                Copy.authority_id == body, Copy.attestation_id == attestation_id
            )
        ).all()
    if runtime.status_list(body, 1) is None:
        return None
    values = token_status_list.decode(runtime.status_list(body, 1)).status_list()
    found = SimpleNamespace(tsl={values.value(place) for place in places})
    for form in (ListForm.REVOCATION, ListForm.SUSPENSION):
        token = runtime.served_list(body, 1, form).ready.content
        _, credential = bitstring_status_list.decode(token)
        bits = Bitstring(decompress(credential.encoded_list))
        setattr(found, form.value, {bits.value(place) for place in places})
    return found


def actions(runtime, body, prefix="joint."):
    with runtime.database.reading() as session:
        return [
            (entry.action, entry.actor, entry.content)
            for entry in session.scalars(
                select(AuditEntry)
                .where(AuditEntry.authority_id == body)
                .order_by(AuditEntry.id)
            )
            if entry.action.startswith(prefix)
        ]


def messages(runtime, kind="joint.withdrawn"):
    with runtime.database.reading() as session:
        return [
            (message.authority_id, message.content)
            for message in session.scalars(
                select(OutboxMessage).where(OutboxMessage.kind == kind)
            )
        ]
