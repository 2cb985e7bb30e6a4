"""Who proposed an agreement tells how it stands; what does not fit changes nothing."""

import copy
from uuid import uuid4

import pytest

from recognition_service.credentials import canonical
from recognition_service.credentials.signer import KeyPurpose
from tests.conftest import swept
from tests.exchange.house import (
    KEPT_REFUSAL,
    PATH,
    House,
    difference,
    receipt,
    refusal,
    seen,
)
from tests.exchange.test_misbehaving_bodies import UNFIT, WRONG, changed, paths
from tests.peer import a_state, compact

STATE, LIST = "agreement.state", "/agreements"
AT = "2026-11-02T09:00:00Z"
IN_TEXT = ("content", "parties", "revision")
"""Members over which the digest is made."""


@pytest.fixture(scope="module")
def shared_house(request, tmp_path_factory):
    """As the other house, on SQLite alone."""
    database = swept(request.getfixturevalue("small_sqlite"))
    return House(tmp_path_factory.mktemp("house"), database)


@pytest.fixture
def mallory(house):
    return house.meet()


def a_title(**changes):
    return {
        "origin": "LV",
        "title": "Maiznieka diploms",
        "language": "lv",
        "title_en": "Diploma of a baker",
        "qualification": None,
        "framework": None,
        "level": None,
        "destination": "BE-FL",
        "outcome": "full",
        "profession": None,
        "conditions": "With a year of practice.",
        "counterpart": {
            "title": "Bakker",
            "language": "nl",
            "title_en": "Baker",
            "qualification": None,
        },
    } | changes


def a_text(*titles, **changes):
    return {
        "name": "Agreement on bakers",
        "binding": "list",
        "purpose": "general_employment",
        "criteria": {"en": "Two years of training."},
        "in_force_from": "2026-12-01",
        "awarded_from": "2015-01-01",
        "titles": list(titles) or [a_title()],
    } | changes


def a_party(issuer, jurisdiction):
    return {
        "authority": issuer,
        "name": f"{jurisdiction} (example)",
        "jurisdiction": jurisdiction,
    }


def an_agreement(proposer, other, **changes):
    """Return the body that tells how an agreement stands."""
    return {
        "cause": None,
        "state": "negotiated",
        "parties": [a_party(proposer, "LV"), a_party(other, "BE-FL")],
        "revision": 1,
        "revised_by": proposer,
        "revised_at": AT,
        "proposed_at": AT,
        "content": a_text(),
        "digest": None,
        "signatures": {},
        "in_force_from": None,
        "withdrawn_by": None,
        "ended_on": None,
    } | changes


def digested(body, conversation):
    """Return a body with the digest of its text, or of whatever stands there."""
    said = {name: body.get(name) for name in IN_TEXT}
    return body | {"digest": canonical.digest({"agreement": str(conversation), **said})}


def signed_by(mallory, body, **claims):
    """Return a body under which mallory has signed the text."""
    said = {
        "iss": mallory.issuer,
        "iat": 1793610000,
        "agreement": f"{mallory.peer.url}/agreements/x",
        "revision": body["revision"],
        "digest": body["digest"],
    } | claims
    key = mallory.keys[KeyPurpose.EXCHANGE]
    token = compact(
        {"alg": key.alg, "typ": "agreement-signature+jwt", "kid": key.kid}, said, key
    )
    signature = {"token": token, "signed_at": AT}
    return body | {"signatures": body["signatures"] | {mallory.issuer: signature}}


def a_full_agreement(mallory, house, conversation, **changes):
    """Return a state in which as many members as can be say something."""
    body = an_agreement(mallory.issuer, house.issuer("school"), **changes)
    return signed_by(mallory, digested(body, conversation))


class _Anybody:
    issuer = "https://peer.example/issuers/mallory"


ALL_PATHS = [
    *paths(an_agreement(_Anybody.issuer, "https://recognition.example/issuers/school")),
    ("signatures", _Anybody.issuer),
    ("signatures", _Anybody.issuer, "token"),
    ("signatures", _Anybody.issuer, "signed_at"),
]


