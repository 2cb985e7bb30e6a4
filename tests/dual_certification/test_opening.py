"""Enrolling: what is written for whom, and that a list is written whole or not."""

import pytest
from sqlalchemy import func, select

from recognition_service.authorities.models import Mode
from recognition_service.dual_certification.errors import (
    EnrolmentInvalidError,
    TrackNotFoundError,
)
from recognition_service.dual_certification.models import (
    CurriculumRow,
    Track,
    TrackAward,
    TrackEvent,
    TrackParticipant,
    TrackParticipation,
)
from recognition_service.dual_certification.open_track import open_cohort
from recognition_service.dual_certification.track_file import list_tracks
from recognition_service.storage.base import Base
from recognition_service.storage.models import AuditEntry
from tests.builders import an_authority, bruno
from tests.dual_certification.tracks import (
    FLANDERS,
    MOROCCO,
    THIRD,
    a_corridor,
    a_new_track,
    a_target,
    a_unit,
    audited,
    file_of,
    opened,
)


@pytest.fixture
def corridor(installation):
    return a_corridor(installation)


def counted(runtime, *models):
    with runtime.database.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(model)) for model in models
        ]


def enrolled(runtime, *cohort):
    caller = bruno(runtime, MOROCCO)
    with runtime.database.transaction() as session:
        return open_cohort(
            session,
            caller,
            cohort,
            edition=runtime.edition(MOROCCO),
            now=runtime.now(),
        )


def refused(runtime, *cohort):
    """The rows, pointers and codes for which a list is refused."""
    with pytest.raises(EnrolmentInvalidError) as caught:
        enrolled(runtime, *cohort)
    return [(e["row"], e["pointer"], e["code"]) for e in caught.value.errors]


def fault(runtime, **more):
    """The only fault for which one participant is refused."""
    with pytest.raises(EnrolmentInvalidError) as caught:
        opened(runtime, **more)
    (found,) = caught.value.errors
    return found


def test_a_track_belongs_to_its_keeper_and_each_award_to_its_body(corridor):
    track = opened(corridor)

    file = file_of(corridor, track)
    assert (file.track.authority_id, file.track.status) == (MOROCCO, "running")
    assert [(a.authority_id, a.target, a.status) for a in file.awards] == [
        (MOROCCO, "A", "open"),
        (FLANDERS, "B", "open"),
    ]
    assert file_of(corridor, track, FLANDERS).track.id == track
    with pytest.raises(TrackNotFoundError):
        file_of(corridor, track, THIRD)


def test_a_third_body_may_keep_a_track_without_an_award(corridor):
    track = opened(corridor, bruno(corridor, THIRD))

    with corridor.database.reading() as session:
        for authority in (MOROCCO, FLANDERS, THIRD):
            ((listed, awards),) = list_tracks(
                session, authority, status=None, after=None, limit=5
            )
            assert (listed.id, listed.authority_id) == (track, THIRD)
            assert [award.target for award in awards] == ["A", "B"]


def test_every_authority_finds_the_track_in_its_audit(corridor):
    caller = bruno(corridor, MOROCCO)
    opened(corridor, caller)

    ((action, actor, content),) = audited(corridor, MOROCCO)
    assert (action, actor) == ("opened", caller.actor)
    assert content["programme"] == "prog-example-1"
    assert audited(corridor, FLANDERS) == [("joined", "service", {"keeper": MOROCCO})]
    assert audited(corridor, THIRD) == []


def test_tracks_on_one_curriculum_share_its_row(corridor):
    enrolled(
        corridor, *[a_new_track(participant_ref=f"P-{number}") for number in range(5)]
    )

    assert counted(corridor, Track, CurriculumRow, TrackAward, TrackEvent) == [
        5,
        1,
        10,
        5,
    ]
    assert counted(corridor, TrackParticipation) == [10]


def test_a_list_with_a_double_is_refused_whole_with_row_and_rule(corridor):
    cohort = [a_new_track(participant_ref=ref) for ref in ("P-1", "P-2", "P-1", "P-2")]

    assert refused(corridor, *cohort) == [
        (3, "/2/participant_ref", "duplicate_participant"),
        (4, "/3/participant_ref", "duplicate_participant"),
    ]
    assert counted(corridor, Track, CurriculumRow, AuditEntry)[:2] == [0, 0]


