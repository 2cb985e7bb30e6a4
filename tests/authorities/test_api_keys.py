"""An API key speaks for one principal, and only its digest is kept."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from recognition_service.authorities.access import (
    all_api_keys,
    authenticate,
    issue_api_key,
    let_go,
    revoke_api_key,
)
from recognition_service.authorities.errors import (
    APIKeyNotFoundError,
    AuthorityNotFoundError,
    PrincipalLeftError,
    PrincipalNotFoundError,
    RoleMissingError,
    UnknownAPIKeyError,
)
from recognition_service.authorities.models import APIKey, Mode, PrincipalKind, Role
from recognition_service.storage.models import AuditEntry
from tests.builders import a_caller, a_key, an_authority, bruno, chen


def who(runtime, key):
    with runtime.database.reading() as session:
        return authenticate(session, key, runtime.now())


def assert_unknown(runtime, key):
    with pytest.raises(UnknownAPIKeyError, match="This API key is not valid"):
        who(runtime, key)


def actions(runtime):
    with runtime.database.reading() as session:
        return session.scalars(
            select(AuditEntry.action).where(AuditEntry.authority_id == "be-fl")
        ).all()


def test_a_key_tells_who_is_calling_and_what_they_may_do(small):
    an_authority(small)
    caller = who(small, a_key(small, Role.OFFICER, Role.CLERK))
    assert (caller.authority_id, caller.name) == ("be-fl", "Bruno")
    assert (caller.kind, caller.mode) == (PrincipalKind.PERSON, Mode.TEST)
    assert caller.roles == {Role.OFFICER, Role.CLERK}
    assert caller.actor == f"person:{caller.principal_id}"


def test_only_the_digest_of_a_key_is_kept(small):
    an_authority(small)
    key = a_key(small, Role.OFFICER)
    with small.database.reading() as session:
        (row,) = session.scalars(select(APIKey))
        stored = str(session.execute(text("SELECT * FROM api_key")).all())
    assert key.startswith("rk_test_")
    assert len(key) >= 50
    assert row.digest == hashlib.sha256(key.encode()).hexdigest()
    assert row.prefix == key[:16]
    assert key[16:] not in stored


def test_the_prefix_says_whether_the_authority_is_a_test(small):
    an_authority(small, "be-test")
    an_authority(small, "be-live", mode=Mode.LIVE)
    test = a_key(small, Role.OFFICER, authority_id="be-test")
    live = a_key(small, Role.OFFICER, authority_id="be-live")
    assert test.startswith("rk_test_")
    assert live.startswith("rk_live_")
    assert who(small, live).mode is Mode.LIVE
    assert_unknown(small, test.replace("rk_test_", "rk_live_"))
    assert_unknown(small, live.replace("rk_live_", "rk_test_"))


def test_bruno_may_and_chen_may_not(small):
    an_authority(small)
    bruno(small).require(Role.OFFICER, Role.CLERK)
    with pytest.raises(RoleMissingError, match="the role officer or clerk"):
        chen(small).require(Role.OFFICER, Role.CLERK)


def test_a_principal_without_roles_may_nothing(small):
    an_authority(small)
    caller = who(small, a_key(small))
    assert caller.roles == frozenset()
    for role in Role:
        with pytest.raises(RoleMissingError):
            caller.require(role)


def test_a_withdrawn_key_is_unknown_at_once_and_others_stay(small):
    an_authority(small)
    one, other = a_key(small, Role.OFFICER), a_key(small, Role.OFFICER)

    def revoke(authority_id, prefix):
        with small.database.transaction() as session:
            return revoke_api_key(
                session, authority_id, prefix, actor="service", now=small.now()
            )

    assert who(small, one)
    assert revoke("be-fl", one[:16]) == 1
    with pytest.raises(
        APIKeyNotFoundError, match=f"in use with the prefix .{one[:16]}"
    ):
        revoke("be-fl", one[:16])
    assert_unknown(small, one)
    assert who(small, other)
    assert actions(small).count("api_key.revoked") == 1


def test_withdraws_no_key_of_another_authority(small):
    an_authority(small)
    an_authority(small, "ma")
    key = a_key(small, Role.OFFICER)
    for authority_id, refusal in (
        ("ma", APIKeyNotFoundError),
        ("nowhere", AuthorityNotFoundError),
    ):
        with pytest.raises(refusal), small.database.transaction() as session:
            revoke_api_key(
                session, authority_id, key[:16], actor="service", now=small.now()
            )
    assert who(small, key)


def test_a_whole_key_given_as_a_prefix_is_not_repeated(small_on_sqlite):
    an_authority(small_on_sqlite)
    key = a_key(small_on_sqlite, Role.OFFICER)
    with (
        pytest.raises(APIKeyNotFoundError) as refused,
        small_on_sqlite.database.transaction() as session,
    ):
        revoke_api_key(
            session, "be-fl", key, actor="service", now=small_on_sqlite.now()
        )
    assert key[16:] not in str(refused.value)


def test_who_left_is_unknown_from_then_on(small, clock):
    an_authority(small)
    key = a_key(small, Role.OFFICER)
    caller = who(small, key)
    leaves_at = small.now() + timedelta(hours=1)
    with small.database.transaction() as session:
        let_go(
            session,
            "be-fl",
            caller.principal_id,
            actor="service",
            now=leaves_at,
        )
    clock.pass_by(minutes=59, seconds=59)
    assert who(small, key)
    clock.pass_by(seconds=1)
    assert_unknown(small, key)
    assert actions(small).count("principal.left") == 1


def test_who_left_cannot_leave_again_nor_get_a_key(small):
    an_authority(small)
    caller = bruno(small)

    def act(use_case):
        with small.database.transaction() as session:
            use_case(
                session,
                "be-fl",
                caller.principal_id,
                actor="service",
                now=small.now(),
            )

    act(let_go)
    for use_case in (let_go, issue_api_key):
        with pytest.raises(PrincipalLeftError, match="2026-11-02T09:00:00Z"):
            act(use_case)
    assert actions(small).count("principal.left") == 1


@pytest.mark.parametrize("use_case", [let_go, issue_api_key])
def test_nothing_is_done_about_somebody_of_another_authority(small, use_case):
    an_authority(small)
    an_authority(small, "ma")
    key = a_key(small, Role.OFFICER)
    person = who(small, key).principal_id
    for authority_id, refusal in (
        ("ma", PrincipalNotFoundError),
        ("nowhere", AuthorityNotFoundError),
    ):
        with pytest.raises(refusal), small.database.transaction() as session:
            use_case(session, authority_id, person, actor="service", now=small.now())
    assert who(small, key)


def test_lists_every_key_that_was_ever_made(small, clock):
    an_authority(small)
    one = a_key(small, Role.OFFICER)
    clock.pass_by(hours=1)
    other = a_key(small, Role.CLERK)
    with small.database.transaction() as session:
        revoke_api_key(session, "be-fl", one[:16], actor="service", now=small.now())
    with small.database.reading() as session:
        listed = all_api_keys(session, "be-fl")
        assert all_api_keys(session, "ma") == []
    assert [(key.prefix, key.revoked_at) for key in listed] == [
        (one[:16], small.now()),
        (other[:16], None),
    ]


@pytest.mark.parametrize(
    "presented",
    [
        "",
        "rk_test_",
        "rk_test_short",
        "Bearer rk_test_" + "a" * 43,
        "rk_test_" + "a" * 43,
        "rk_prod_" + "a" * 43,
        "rk_test_" + "a" * 43 + "\n",
        "rk_test_" + "é" * 43,
        "rk_test_" + "'; DROP TABLE api_key; --" * 2,
        "rk_test_" + "a" * 10_000,
        "rk_test_\ud800" + "a" * 43,
        "\0",
    ],
)
def test_what_is_no_key_is_unknown(small_on_sqlite, presented):
    an_authority(small_on_sqlite)
    a_caller(small_on_sqlite)
    assert_unknown(small_on_sqlite, presented)


def test_a_key_in_another_case_or_with_blanks_is_unknown(small):
    an_authority(small)
    key = a_key(small, Role.OFFICER)
    for other in (f" {key}", f"{key} ", key.upper(), key[:-1], f"{key}a"):
        assert_unknown(small, other)
