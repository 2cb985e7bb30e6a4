"""Each body decides for itself; what becomes of A touches B only by a dependency."""

from datetime import date
from uuid import UUID

import pytest

from recognition_service.attestations.bases import BASE_REVOKED
from recognition_service.dual_certification.errors import (
    AwardInvalidError,
    AwardTransitionError,
    BaseNotAwardedError,
    NotAwardingBodyError,
    NotKeeperError,
    RequirementsOpenError,
    ResultSettledError,
    TargetNotFoundError,
    TrackNotFoundError,
    UnitNotFoundError,
)
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    How,
    is_dual_certification,
)
from recognition_service.dual_certification.read import as_document
from recognition_service.equivalence.standards import ResultKind
from tests.builders import (
    a_request,
    an_applicant,
    an_attestation,
    an_unknown_diploma,
    bruno,
    chen,
)
from tests.dual_certification.tracks import (
    AMINA,
    FLANDERS,
    MOROCCO,
    THIRD,
    a_corridor,
    a_target,
    a_unit,
    achieve,
    audited,
    decide,
    file_of,
    opened,
    revoke,
    standing,
)

COUNTS = [{"target": key, "rule": f"std-{key}"} for key in "ABC"]


@pytest.fixture
def corridor(installation):
    return a_corridor(installation)


@pytest.fixture
def achieved(corridor):
    """A track on which everything is achieved."""
    track = opened(corridor)
    achieve(corridor, track, "u1", "u2")
    return track


def refuse(runtime, track, target):
    reason = "The final project failed."
    decide(runtime, track, target, status=AwardStatus.REFUSED, reason=reason)


def test_each_award_has_its_own_date_and_both_are_dual_certification(
    corridor, achieved
):
    decide(corridor, achieved, "A")
    assert not is_dual_certification(file_of(corridor, achieved).standings())
    decide(
        corridor,
        achieved,
        "B",
        status=AwardStatus.AWARDED,
        how=How.EARNED,
        awarded_on=date(2026, 11, 1),
    )

    file = file_of(corridor, achieved)
    assert [(a.awarded_on, a.how) for a in file.awards] == [
        (date(2026, 10, 30), "earned"),
        (date(2026, 11, 1), "earned"),
    ]
    assert is_dual_certification(file.standings())
    assert file.track.status == "completed"


def test_a_decision_stands_in_the_audit_of_its_body_and_of_the_keeper(
    corridor, achieved
):
    officer = bruno(corridor, FLANDERS)
    version = file_of(corridor, achieved).track.version
    decide(corridor, achieved, "B", officer, **earned())

    told = {"target": "B", "how": "earned", "by": FLANDERS}
    assert audited(corridor, FLANDERS)[-1] == ("award_awarded", officer.actor, told)
    assert audited(corridor, MOROCCO)[-1] == ("award_awarded", "service", told)
    assert file_of(corridor, achieved).track.version == version + 1


def earned(**more):
    known = {
        "status": AwardStatus.AWARDED,
        "how": How.EARNED,
        "awarded_on": date(2026, 10, 30),
    }
    return known | more


def test_an_award_is_earned_only_when_nothing_is_missing(corridor):
    track = opened(corridor)
    achieve(corridor, track, "u1")

    with pytest.raises(RequirementsOpenError) as refused:
        decide(corridor, track, "A")

    assert refused.value.missing == [{"requirement": "credits", "needed": "30"}]
    assert standing(corridor, track) == {"A": "open", "B": "open"}


def test_what_was_achieved_after_the_award_does_not_count_for_it(corridor, achieved):
    with pytest.raises(RequirementsOpenError):
        decide(corridor, achieved, "A", **earned(awarded_on=date(2026, 9, 30)))
    decide(corridor, achieved, "A", **earned(awarded_on=date(2026, 10, 1)))


def test_prior_learning_beyond_its_limit_does_not_earn_an_award(corridor):
    asked = {"credits": 60, "most_prior_learning_credits": "20"}
    track = opened(corridor, targets=[a_target("A", requirements=asked), a_target("B")])
    achieve(corridor, track, "u1", kind=ResultKind.PRIOR_LEARNING)
    achieve(corridor, track, "u2")

    with pytest.raises(RequirementsOpenError) as refused:
        decide(corridor, track, "A")
    assert refused.value.missing == [{"requirement": "credits", "needed": "10"}]
    decide(corridor, track, "B")