def test_a_list_that_names_somebody_enrolled_is_refused_whole(corridor):
    opened(corridor, participant_ref="P-2")

    assert refused(
        corridor, *[a_new_track(participant_ref=ref) for ref in ("P-1", "P-2")]
    ) == [(2, "/1/participant_ref", "participant_enrolled")]
    assert counted(corridor, Track, TrackAward, TrackEvent) == [1, 2, 1]


def test_every_row_of_a_list_is_told_what_is_wrong_with_it(corridor):
    bad = a_new_track(participant_ref="P-2", units=[a_unit(1), a_unit(1)])

    assert refused(corridor, a_new_track(), bad, bad) == [
        (2, "/1/units/1/id", "duplicate_unit"),
        (3, "/2/units/1/id", "duplicate_unit"),
        (3, "/2/participant_ref", "duplicate_participant"),
    ]


def test_a_participant_is_enrolled_once_in_a_programme_but_in_several(corridor):
    opened(corridor)
    opened(corridor, programme="prog-example-2")
    opened(corridor, programme=None)

    for programme in ("prog-example-1", None):
        found = fault(corridor, programme=programme)
        assert (found["pointer"], found["code"]) == (
            "/participant_ref",
            "participant_enrolled",
        )
    assert counted(corridor, Track) == [3]


def test_the_same_participant_of_another_keeper_is_another(corridor):
    opened(corridor)
    opened(corridor, bruno(corridor, FLANDERS))

    assert counted(corridor, Track, CurriculumRow) == [2, 2]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        (
            {"targets": [a_target("A"), a_target("B", qualification="be-fl--none")]},
            "/targets/1/qualification",
            "unknown_code",
        ),
        (
            {"targets": [a_target("A", authority="ma-other"), a_target("B")]},
            "/targets/0/authority",
            "unknown_code",
        ),
        (
            {"units": [a_unit(1), a_unit(2, place="Mars")]},
            "/units/1/place",
            "unknown_code",
        ),
        ({"programme": "prog-real"}, "/programme", "unknown_code"),
        (
            {
                "destinations": [
                    {
                        "destination": "XX",
                        "qualification": None,
                        "requirements": {"credits": 1},
                    }
                ]
            },
            "/destinations/0/destination",
            "unknown_code",
        ),
    ],
)
def test_codes_that_nobody_knows_are_refused_with_what_looks_like_them(
    corridor, changes, pointer, code
):
    found = fault(corridor, **changes)

    assert (found["pointer"], found["code"]) == (pointer, code)
    assert isinstance(found["nearest"], list)


def test_places_of_requirements_are_known_places(corridor):
    asked = {"credits": 60, "places": [{"place": "MARS", "credits": "0"}]}

    found = fault(corridor, targets=[a_target("A"), a_target("B", requirements=asked)])

    assert found["pointer"] == "/targets/1/requirements/places/0/place"


def test_a_track_on_a_programme_of_the_tables_is_no_example(corridor):
    real = opened(corridor, programme="thamm-enabel")
    made_up = opened(corridor)

    assert file_of(corridor, real).track.is_example is False
    assert file_of(corridor, made_up).track.is_example is True


def test_live_and_test_authorities_never_share_a_track(corridor):
    an_authority(corridor, "live-demo", country="NL", jurisdiction="NL", mode=Mode.LIVE)

    found = fault(
        corridor, targets=[a_target("A"), a_target("B", authority="live-demo")]
    )

    assert (found["pointer"], found["code"]) == (
        "/targets/1/authority",
        "authority_of_other_mode",
    )


def test_only_the_participants_row_names_the_person(corridor):
    opened(corridor)

    with corridor.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = str(session.execute(select(table)).all())
            is_participant = table.name == TrackParticipant.__tablename__
            for secret in ("Haddad", "Amina", "2003, 5, 17", "2003-05-17"):
                assert (secret in rows) == (
                    is_participant and secret != "2003-05-17"
                ), table.name
