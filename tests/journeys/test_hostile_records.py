"""Whatever stands in a line of a batch, the batch ends, and each line is answered.

Every member of a good record is replaced by every hostile value, one at a time, and
all of them are handed in together.
"""

import copy
import json

from recognition_service.web.api import records
from recognition_service.web.api.records import as_record
from recognition_service.web.bodies import fit
from recognition_service.worker.loop import turn
from tests.journeys.lines import a_record, hand_in
from tests.journeys.test_hostile_bodies import HOSTILE, members, replaced

SHORT = [value for value in HOSTILE if value != "x" * 100_000]


def a_full_record(office):
    record = a_record(office, "HR-0", regime=None, supersedes=None)
    record["holder"] |= {"birth_date": "1990-04-02", "name_on_evidence": "أمينة حداد"}
    record["decision"] |= {
        "elements": {"level": "same"},
        "limitations": [{"code": "no_degree", "text": {"en": "No degree."}}],
        "measures": [{"code": "adaptation_period", "max_months": 6}],
        "remedy": {"body": "Court", "within_days": 60},
        "valid_until": "2036-11-02",
    }
    return record


def variants(office):
    good = a_full_record(office)
    for number, path in enumerate(members(good)):
        for place, value in enumerate(SHORT):
            changed = replaced(good, path, value)
            if path != ("external_reference",):
                changed["external_reference"] = f"HR-{number}-{place}"
            yield changed


def test_every_line_is_answered(office_of, installation):
    runtime = installation[0]
    office = office_of("be-fr-demo")
    lines = [json.dumps(variant) for variant in variants(office)]
    assert len(lines) > 700
    answer = hand_in(office, lines)
    assert answer.status_code == 202, answer.json
    assert turn(runtime) == 0
    (batch,) = office.get("/attestation-batches").json["items"]
    assert batch["state"] == "finished"
    assert batch["done"] + batch["failed"] == len(lines)
    assert batch["failed"] > 500
    assert batch["done"] > 0


def test_what_is_taken_as_it_is_would_be_read_the_same_with_care(office_of, app):
    office = office_of("be-fr-demo")
    unchanged = 0
    with app.test_request_context():
        for variant in variants(office):
            held = variant.get("held_qualification")
            if records._is_unchanged(variant) and records._is_named(held):
                given = copy.deepcopy(variant)
                assert as_record(fit(records._SCHEMA, variant)) == given
                unchanged += 1
    assert unchanged > 0