def test_a_revoked_award_leaves_the_other_alone(corridor, achieved):
    decide(corridor, achieved, "A")
    decide(corridor, achieved, "B")

    revoke(corridor, achieved, "A")

    assert standing(corridor, achieved) == {"A": "revoked", "B": "awarded"}


def test_a_failed_award_leaves_the_other_alone(corridor, achieved):
    refuse(corridor, achieved, "A")
    decide(corridor, achieved, "B")

    assert standing(corridor, achieved) == {"A": "refused", "B": "awarded"}


@pytest.fixture
def chain(corridor):
    """B depends on A, and C on B; everything is achieved and awarded."""
    track = opened(
        corridor,
        targets=[
            a_target("A"),
            a_target("B", depends_on="A"),
            a_target("C", depends_on="B"),
        ],
        units=[a_unit(number, counts_for=COUNTS) for number in (1, 2)],
    )
    achieve(corridor, track, "u1", "u2")
    for target in "ABC":
        decide(corridor, track, target)
    return track


def test_a_revoked_award_takes_what_depends_on_it_along(corridor, chain):
    revoke(corridor, chain, "A")

    assert standing(corridor, chain) == dict.fromkeys("ABC", "revoked")
    second = file_of(corridor, chain).award("B")
    assert (second.reason, second.decided_by) == (BASE_REVOKED, "service")
    for authority, target, base in ((FLANDERS, "B", "A"), (THIRD, "C", "B")):
        action, actor, content = audited(corridor, authority)[-1]
        assert (action, actor) == ("award_revoked", "service")
        assert (content["target"], content["base"]) == (target, base)
        assert content["by"] == authority


def test_what_it_depends_on_stays_when_an_award_is_revoked(corridor, chain):
    revoke(corridor, chain, "C")

    assert standing(corridor, chain) == {
        "A": "awarded",
        "B": "awarded",
        "C": "revoked",
    }


@pytest.mark.parametrize("act", [None, refuse])
def test_what_depends_on_another_award_waits_for_it(corridor, act):
    track = opened(corridor, targets=[a_target("A"), a_target("B", depends_on="A")])
    achieve(corridor, track, "u1", "u2")
    if act is not None:
        act(corridor, track, "A")

    with pytest.raises(BaseNotAwardedError) as refused:
        decide(corridor, track, "B")

    assert refused.value.members()["depends_on"] == "A"
    decide(corridor, track, "A")
    decide(corridor, track, "B")


@pytest.fixture
def moroccan_attestation(corridor):
    """An attestation that Morocco issued, to somebody born when Amina was."""
    new = a_request(
        an_unknown_diploma(),
        jurisdiction="MA",
        applicant=an_applicant(birth_date=AMINA.birth_date),
    )
    return an_attestation(corridor, authority_id=MOROCCO, new=new)


def recognised(attestation, **more):
    return {
        "status": AwardStatus.AWARDED,
        "how": How.RECOGNISED,
        "awarded_on": date(2026, 11, 2),
        "rests_on": attestation,
    } | more


def test_a_recognised_award_is_no_dual_certification_and_falls_with_its_base(
    corridor, moroccan_attestation
):
    track = opened(
        corridor,
        units=[a_unit(n, counts_for=COUNTS[:1]) for n in (1, 2)]
        + [a_unit(n, counts_for=COUNTS[1:2]) for n in (3, 4)],
    )
    achieve(corridor, track, "u1", "u2")
    decide(corridor, track, "A")
    decide(corridor, track, "B", **recognised(moroccan_attestation))

    file = file_of(corridor, track)
    assert not is_dual_certification(file.standings())
    assert file.awards[1].rests_on == moroccan_attestation
    assert file.awards[1].rests_on_target == "A"

    revoke(corridor, track, "A")
    assert standing(corridor, track) == {"A": "revoked", "B": "revoked"}


