"""What two installations do with one another, step by step.

Each step is a function of the `Play`; it does something in an office, and what follows
crosses the wire afterwards. To add a step, add it to `SCRIPT` with the number of
messages that it causes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.exchange.house import PATH, seen
from tests.exchange.scene import JOINT, TODAY, UNITS
from tests.exchange.scene import act as joint_act
from tests.exchange.test_between_installations import a_case, ask
from tests.journeys.office import CONFIRMED, RECOGNISED, Office
from tests.journeys.paths import LIST as TRACKS
from tests.journeys.paths import a_target, achieve, award, opened, put
from tests.journeys.test_agreed_list import FULL, REFUSED, change, decided, signed
from tests.journeys.test_agreements import a_text, ordered
from tests.journeys.test_agreements import do as with_agreement
from tests.journeys.test_agreements import sign as sign_agreement
from tests.journeys.test_mutual_requests import ALL_YES, answers, do

BY_RULE, SCANNED, UNLISTED = range(1, 19), range(19, 23), range(23, 25)
REFUSED_ROW = UNLISTED[-1]
ROWS = len(BY_RULE) + len(SCANNED) + len(UNLISTED)
ATTESTED = ROWS - 1


@dataclass
class Play:
    """Who plays, and what was begun.

    Attributes:
        centre: In Flanders.
        school: In Riga.
        board: In Riga too; it makes agreements.
        ids: Of what was begun, by name.
    """

    centre: Office
    school: Office
    board: Office
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        act: May be done again when it was broken off, if it causes no message.
        messages: How many messages follow from it, one after the other.
    """

    act: Callable[[Play], None]
    messages: int = 1

    @property
    def name(self):
        return self.act.__name__


def done(answer, status=200):
    assert answer.status_code == status, answer.json


def ask_for_a_verification(play):
    """A rule of the treaty is to decide as soon as the school has confirmed."""
    ordered(play.centre, "benelux-baltic-2024")
    play.ids["case"] = a_case(play.centre)
    play.ids["verification"] = ask(play.centre, play.ids["case"])


def accept_the_verification(play):
    done(do(play.school, play.ids["verification"], "acceptance"))


def confirm_the_award(play):
    done(do(play.school, play.ids["verification"], "answer", answers(ALL_YES)))


def close_the_verification(play):
    done(do(play.centre, play.ids["verification"], "closure"))


def ask_what_holds_the_clock(play):
    play.ids["held case"] = a_case(play.centre)
    asked = ask(
        play.centre,
        play.ids["held case"],
        kind="case_information",
        questions=["good_standing"],
        holds_clock="until_answer",
    )
    play.ids["question"] = asked
    (hold,) = seen(play.centre, asked)["holds"]
    assert hold["ended_on"] is None


def accept_the_question(play):
    done(do(play.school, play.ids["question"], "acceptance"))


def answer_the_question(play):
    (hold,) = seen(play.centre, play.ids["question"])["holds"]
    assert hold["ended_on"] is None
    given = answers({"good_standing": "yes"})
    done(do(play.school, play.ids["question"], "answer", given))


def ask_and_think_better_of_it(play):
    (hold,) = seen(play.centre, play.ids["question"])["holds"]
    assert hold["ended_on"] is not None
    play.ids["withdrawn"] = ask(play.centre)
    done(do(play.centre, play.ids["withdrawn"], "withdrawal"))


def propose_an_agreement(play):
    to = {"authority": "ma-demo", "installation": "riga"}
    body = {"kind": "agreement_proposal", "to": to, "agreement": a_text(20)}
    made = play.centre.post(PATH, body)
    done(made, 201)
    play.ids["agreement"] = made.json["id"]


def _revise(office, agreement, titles):
    revised = with_agreement(office, agreement, "revision", a_text(titles))
    done(revised)


def revise_it_over_there(play):
    _revise(play.board, play.ids["agreement"], 30)


def revise_it_once_more(play):
    _revise(play.centre, play.ids["agreement"], len(BY_RULE) + len(SCANNED))


def sign_it_here(play):
    found = play.board.get(f"/agreements/{play.ids['agreement']}").json
    assert (found["revision"], found["state"]) == (3, "negotiated")
    done(sign_agreement(play.centre, play.ids["agreement"]))


def sign_it_there(play):
    done(sign_agreement(play.board, play.ids["agreement"]))