def named(path):
    """Return how a place is called in the name of a test."""
    return "/".join("x" if name == _Anybody.issuer else str(name) for name in path)


def of(mallory, path):
    return tuple(mallory.issuer if name == _Anybody.issuer else name for name in path)


def tell(house, mallory, body, conversation, seq=1, *, to="school", kind=STATE):
    claims = mallory.claims(
        house.issuer(to), conversation, body, seq=seq, type=kind, jti=uuid4().hex
    )
    return house.post(mallory.signed(claims))


def is_refused(house, before, answer, *codes):
    assert refusal(answer) in [(code, False) for code in codes or (UNFIT,)]
    assert difference(before, house.kept()) == KEPT_REFUSAL


def kept(house, conversation, office="school"):
    answer = getattr(house, office).get(f"{LIST}/{conversation}")
    assert answer.status_code == 200, answer.json
    return answer.json


def test_a_state_is_taken(house, mallory):
    conversation = uuid4()
    body = a_full_agreement(mallory, house, conversation)
    receipt(tell(house, mallory, body, conversation))
    found = kept(house, conversation)
    assert (found["state"], found["revision"]) == ("negotiated", 1)
    assert found["digest"] == body["digest"]
    assert [each["signed_at"] for each in found["parties"]] == [AT, None]
    assert found["content"] == body["content"]


@pytest.mark.parametrize("path", ALL_PATHS, ids=named)
def test_a_state_with_a_wrong_member_breaks_nothing(house, mallory, path):
    place = of(mallory, path)
    for value in (paths, *WRONG):
        conversation = uuid4()
        body = changed(a_full_agreement(mallory, house, conversation), place, value)
        bodies = [body]
        if place[0] in IN_TEXT and value is not paths:
            bodies.append(digested(body, conversation))
        for sequence, each in enumerate(bodies, start=1):
            before = house.kept()
            answer = tell(house, mallory, each, conversation, sequence)
            if answer.status_code == 202:
                assert house.school.get(LIST).status_code == 200
                assert kept(house, conversation)["id"] == str(conversation)
            else:
                is_refused(house, before, answer, UNFIT, "agreement_signature")


def is_needed(path):
    """Tell whether a member must be there: no item, no language, no signature."""
    is_free = len(path) > 1 and (
        path[:-1] == ("signatures",) or "criteria" in path[:-1]
    )
    return not (is_free or isinstance(path[-1], int))


@pytest.mark.parametrize("path", list(filter(is_needed, ALL_PATHS)), ids=named)
def test_a_state_lacks_no_member(house, mallory, path):
    conversation = uuid4()
    body = a_full_agreement(mallory, house, conversation)
    body = changed(body, of(mallory, path), paths)
    if path[0] in IN_TEXT:
        body = digested(body, conversation)
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation))


@pytest.mark.parametrize(
    "at",
    [
        (),
        ("parties", 0),
        ("content",),
        ("content", "titles", 0),
        ("content", "titles", 0, "counterpart"),
        ("signatures", _Anybody.issuer),
    ],
    ids=named,
)
def test_a_state_has_no_further_member(house, mallory, at):
    conversation = uuid4()
    body = a_full_agreement(mallory, house, conversation)
    body = changed(body, (*of(mallory, at), "role"), "admin")
    before = house.kept()
    answer = tell(house, mallory, digested(body, conversation), conversation)
    is_refused(house, before, answer)


# The text: its digest, its parties, who laid it down.


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": "sha256-" + "A" * 43},
        {"content": a_text(name="Another name")},
        {"revision": 2},
    ],
    ids=["digest", "content", "revision"],
)
def test_a_digest_that_contradicts_its_text_is_refused(house, mallory, changes):
    conversation = uuid4()
    body = a_full_agreement(mallory, house, conversation) | changes
    before = house.kept()
    is_refused(
        house,
        before,
        tell(house, mallory, body, conversation),
        UNFIT,
        "agreement_signature",
    )


