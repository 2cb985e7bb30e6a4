"""Two real installations talk while their processes are killed and their wires cut."""

import pytest
from sqlalchemy import select

from recognition_service.exchange.models import OutgoingMessage, ReceivedMessage
from tests.conftest import drop_postgres_database, make_postgres_database
from tests.exchange.processes import Installation, some_faults, until
from tests.exchange.test_between_installations import a_case, ask, history, seen
from tests.journeys.bodies import PROVIDER
from tests.journeys.test_agreements import a_text, sign
from tests.journeys.test_mutual_requests import ALL_YES, PATH, answers, do

SEED = 20_261_130
pytestmark = pytest.mark.timeout(400)
"""It takes well below a minute; a machine that others use as well may need more."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory, postgres_server):
    """Flanders on SQLite and Riga on PostgreSQL, introduced by their operators."""
    there = tmp_path_factory.mktemp("flanders")
    here = tmp_path_factory.mktemp("riga")
    url = make_postgres_database(postgres_server)
    flanders = Installation(
        "flanders",
        there,
        f"sqlite:///{there / 'recognition.sqlite3'}",
        {"be-fl-demo"},
    )
    riga = Installation("riga", here, url, {"ma-demo"})
    try:
        riga.found("lv-university", "LV", PROVIDER)
        meet(flanders, riga)
        flanders.start()
        riga.start()
        yield flanders, riga
    finally:
        flanders.close()
        riga.close()
        drop_postgres_database(postgres_server, url)


def meet(flanders, riga):
    """Let both operators hand over their keys and lists."""
    for side in (flanders, riga):
        side.command("trust", "export", side.directory / "out")
    for side, other in ((flanders, riga), (riga, flanders)):
        anchor = other.directory / "out" / "trust-anchor.json"
        listed = other.directory / "out" / "trust-list.jwt"
        side.command(
            *("peers", "add", other.name, "--url", other.url),
            *("--anchor", anchor, "--list", listed),
        )


def reaches(office, request_id, status):
    """Wait until an office sees a request where it should be."""

    def is_there():
        answer = office.get(f"{PATH}/{request_id}")
        return answer.status_code == 200 and answer.json["status"] == status

    until(is_there, f"{request_id} is {status}")


def agreed(office, agreement, **members):
    def is_so():
        answer = office.get(f"/agreements/{agreement}")
        return answer.status_code == 200 and all(
            answer.json[name] == value for name, value in members.items()
        )

    until(is_so, f"the agreement has {members}")


def revise(office, agreement, titles):
    of = f"/agreements/{agreement}"
    answer = office.change(f"{of}/revision", a_text(titles), of=of)
    assert answer.status_code == 200, answer.json


def test_nothing_is_lost_and_nothing_is_twice(pair):
    """The whole run, so that what one part leaves behind disturbs the next."""
    flanders, riga = pair
    for number, side in enumerate(pair):
        side.proxy.faults = some_faults(SEED + number, 4)
    conversations = [
        verification(flanders, riga),
        information(flanders, riga),
        agreement_of_three_revisions(flanders, riga),
        withdrawal(flanders, riga),
    ]
    centre = flanders.office("be-fl-demo")
    for request_id in conversations:
        for name in ("lv-university", "ma-demo"):
            answer = riga.office(name).get(f"{PATH}/{request_id}")
            if answer.status_code == 404:
                continue
            mine, theirs = seen(centre, request_id), answer.json
            assert mine["status"] == theirs["status"]
            assert history(mine) == history(theirs)
            break
        else:
            pytest.fail(f"nobody in Riga knows {request_id}")
    met = {fault for side in pair for fault in side.proxy.met}
    assert "request" in met or "answer" in met
    is_counted_once(flanders, riga)


def verification(flanders, riga):
    """A school confirms an award; who asks dies after asking, who answers after."""
    centre, school = flanders.office("be-fl-demo"), riga.office("lv-university")
    request_id = ask(centre, a_case(centre))
    flanders.restart()
    reaches(school, request_id, "sent")
    assert do(school, request_id, "acceptance").status_code == 200
    riga.restart()
    reaches(school, request_id, "accepted")
    assert do(school, request_id, "answer", answers(ALL_YES)).status_code == 200
    reaches(centre, request_id, "answered")
    assert do(centre, request_id, "closure").status_code == 200
    reaches(school, request_id, "closed")
    return request_id


def information(flanders, riga):
    """A question holds the clock of a case until it is answered."""
    centre, school = flanders.office("be-fl-demo"), riga.office("lv-university")
    case = a_case(centre)
    request_id = ask(
        centre,
        case,
        kind="case_information",
        questions=["good_standing"],
        holds_clock="until_answer",
    )
    (hold,) = seen(centre, request_id)["holds"]
    assert hold["ended_on"] is None
    reaches(school, request_id, "sent")
    assert do(school, request_id, "acceptance").status_code == 200
    reaches(school, request_id, "accepted")
    given = answers({"good_standing": "yes"})
    assert do(school, request_id, "answer", given).status_code == 200
    flanders.restart()
    reaches(centre, request_id, "answered")
    (hold,) = seen(centre, request_id)["holds"]
    assert hold["ended_on"] is not None
    reaches(school, request_id, "answered")
    return request_id


def agreement_of_three_revisions(flanders, riga):
    """A text goes to and fro and is signed by both."""
    centre, office = flanders.office("be-fl-demo"), riga.office("ma-demo")
    to = {"authority": "ma-demo", "installation": "riga"}
    body = {"kind": "agreement_proposal", "to": to, "agreement": a_text()}
    made = centre.post(PATH, body)
    assert made.status_code == 201, made.json
    agreement = made.json["id"]
    agreed(office, agreement, revision=1)
    revise(office, agreement, 5)
    riga.restart()
    agreed(centre, agreement, revision=2)
    agreed(office, agreement, revision=2)
    revise(centre, agreement, 4)
    agreed(office, agreement, revision=3)
    assert sign(centre, agreement).status_code == 200

    def is_signed_there():
        parties = office.get(f"/agreements/{agreement}").json["parties"]
        return any(party["signature"] for party in parties)

    until(is_signed_there, "the first signature has arrived")
    assert sign(office, agreement).status_code == 200
    agreed(centre, agreement, state="signed")
    agreed(office, agreement, state="signed")
    return agreement


def withdrawal(flanders, riga):
    """Who asked takes a request back."""
    centre, school = flanders.office("be-fl-demo"), riga.office("lv-university")
    request_id = ask(centre)
    assert do(centre, request_id, "withdrawal").status_code == 200
    reaches(school, request_id, "withdrawn")
    return request_id


def is_counted_once(flanders, riga):
    """Tell that each message that was sent is stored once on the other side."""

    def all_receipted():
        return all(
            office.get(f"{PATH}?box={box}&limit=100").status_code == 200
            for office, box in (
                (flanders.office("be-fl-demo"), "out"),
                (riga.office("lv-university"), "in"),
            )
        )

    until(all_receipted, "both serve")
    until(lambda: not waiting(flanders) + waiting(riga), "all messages have receipts")
    for sender, recipient in ((flanders, riga), (riga, flanders)):
        sent, received = outgoing(sender), incoming(recipient)
        assert sent
        assert {state for _, _, _, state in sent} == {"received"}
        assert sorted(message[:3] for message in sent) == sorted(received)
        assert len(set(received)) == len(received)


def outgoing(side):
    runtime = side.runtime()
    with runtime.database.reading() as session:
        found = [
            (str(row.conversation), row.sequence, row.jti, row.state)
            for row in session.scalars(select(OutgoingMessage))
        ]
    runtime.close()
    return found


def waiting(side):
    return [message for message in outgoing(side) if message[3] == "waiting"]


def incoming(side):
    runtime = side.runtime()
    with runtime.database.reading() as session:
        found = [
            (str(row.conversation), row.sequence, row.jti)
            for row in session.scalars(select(ReceivedMessage))
        ]
    runtime.close()
    return found