def an_award(agreement, number):
    """One award: listed and confirmed, listed and not confirmed, or not listed."""
    named = {"qualification": f"agr-{agreement}:title:{number}"}
    if number in UNLISTED:
        named = {"title": f"Attestation de stage {number}"}
    scanned = number in SCANNED
    return {
        "applicant": {"family_name": "El Amrani", "given_name": f"Yassine {number}"},
        "held_qualification": {
            "origin": "MA",
            "awarded_on": "2019-07-12",
            "institution_status": RECOGNISED,
            "authenticity": {"grade": "scan"} if scanned else CONFIRMED,
            **named,
        },
    }


def send_a_list(play):
    agreement = play.ids["agreement"]
    ordered(play.centre, f"agr-{agreement}")
    body = {
        "kind": "recognition_list",
        "to": {"authority": "be-fl-demo", "installation": "flanders"},
        "recognition": {
            "decision_kind": "level_comparability",
            "purpose": "general_employment",
        },
        "items": [an_award(agreement, number) for number in range(1, ROWS + 1)],
    }
    made = play.board.post(PATH, body)
    done(made, 201)
    play.ids["list"] = made.json["id"]


def accept_the_list(play):
    done(do(play.centre, play.ids["list"], "acceptance"))


def decide_the_rest_of_the_list(play):
    """What the rule left open is decided in bulk, and signed by somebody else."""
    at = play.ids["list"]
    done(decided(play.centre, at, None))
    done(decided(play.centre, at, FULL, **{"except": [REFUSED_ROW]}))
    done(decided(play.centre, at, REFUSED))
    done(signed(play.centre, at))


def answer_the_list(play):
    done(change(play.centre, play.ids["list"], "answer", {"questions": []}))


def close_the_list(play):
    done(do(play.board, play.ids["list"], "closure"))


def open_a_joint_award(play):
    """The centre keeps the track; the board, which lives elsewhere, awards too."""
    targets = [a_target("A", authority="ma-demo@riga"), a_target("B")]
    reference = f"P-{play.ids['list']}"
    track = opened(play.centre, participant_ref=reference, targets=targets)
    track = achieve(play.centre, track, *UNITS)
    done(award(play.centre, track, "B", awarded_on=TODAY))
    done(put(play.centre, track, "joint/signature", {}, as_="signatory"))
    play.ids["track"] = track["id"]


def proposed(play):
    """Return the joint award of this play as the board has it, whole."""
    group = play.centre.get(f"{TRACKS}/{play.ids['track']}").json["joint"]["group"]
    return play.board.get(f"{JOINT}/{group}").json


def make_the_award_over_there(play):
    found = proposed(play)
    if found["award"]["status"] == "open":
        body = {"status": "awarded"}
        done(joint_act(play.board, found, "award", body))


def sign_the_award_over_there(play):
    done(joint_act(play.board, proposed(play), "signature", as_="signatory"))


def leave_the_joint_award(play):
    track = play.centre.get(f"{TRACKS}/{play.ids['track']}").json
    assert track["joint"]["state"] == proposed(play)["state"] == "complete"
    (own,) = (each for each in track["awards"] if each["target"] == "B")
    of = f"/attestations/{own['attestation']}"
    body = {"status": "revoked", "reason": "error"}
    done(play.centre.change(f"{of}/status", body, of=of, as_="signatory"))


SCRIPT = (
    Step(ask_for_a_verification),
    Step(accept_the_verification, messages=2),
    Step(confirm_the_award, messages=2),
    Step(close_the_verification),
    Step(ask_what_holds_the_clock),
    Step(accept_the_question, messages=2),
    Step(answer_the_question, messages=2),
    Step(ask_and_think_better_of_it, messages=2),
    Step(propose_an_agreement),
    Step(revise_it_over_there, messages=2),
    Step(revise_it_once_more),
    Step(sign_it_here),
    Step(sign_it_there, messages=2),
    Step(send_a_list),
    Step(accept_the_list, messages=2),
    Step(decide_the_rest_of_the_list, messages=0),
    Step(answer_the_list, messages=2),
    Step(close_the_list),
    Step(open_a_joint_award, messages=2),
    Step(make_the_award_over_there, messages=0),
    Step(sign_the_award_over_there, messages=3),
    Step(leave_the_joint_award),
)