def test_a_digest_for_another_agreement_is_refused(house, mallory):
    body = a_full_agreement(mallory, house, uuid4())
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, uuid4()))


@pytest.mark.parametrize(
    "others",
    [
        lambda _mallory, house: [house.issuer("second")],
        lambda _mallory, house: [house.issuer("nobody")],
        lambda _mallory, _house: ["https://nowhere.example/issuers/school"],
        lambda mallory, _house: [mallory.issuer],
        lambda _mallory, _house: [],
        lambda _mallory, house: [house.issuer("school"), house.issuer("second")],
        lambda _mallory, house: [house.issuer("school"), house.issuer("school")],
        lambda _mallory, _house: ["x" * 10_000],
    ],
    ids=[
        "another",
        "unknown",
        "elsewhere",
        "itself",
        "nobody",
        "three",
        "twice",
        "too long",
    ],
)
def test_the_parties_are_who_proposed_and_who_is_told(house, mallory, others):
    conversation = uuid4()
    parties = [
        a_party(mallory.issuer, "LV"),
        *(a_party(each, "BE-FL") for each in others(mallory, house)),
    ]
    body = a_full_agreement(mallory, house, conversation, parties=parties)
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation))


def test_a_party_of_a_third_installation_is_refused(house, mallory):
    conversation, third = uuid4(), house.meet()
    parties = [a_party(mallory.issuer, "LV"), a_party(third.issuer, "BE-FL")]
    body = a_full_agreement(mallory, house, conversation, parties=parties)
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation))


def test_who_proposed_comes_first(house, mallory):
    conversation = uuid4()
    school = house.issuer("school")
    parties = [a_party(school, "BE-FL"), a_party(mallory.issuer, "LV")]
    body = a_full_agreement(mallory, house, conversation, parties=parties)
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation))


@pytest.mark.parametrize("jurisdiction", ["BE-FL", "FR", ""])
def test_a_title_is_of_the_parties(house, mallory, jurisdiction):
    for name in ("origin", "destination"):
        conversation = uuid4()
        text = a_text(
            a_title(**{"origin": "LV", "destination": "BE-FL"} | {name: jurisdiction})
        )
        if text["titles"][0]["origin"] == "LV" and jurisdiction == "BE-FL":
            continue
        body = a_full_agreement(mallory, house, conversation, content=text)
        before = house.kept()
        is_refused(house, before, tell(house, mallory, body, conversation))


@pytest.mark.parametrize("by", ["second", "nobody"])
def test_a_text_is_laid_down_by_a_party(house, mallory, by):
    conversation = uuid4()
    changes = {"revised_by": house.issuer(by)}
    body = a_full_agreement(mallory, house, conversation, **changes)
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation))


# Who proposed leads: nobody else tells how an agreement stands.


def test_only_who_proposed_tells_how_it_stands(house, mallory):
    conversation = uuid4()
    receipt(
        tell(
            house, mallory, a_full_agreement(mallory, house, conversation), conversation
        )
    )
    other = mallory.peer.authority("other")
    mallory.peer.tell(house.runtime)
    stranger = house.meet()
    for foreign in (other, stranger):
        for body in (
            a_full_agreement(mallory, house, conversation, state="abandoned"),
            a_full_agreement(foreign, house, conversation, state="abandoned"),
        ):
            before = house.kept()
            sequence = len(house.received(conversation))
            answer = tell(
                house,
                foreign,
                body,
                conversation,
                1
                + sum(
                    each.sender == foreign.called
                    for each in house.received(conversation)
                ),
            )
            assert sequence
            is_refused(house, before, answer)
    assert kept(house, conversation)["state"] == "negotiated"


def test_an_agreement_that_is_led_here_cannot_be_taken_over(house, mallory):
    agreement = proposed_here(house, mallory)
    body = an_agreement(mallory.issuer, house.issuer("centre"), state="abandoned")
    before = house.kept()
    answer = tell(house, mallory, digested(body, agreement), agreement, to="centre")
    is_refused(house, before, answer)
    assert kept(house, agreement, "centre")["state"] == "negotiated"


