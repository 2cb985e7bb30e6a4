"""Alerts as the people of an authority handle them."""

from datetime import date

from recognition_service.recognition.alert_lists import View, list_alerts
from recognition_service.recognition.alerts import (
    end_alert,
    get_alert,
    note_alert_appeal,
    prepare_alert,
    send_alert,
)
from recognition_service.recognition.new_alert import (
    Ground,
    NewAlert,
    Professional,
)
from tests.builders import (
    AUTHORITY,
    a_package,
    a_regime_tree,
    an_authority,
    bruno,
    sofia,
)

NEIGHBOUR = "lv"
REMEDY = {"body": "Administrative court", "within_days": 60}
NOTICE = {"en": "You may appeal."}


def an_alert(**more):
    known = {
        "ground": Ground.PROHIBITION,
        "profession": "nurse_general",
        "decided_by": "Disciplinary court",
        "is_court": True,
        "decided_on": date(2026, 11, 1),
        "remedy": REMEDY,
        "professional": Professional(family_name="Moreau", given_name="Alix"),
        "regime": "eu",
        "scope": "All nursing activities",
        "applies_from": date(2026, 11, 1),
        "applies_until": date(2026, 11, 30),
    }
    return NewAlert(**known | more)


def a_forgery(request_id, **more):
    return an_alert(
        ground=Ground.FORGED_PAPERS,
        professional=None,
        request_id=request_id,
        scope=None,
        applies_from=None,
        applies_until=None,
        decided_on=date(2026, 9, 1),
        **{"final_on": date(2026, 11, 1)} | more,
    )


def a_union(runtime):
    """An edition with a regime for Belgium and Latvia, and an authority in each."""
    regime = a_regime_tree(id="eu", applies={"destinations": ["BE", "LV"]})
    runtime.load_edition(
        a_package(regimes={"neutral.toml": a_regime_tree(), "eu.toml": regime})
    )
    an_authority(runtime)
    an_authority(
        runtime,
        NEIGHBOUR,
        country="LV",
        jurisdiction="LV",
        mandate={"professions": ["nurse_general"], "valid_from": "2024-01-01"},
    )
    return AlertOffice(runtime)


class AlertOffice:
    """Handles the alerts of one authority."""

    def __init__(self, runtime):
        self.runtime = runtime
        self.officer, self.signatory = bruno(runtime), sofia(runtime)

    def prepare(self, new=None):
        edition = self.runtime.edition(AUTHORITY)
        with self.runtime.database.transaction() as session:
            return prepare_alert(
                session,
                self.officer,
                new or an_alert(),
                edition=edition,
                now=self.runtime.now(),
            )

    def send(self, alert, by=None):
        with self.runtime.database.transaction() as session:
            return send_alert(
                session,
                by or self.signatory,
                alert.id,
                notice=NOTICE,
                now=self.runtime.now(),
            )

    def sent(self, new=None):
        return self.send(self.prepare(new))

    def appeal(self, alert, body="Council of State", lodged_on=None):
        with self.runtime.database.transaction() as session:
            return note_alert_appeal(
                session,
                self.officer,
                alert.id,
                body=body,
                lodged_on=lodged_on,
                now=self.runtime.now(),
            )

    def end(self, alert, until=None, revoked_on=None):
        with self.runtime.database.transaction() as session:
            return end_alert(
                session,
                self.officer,
                alert.id,
                until=until,
                revoked_on=revoked_on,
                now=self.runtime.now(),
            )

    def get(self, alert):
        with self.runtime.database.reading() as session:
            return get_alert(session, AUTHORITY, alert.id)

    def listed(self, view=View.RECEIVED, authority_id=NEIGHBOUR):
        with self.runtime.database.reading() as session:
            return list_alerts(
                session,
                authority_id,
                view,
                after=None,
                limit=10,
                now=self.runtime.now(),
            )
