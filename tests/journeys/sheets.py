"""Files about cohorts as an office hands them in."""

import csv
import io

from tests.journeys.office import API
from tests.journeys.paths import EVIDENCE, LIST

PROGRAMME = "prog-example-1"
COLUMNS = {
    "enrolments": [
        "participant_ref",
        "family_name",
        "given_name",
        "name_on_evidence",
        "birth_date",
        "track",
        "enrolled_on",
        "joint_form",
        "follow_up",
        "consent_given_on",
    ],
    "results": [
        "track",
        "participant_ref",
        "unit",
        "achieved_on",
        "assessor",
        "evidence",
        "kind",
    ],
    "awards": [
        "track",
        "participant_ref",
        "target",
        "status",
        "awarded_on",
        "how",
        "rests_on",
        "reason",
    ],
    "joint-signatures": ["track", "participant_ref"],
}


def a_sheet(kind, rows, columns=None):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or COLUMNS[kind], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def hand_in(office, kind, content, *, as_="officer", **parameters):
    if not isinstance(content, bytes):
        content = a_sheet(kind, content)
    return office.client.post(
        f"{API}{LIST}/csv-{kind}",
        data=content,
        query_string=parameters,
        content_type="text/csv",
        headers={"Authorization": f"Bearer {office.api_keys[as_]}"},
    )


def an_enrolment(number, **more):
    return {
        "participant_ref": f"P-{number}",
        "family_name": "Haddad",
        "given_name": f"Amina {number}",
        "birth_date": "2003-05-17",
        "joint_form": "yes",
        "consent_given_on": "2026-09-01",
    } | more


def a_result(number, unit, **more):
    return {
        "participant_ref": f"P-{number}",
        "unit": unit,
        "achieved_on": "2026-10-01",
        "assessor": "Example assessor",
        "evidence": EVIDENCE,
    } | more


def an_award(number, target, **more):
    return {
        "participant_ref": f"P-{number}",
        "target": target,
        "status": "awarded",
        "awarded_on": "2026-10-30",
        "how": "earned",
    } | more