def test_a_second_body_here_is_not_drawn_into_an_agreement_of_the_first(house, mallory):
    """The row of who proposed is one for both: it cannot have two texts."""
    conversation = uuid4()
    receipt(
        tell(
            house, mallory, a_full_agreement(mallory, house, conversation), conversation
        )
    )
    body = an_agreement(mallory.issuer, house.issuer("second"))
    before = house.kept()
    answer = tell(
        house, mallory, digested(body, conversation), conversation, to="second"
    )
    is_refused(house, before, answer)
    assert kept(house, conversation)["digest"] != body["digest"]


def proposed_here(house, mallory):
    """Let the centre propose an agreement to mallory."""
    text = {
        "name": "Agreement on bakers",
        "binding": "list",
        "purpose": "general_employment",
        "titles": [
            {
                "origin": "LV",
                "title": "Maiznieka diploms",
                "destination": "BE-FL",
                "counterpart": {"title": "Bakker"},
            }
        ],
    }
    to = {"authority": "mallory", "installation": mallory.peer.name}
    answer = house.centre.post(
        PATH, {"kind": "agreement_proposal", "to": to, "agreement": text}
    )
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


# What was is not undone.


def test_a_revision_does_not_go_back(house, mallory):
    conversation = uuid4()
    first = a_full_agreement(mallory, house, conversation)
    second = a_full_agreement(
        mallory, house, conversation, revision=2, content=a_text(name="Second text")
    )
    receipt(tell(house, mallory, first, conversation, 1))
    receipt(tell(house, mallory, second, conversation, 2))
    for sequence, body in ((3, first), (4, first | {"state": "abandoned"})):
        before = house.kept()
        is_refused(house, before, tell(house, mallory, body, conversation, sequence))
    assert kept(house, conversation)["content"]["name"] == "Second text"


@pytest.mark.parametrize("revision", [0, -1, 1 << 31, True])
def test_a_revision_is_counted_from_one(house, mallory, revision):
    conversation = uuid4()
    body = a_full_agreement(mallory, house, conversation, revision=revision)
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation))


def test_a_revision_stays_the_text_that_it_was(house, mallory):
    conversation = uuid4()
    receipt(
        tell(
            house, mallory, a_full_agreement(mallory, house, conversation), conversation
        )
    )
    other = a_full_agreement(
        mallory, house, conversation, content=a_text(name="Another text")
    )
    before = house.kept()
    is_refused(house, before, tell(house, mallory, other, conversation, 2))


def test_the_parties_stay_who_they_were(house, mallory):
    conversation = uuid4()
    receipt(
        tell(
            house, mallory, a_full_agreement(mallory, house, conversation), conversation
        )
    )
    parties = [
        a_party(mallory.issuer, "LV") | {"jurisdiction": "FR"},
        a_party(house.issuer("school"), "BE-FL"),
    ]
    text = a_text(a_title(origin="FR"))
    body = a_full_agreement(
        mallory, house, conversation, revision=2, parties=parties, content=text
    )
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation, 2))


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "negotiated"},
        {"state": "signed", "in_force_from": "2026-12-01"},
        {"state": "withdrawn", "ended_on": "2026-12-02"},
    ],
    ids=lambda changes: changes["state"],
)
def test_what_is_over_does_not_begin_again(house, mallory, changes):
    conversation = uuid4()
    body = a_full_agreement(mallory, house, conversation)
    receipt(tell(house, mallory, body, conversation))
    receipt(tell(house, mallory, body | {"state": "abandoned"}, conversation, 2))
    if changes["state"] == "withdrawn":
        changes = changes | {"withdrawn_by": mallory.issuer}
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body | changes, conversation, 3))
    assert kept(house, conversation)["state"] == "abandoned"