def test_what_is_recognised_has_to_have_been_awarded(
    corridor, achieved, moroccan_attestation
):
    with pytest.raises(BaseNotAwardedError):
        decide(corridor, achieved, "B", **recognised(moroccan_attestation))


def test_an_award_rests_on_an_attestation_of_another_body_only(
    corridor, achieved, moroccan_attestation
):
    decide(corridor, achieved, "B")
    own, nobodys = moroccan_attestation, UUID(int=1)

    for attestation in (own, nobodys):
        with pytest.raises(AwardInvalidError) as refused:
            decide(corridor, achieved, "A", **recognised(attestation))
        (error,) = refused.value.errors
        assert (error["pointer"], error["code"]) == (
            "/rests_on",
            "base_not_attested",
        )


@pytest.mark.parametrize(
    ("decision", "faults"),
    [
        (
            {"status": AwardStatus.AWARDED},
            [("/awarded_on", "required"), ("/how", "required")],
        ),
        (recognised(None), [("/rests_on", "required")]),
        (
            recognised(UUID(int=1), how=How.EARNED),
            [("/rests_on", "not_expected")],
        ),
        ({"status": AwardStatus.REFUSED}, [("/reason", "required")]),
        (
            earned(status=AwardStatus.REFUSED, reason="Failed."),
            [("/awarded_on", "not_expected"), ("/how", "not_expected")],
        ),
    ],
)
def test_a_decision_says_what_belongs_to_it_and_nothing_else(
    corridor, achieved, decision, faults
):
    with pytest.raises(AwardInvalidError) as refused:
        decide(corridor, achieved, "A", **decision)

    assert [(e["pointer"], e["code"]) for e in refused.value.errors] == faults


def test_a_body_decides_about_its_own_award_only(corridor, achieved):
    for caller in (bruno(corridor, MOROCCO), chen(corridor, MOROCCO)):
        with pytest.raises(NotAwardingBodyError):
            decide(corridor, achieved, "B", caller, **earned())
    with pytest.raises(TrackNotFoundError):
        decide(corridor, achieved, "B", bruno(corridor, THIRD), **earned())
    with pytest.raises(TargetNotFoundError):
        decide(corridor, achieved, "Z", bruno(corridor, MOROCCO), **earned())


def test_who_was_refused_may_try_again_but_what_was_revoked_is_over(corridor, achieved):
    refuse(corridor, achieved, "A")
    decide(corridor, achieved, "A")
    with pytest.raises(AwardTransitionError):
        decide(corridor, achieved, "A")
    revoke(corridor, achieved, "A")
    with pytest.raises(AwardTransitionError) as refused:
        decide(corridor, achieved, "A")
    assert refused.value.allowed == ()


def test_only_the_deciding_body_reads_its_reason(corridor, achieved):
    refuse(corridor, achieved, "B")

    def reasons(viewer):
        with corridor.database.reading() as session:
            file = file_of(corridor, achieved, viewer)
            document = as_document(
                session, file, viewer=viewer, public_url="https://recognition.example"
            )
        return [award["reason"] for award in document["awards"]]

    assert reasons(FLANDERS) == [None, "The final project failed."]
    assert reasons(MOROCCO) == [None, None]
    assert "failed" not in str(audited(corridor, FLANDERS))


def test_only_the_keeper_records_results(corridor, achieved):
    with pytest.raises(NotKeeperError):
        achieve(corridor, achieved, "u1", caller=bruno(corridor, FLANDERS))
    with pytest.raises(UnitNotFoundError):
        achieve(corridor, achieved, "u9")


def test_a_result_is_corrected_until_an_award_was_earned_with_it(corridor, achieved):
    achieve(corridor, achieved, "u1", kind=ResultKind.PRIOR_LEARNING)
    assert file_of(corridor, achieved).results["u1"].kind == "prior_learning"

    decide(corridor, achieved, "A")
    with pytest.raises(ResultSettledError):
        achieve(corridor, achieved, "u1")

    revoke(corridor, achieved, "A")
    achieve(corridor, achieved, "u1")
    assert file_of(corridor, achieved).results["u1"].kind == "assessed"
