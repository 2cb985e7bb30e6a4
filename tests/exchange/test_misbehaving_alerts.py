"""What others tell of alerts is checked, and touches their own alerts only."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from recognition_service.recognition.alert_models import AlertElsewhere
from recognition_service.verification.trust import Mode
from tests.exchange.house import KEPT_REFUSAL, difference, receipt, refusal
from tests.exchange.test_misbehaving_bodies import UNFIT, WRONG, changed, paths
from tests.peer import an_alert, an_ended_alert

KIND = "alert.state"
WHOLE = an_alert()
FITS = {
    repr(fitting)
    for fitting in (
        (("professional", "given_name"), None),
        (("professional", "given_name"), WRONG[2]),
        (("professional", "birth_date"), None),
        (("professional", "birth_place"), None),
        (("professional", "birth_place"), WRONG[2]),
        (("professional", "family_name"), WRONG[2]),
        (("authority", "name"), WRONG[2]),
        (("scope",), WRONG[2]),
        (("period", "until"), None),
        (("appeal",), None),
        (("appeal", "body"), WRONG[2]),
    )
}
"""Wrong values that are right in these places."""
UNFITTING = {
    "nobody": {"professional": WHOLE["professional"] | {"family_name": " "}},
    "two lines": {"professional": WHOLE["professional"] | {"birth_place": "a\nb"}},
    "no scope": {"scope": None},
    "empty scope": {"scope": "\n"},
    "long scope": {"scope": "x" * 2_001},
    "no period": {"period": None},
    "backwards": {"period": {"from": "2026-11-02", "until": "2026-11-01"}},
    "no day": {"period": {"from": "2026-02-30", "until": None}},
    "no court": {
        "scope": None,
        "period": None,
        "authority": {"name": "Board", "is_court": False},
    },
    "nowhere": {"destinations": []},
    "everywhere": {"destinations": ["BE"] * 301},
    "no place": {"destinations": ["BE", ""]},
    "long place": {"destinations": ["B" * 17]},
    "blank profession": {"profession": "nurse  general"},
    "no profession": {"profession": ""},
    "long profession": {"profession": "x" * 81},
    "later": {"sent_at": "2026-11-02T09:05:01Z"},
    "no zone": {"sent_at": "2026-11-02T09:00:00"},
    "prepared": {"state": "prepared"},
    "hidden": {"scope": "All\u202e nursing"},
}


@pytest.fixture
def mallory(house):
    return house.meet()


def tell(house, sender, alert, body, *, to="centre", seq=1):
    claims = sender.claims(house.issuer(to), alert, body, type=KIND, seq=seq)
    return house.post(sender.signed(claims))


def kept(house, alert):
    """Return the alerts of an id, by who has sent them."""
    with house.runtime.database.reading() as session:
        rows = session.scalars(select(AlertElsewhere))
        return {row.authority_id: row for row in rows if row.id == UUID(str(alert))}


def listed(house, query="", office=None):
    answer = (office or house.centre).get(f"/alerts?view=received{query}")
    assert answer.status_code == 200, answer.json
    return answer.json


def test_an_honest_alert_is_kept_as_it_is_told_and_ended(house, mallory):
    alert = uuid4()
    receipt(tell(house, mallory, alert, an_alert()))
    (read,) = [each for each in listed(house)["items"] if each["id"] == str(alert)]
    told = {name: WHOLE[name] for name in WHOLE if name in read}
    assert read == told | {"id": str(alert), "from": mallory.called}
    receipt(tell(house, mallory, alert, an_alert(appeal=None), seq=2))
    (row,) = kept(house, alert).values()
    assert row.appeal is None
    receipt(tell(house, mallory, alert, an_ended_alert(), seq=3))
    assert kept(house, alert) == {}


def test_clocks_may_differ_by_some_minutes(house, mallory):
    soon = an_alert(sent_at="2026-11-02T09:05:00Z")
    receipt(tell(house, mallory, uuid4(), soon))


def test_an_alert_about_forged_papers_is_taken(house, mallory):
    alert = uuid4()
    body = an_alert(scope=None, period=None)
    receipt(tell(house, mallory, alert, body))
    (row,) = kept(house, alert).values()
    assert (row.scope, row.applies_from, row.applies_until) == (None, None, None)


@pytest.mark.parametrize("path", paths(WHOLE), ids=lambda p: "/".join(map(str, p)))
def test_an_alert_with_a_wrong_member_is_refused(house, mallory, path):
    for value in (paths, *WRONG):
        if path[0] == "destinations" and path != ("destinations",) and value is paths:
            continue  # The other one is left.
        alert, before = uuid4(), house.kept()
        answer = tell(house, mallory, alert, changed(WHOLE, path, value))
        if value is not paths and repr((path, value)) in FITS:
            receipt(answer)
            receipt(tell(house, mallory, alert, an_ended_alert(), seq=2))
        else:
            assert refusal(answer) == (UNFIT, False), value
            assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("at", ["", "professional", "authority", "period", "appeal"])
def test_an_alert_has_no_further_member(house, mallory, at):
    path = tuple(filter(None, [at, "ground"]))
    before = house.kept()
    answer = tell(house, mallory, uuid4(), changed(WHOLE, path, "prohibition"))
    assert refusal(answer) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("name", UNFITTING)
def test_an_alert_that_cannot_be_is_refused(house, mallory, name):
    before = house.kept()
    answer = tell(house, mallory, uuid4(), an_alert(**UNFITTING[name]))
    assert refusal(answer) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("name", sorted(set(WHOLE) - {"state"}))
def test_an_end_says_nothing_else(house, mallory, name):
    alert = uuid4()
    receipt(tell(house, mallory, alert, an_alert()))
    before = house.kept()
    body = an_ended_alert(**{name: WHOLE[name]})
    assert refusal(tell(house, mallory, alert, body, seq=2)) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    lacking = an_ended_alert()
    del lacking[name]
    assert refusal(tell(house, mallory, alert, lacking, seq=3)) == (UNFIT, False)
    assert set(kept(house, alert)) == {mallory.called}


def test_nobody_touches_the_alert_of_another_authority(house, mallory):
    """Its id is known to all who were told of it."""
    alert = uuid4()
    receipt(tell(house, mallory, alert, an_alert()))
    neighbour = mallory.peer.authority("neighbour")
    mallory.peer.tell(house.runtime)
    for other in (house.meet(), neighbour):
        receipt(tell(house, other, alert, an_alert(scope="Nothing at all")))
        receipt(tell(house, other, alert, an_ended_alert(), seq=2))
        left = kept(house, alert)
        assert {name: row.scope for name, row in left.items()} == {
            mallory.called: WHOLE["scope"]
        }


def test_an_alert_of_ours_is_not_touched_from_elsewhere(house, mallory):
    own = house.centre.post(
        "/alerts",
        {
            "ground": "prohibition",
            "professional": {"family_name": "Moreau"},
            "profession": "nurse_general",
            "authority": {"name": "Court", "is_court": True},
            "scope": "All",
            "period": {"from": "2026-11-01"},
            "decided_on": "2026-11-01",
            "remedy": {"body": "Council"},
        },
    ).json
    receipt(tell(house, mallory, own["id"], an_ended_alert()))
    assert house.centre.get(f"/alerts/{own['id']}").json == own


def test_after_the_end_nothing_brings_an_alert_back(house, mallory):
    """Messages to others of ours come in their own order."""
    alert = uuid4()
    receipt(tell(house, mallory, alert, an_alert()))
    receipt(tell(house, mallory, alert, an_ended_alert(), seq=2))
    receipt(tell(house, mallory, alert, an_ended_alert(), seq=3))
    before = house.kept()
    again = tell(house, mallory, alert, an_alert(), seq=4)
    assert refusal(again) == ("alert_over", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    house.second_centre()
    other = tell(house, mallory, alert, an_alert(), to="second-centre")
    assert refusal(other) == ("alert_over", False)
    receipt(tell(house, mallory, alert, an_ended_alert(), to="second-centre", seq=2))


def test_an_end_that_comes_first_is_an_end(house, mallory):
    alert = uuid4()
    receipt(tell(house, mallory, alert, an_ended_alert()))
    answer = tell(house, mallory, alert, an_alert(), seq=2)
    assert refusal(answer) == ("alert_over", False)


def test_two_of_ours_who_are_told_have_one_alert(house, mallory):
    alert, second = uuid4(), house.second_centre()
    receipt(tell(house, mallory, alert, an_alert()))
    receipt(tell(house, mallory, alert, an_alert(), to="second-centre"))
    for office in (house.centre, second):
        found = [each["id"] for each in listed(house, office=office)["items"]]
        assert found.count(str(alert)) == 1
    receipt(tell(house, mallory, alert, an_ended_alert(), to="second-centre", seq=2))
    assert kept(house, alert) == {}


def test_only_competent_authorities_are_warned_but_all_are_told_the_end(house, mallory):
    alert, before = uuid4(), house.kept()
    answer = tell(house, mallory, alert, an_alert(), to="school")
    assert refusal(answer) == ("alert_not_for_recipient", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    receipt(tell(house, mallory, alert, an_ended_alert(), to="school", seq=2))


def test_a_live_authority_warns_no_test_authority(house):
    live = house.meet().peer.authority("live", mode=Mode.LIVE)
    live.peer.tell(house.runtime)
    alert = uuid4()
    assert refusal(tell(house, live, alert, an_alert())) == ("other_mode", False)
    assert kept(house, alert) == {}


def test_what_ran_out_where_the_sender_is_is_not_kept(house, mallory):
    past = {"from": "2026-10-01", "until": "2026-11-01"}
    alert = uuid4()
    receipt(tell(house, mallory, alert, an_alert()))
    receipt(tell(house, mallory, alert, an_alert(period=past), seq=2))
    assert kept(house, alert) == {}
    today = {"from": "2026-10-01", "until": "2026-11-02"}
    receipt(tell(house, mallory, alert, an_alert(period=today), seq=3))
    assert set(kept(house, alert)) == {mallory.called}


def test_alerts_of_one_id_share_a_page(house):
    """Who draws an id on purpose keeps nobody's alert off the pages."""
    alert = UUID(int=2)
    senders = [house.meet() for _ in range(3)]
    for sender in senders:
        receipt(tell(house, sender, alert, an_alert()))
        receipt(tell(house, sender, UUID(int=3), an_alert()))
    receipt(tell(house, senders[0], UUID(int=1), an_alert()))
    names, cursor = [], ""
    while cursor is not None:
        page = listed(house, f"&limit=2{cursor}")
        names += [(each["id"], each["from"]) for each in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
    assert len(names) == len(set(names))
    for number, who in ((1, senders[:1]), (2, senders), (3, senders)):
        found = {name for id_, name in names if id_ == str(UUID(int=number))}
        assert found == {each.called for each in who}