@pytest.mark.parametrize("state", ["signed", "withdrawn", "abandoned"])
def test_an_agreement_begins_with_negotiating(house, mallory, state):
    conversation = uuid4()
    body = a_full_agreement(
        mallory,
        house,
        conversation,
        state=state,
        in_force_from=None if state == "abandoned" else "2026-12-01",
        withdrawn_by=mallory.issuer if state == "withdrawn" else None,
        ended_on="2026-12-02" if state == "withdrawn" else None,
    )
    school = house.issuer("school")
    signatures = body["signatures"]
    body["signatures"] = signatures | {school: signatures[mallory.issuer]}
    before = house.kept()
    is_refused(house, before, tell(house, mallory, body, conversation))


# Nobody is bound by what they did not sign.


class Signing:
    """An agreement that mallory proposed to the school, which has signed it."""

    def __init__(self, house, mallory):
        self.house, self.mallory, self.id = house, mallory, uuid4()
        self.sequence = self.event = 0
        self.tell_event("sent", mallory.issuer)
        self.body = a_full_agreement(mallory, house, self.id)
        receipt(self.tell(self.body))

    def next(self):
        self.sequence += 1
        return self.sequence

    def tell(self, body):
        return tell(self.house, self.mallory, body, self.id, self.next())

    def tell_event(self, event, by, *, cause=None, status=None, is_refused=False):
        self.event += 1
        told = a_state(
            self.mallory.issuer,
            self.house.issuer("school"),
            self.id,
            cause=cause,
            status=status or event,
            event={"event": event, "sequence": self.event, "by": by},
            request={"kind": "agreement_proposal", "question_set": None},
            content={"questions": []},
        )
        answer = tell(
            self.house,
            self.mallory,
            told,
            self.id,
            self.next(),
            kind="mutual_request.state",
        )
        if not is_refused:
            receipt(answer)
        return answer

    def sign(self):
        """Let the school sign; return the name of its act."""
        at = f"{LIST}/{self.id}"
        done = self.house.school.change(f"{at}/signature", {}, of=at, as_="signatory")
        assert done.status_code == 200, done.json
        return self.act()

    def act(self):
        """Return the last act of the school, as it went out."""
        return [each for each in self.house.outgoing(self.id) if "act" in each.body][-1]

    def concluded(self, act, **changes):
        """Return the state in which both have signed."""
        school = self.house.issuer("school")
        signature = {"token": act.body["given"]["token"], "signed_at": AT}
        return (
            self.body
            | {
                "cause": act.jti,
                "state": "signed",
                "signatures": self.body["signatures"] | {school: signature},
                "in_force_from": "2026-12-01",
            }
            | changes
        )


@pytest.fixture
def signing(house, mallory):
    return Signing(house, mallory)


def test_what_both_have_signed_is_published_and_ends_once(house, mallory, signing):
    act = signing.sign()
    school = house.issuer("school")
    signing.tell_event("answered", school, cause=act.jti)
    signing.tell_event("closed", school, cause=act.jti)
    receipt(signing.tell(signing.concluded(act)))
    assert kept(house, signing.id)["state"] == "signed"
    ended = signing.concluded(
        act,
        cause=None,
        state="withdrawn",
        withdrawn_by=mallory.issuer,
        ended_on="2027-01-01",
    )
    for changes in (
        {"withdrawn_by": None},
        {"withdrawn_by": house.issuer("second")},
        {"withdrawn_by": school},
        {"ended_on": None},
        {"in_force_from": "2027-01-01"},
        {"signatures": signing.body["signatures"]},
        {"state": "negotiated", "withdrawn_by": None, "ended_on": None},
        {"state": "signed", "withdrawn_by": None, "ended_on": None},
    ):
        before = house.kept()
        is_refused(house, before, signing.tell(ended | changes))
    receipt(signing.tell(ended))
    assert kept(house, signing.id)["state"] == "withdrawn"
    before = house.kept()
    is_refused(house, before, signing.tell(ended))


@pytest.mark.parametrize(
    "token",
    [
        lambda signing: signing.body["signatures"][signing.mallory.issuer]["token"],
        lambda _signing: "a.b.c",
        lambda _signing: "",
        lambda _signing: 7,
    ],
    ids=["mallorys", "none", "empty", "number"],
)
def test_nobody_here_is_said_to_have_signed(house, signing, token):
    school = house.issuer("school")
    made_up = {"token": token(signing), "signed_at": AT}
    body = signing.body | {
        "state": "signed",
        "signatures": signing.body["signatures"] | {school: made_up},
        "in_force_from": "2026-12-01",
    }
    before = house.kept()
    is_refused(house, before, signing.tell(body), UNFIT, "agreement_signature")
    assert kept(house, signing.id)["state"] == "negotiated"


def test_a_signature_under_an_earlier_text_is_none_under_a_later_one(
    house, mallory, signing
):
    act = signing.sign()
    later = a_full_agreement(
        mallory, house, signing.id, revision=2, content=a_text(name="Later text")
    )
    concluded = signing.concluded(act)
    body = later | {
        name: concluded[name] for name in ("cause", "state", "in_force_from")
    }
    school = house.issuer("school")
    body["signatures"] = later["signatures"] | {school: concluded["signatures"][school]}
    before = house.kept()
    is_refused(house, before, signing.tell(body), UNFIT, "agreement_signature")


def test_a_signature_of_the_other_side_is_verified(house, mallory, signing):
    act = signing.sign()
    for claims in ({"digest": "sha256-" + "A" * 43}, {"iss": "https://x.example"}):
        forged = signed_by(mallory, signing.concluded(act), **claims)
        before = house.kept()
        is_refused(house, before, signing.tell(forged), "agreement_signature")


@pytest.mark.parametrize(
    "changes",
    [
        {"in_force_from": None},
        {"in_force_from": "2026-11-30"},  # Before the day that the text says.
        {"ended_on": "2027-01-01"},
        {"signatures": {}},
    ],
    ids=["no first day", "too early", "ended", "unsigned"],
)
def test_a_signed_agreement_says_since_when(house, signing, changes):
    act = signing.sign()
    before = house.kept()
    is_refused(house, before, signing.tell(signing.concluded(act, **changes)))


def test_nobody_here_is_said_to_have_revised_or_left(house, mallory, signing):
    school = house.issuer("school")
    revised = a_full_agreement(
        mallory,
        house,
        signing.id,
        revision=2,
        revised_by=school,
        content=a_text(name="Other text"),
    )
    for cause in (None, "made-up"):
        before = house.kept()
        is_refused(house, before, signing.tell(revised | {"cause": cause}))
    act = signing.sign()
    before = house.kept()
    is_refused(house, before, signing.tell(revised | {"cause": act.jti}))


@pytest.mark.parametrize("state", ["abandoned", "negotiated"])
def test_an_act_leads_to_nothing_else_than_was_asked_for(house, signing, state):
    act = signing.sign()
    before = house.kept()
    body = signing.body | {"state": state, "cause": act.jti}
    is_refused(house, before, signing.tell(body))


def test_an_act_leads_to_an_agreement_once(house, signing):
    act = signing.sign()
    body = signing.concluded(act) | {"state": "negotiated", "in_force_from": None}
    receipt(signing.tell(body))
    before = house.kept()
    is_refused(house, before, signing.tell(body), "contradictory")
    receipt(signing.tell(signing.concluded(act, cause=None)))


def test_a_cause_that_nobody_has_sent_is_refused(house, signing):
    before = house.kept()
    is_refused(house, before, signing.tell(signing.body | {"cause": "made-up"}))


def test_states_are_not_mixed_up_by_who_reads_them(house, mallory):
    """What is told of one agreement changes no other one."""
    first, second = uuid4(), uuid4()
    for conversation in (first, second):
        body = a_full_agreement(mallory, house, conversation)
        receipt(tell(house, mallory, body, conversation))
    body = a_full_agreement(mallory, house, first) | {"state": "abandoned"}
    receipt(tell(house, mallory, copy.deepcopy(body), first, 2))
    assert kept(house, second)["state"] == "negotiated"


def test_an_officer_reads_the_proposal_beside_the_agreement(house, signing):
    assert seen(house.school, signing.id)["kind"] == "agreement_proposal"
    assert kept(house, signing.id)["state"] == "negotiated"
