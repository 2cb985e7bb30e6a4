"""People come, get keys, lose keys and leave; secrets are shown once."""

from uuid import UUID

import pytest
from sqlalchemy import select

from recognition_service.app import create_app
from recognition_service.authorities.access import authenticate
from recognition_service.authorities.errors import UnknownAPIKeyError
from recognition_service.authorities.models import PrincipalKind, Role
from recognition_service.cli.people import ROLES
from recognition_service.storage.models import AuditEntry
from recognition_service.web.access import REQUIRED_ROLES
from tests.worker.installations import NOW, OFFICE

NOBODY = str(UUID(int=1))


@pytest.fixture
def people(recognition, data_dir):
    """Run `recognition people` about the prepared office."""

    def run(command, *more, authority=OFFICE, **expected):
        where = ("--authority", authority, "--data-dir", data_dir)
        return recognition("people", command, *where, *more, **expected)

    return run


@pytest.fixture
def added(answer, data_dir):
    """Add somebody and return what was printed."""

    def add(name, *roles, system=False, command="add"):
        given = [option for role in roles for option in ("--role", role)]
        return answer(
            *("people", command, "--authority", OFFICE, "--name", name, *given),
            *(("--system",) if system else ()),
            *("--data-dir", data_dir),
        )

    return add


@pytest.fixture
def listed(answer, data_dir):
    """List the people of the office by their ids."""

    def run():
        found = answer("people", "list", "--authority", OFFICE, "--data-dir", data_dir)
        return {person["id"]: person for person in found}

    return run


def who(runtime, key):
    with runtime.database.reading() as session:
        return authenticate(session, key, NOW)


def assert_unknown(runtime, key):
    with pytest.raises(UnknownAPIKeyError):
        who(runtime, key)


def actions(runtime, subject):
    with runtime.database.reading() as session:
        return session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == subject)
        ).all()


def test_a_new_person_can_call_at_once(added, runtime):
    made = added("Amélie Peeters", "officer", "clerk")
    caller = who(runtime, made["api_key"])
    assert caller.actor == f"person:{made['id']}"
    assert (caller.authority_id, caller.name) == (OFFICE, "Amélie Peeters")
    assert caller.roles == {Role.OFFICER, Role.CLERK}


def test_a_system_prepares_and_never_signs(added, people, listed, runtime):
    made = added("Case system", "officer", system=True)
    assert who(runtime, made["api_key"]).kind is PrincipalKind.SYSTEM
    before = listed()
    refused = people(
        *("add", "--name", "Robot", "--role", "signatory", "--system"), exit_code=2
    )
    assert refused.stderr == "error: A system prepares; only a person signs.\n"
    assert listed() == before


def test_the_list_shows_beginnings_of_keys_and_no_secrets(added, people, listed):
    made = added("Amélie", "clerk")
    assert listed()[made["id"]] == {
        "id": made["id"],
        "kind": "person",
        "name": "Amélie",
        "roles": ["clerk"],
        "created_at": "2026-11-02T09:00:00Z",
        "left_at": None,
        "api_keys": [
            {
                "prefix": made["api_key"][:16],
                "created_at": "2026-11-02T09:00:00Z",
                "revoked_at": None,
            }
        ],
    }
    shown = people("list").stdout
    assert f"{made['id']}  person  clerk  Amélie\n" in shown
    assert f"  {made['api_key'][:16]}  since 2026-11-02T09:00:00Z  in use\n" in shown
    assert made["api_key"][16:] not in shown


def test_a_person_at_the_terminal_sees_the_key_once(people, runtime):
    shown = people("add", "--name", "Amélie", "--role", "clerk").stdout
    identifier, _, key = shown.strip().partition("\nAPI key: ")
    assert str(who(runtime, key).principal_id) == identifier


def test_a_further_key_speaks_for_the_same_person(answer, added, runtime, data_dir):
    made = added("Amélie", "clerk")
    further = answer(
        *("people", "new-key", "--authority", OFFICE, "--person", made["id"]),
        *("--data-dir", data_dir),
    )
    assert further["id"] == made["id"]
    assert further["api_key"] != made["api_key"]
    assert who(runtime, further["api_key"]) == who(runtime, made["api_key"])


def test_a_revoked_key_is_unknown_at_once_and_others_stay(
    added, people, listed, runtime
):
    made, other = added("Amélie", "clerk"), added("Bruno", "clerk")
    prefix = made["api_key"][:16]
    assert people("revoke-key", "--prefix", prefix).stdout == "1 API key revoked.\n"
    assert_unknown(runtime, made["api_key"])
    assert who(runtime, other["api_key"])
    (key,) = listed()[made["id"]]["api_keys"]
    assert key["revoked_at"] == "2026-11-02T09:00:00Z"
    assert f"{prefix}  since 2026-11-02T09:00:00Z  revoked" in people("list").stdout


@pytest.mark.parametrize("prefix", ["rk_test_", "rk_test_nothing1", ""])
def test_a_prefix_that_no_key_has_is_refused(people, added, runtime, prefix):
    made = added("Amélie", "clerk")
    refused = people("revoke-key", "--prefix", prefix, exit_code=2)
    assert refused.stderr == (
        f"error: {OFFICE} has no API key in use with the prefix {prefix!r}.\n"
    )
    assert who(runtime, made["api_key"])


def test_who_leaves_has_no_access_any_more(added, people, listed, runtime):
    made, other = added("Amélie", "clerk"), added("Bruno", "clerk")
    left = people("leave", "--person", made["id"])
    assert left.stdout == f"{made['id']} left at 2026-11-02T09:00:00Z.\n"
    assert_unknown(runtime, made["api_key"])
    assert who(runtime, other["api_key"])
    assert listed()[made["id"]]["left_at"] == "2026-11-02T09:00:00Z"
    assert "no longer accepted" in people("list").stdout
    assert "principal.left" in actions(runtime, f"principal/{made['id']}")
    for command in ("leave", "new-key"):
        again = people(command, "--person", made["id"], exit_code=2)
        assert "left be-fl at 2026-11-02T09:00:00Z" in again.stderr


@pytest.mark.parametrize("command", ["leave", "new-key"])
def test_somebody_unknown_is_refused(people, command):
    refused = people(command, "--person", NOBODY, exit_code=2)
    assert refused.stderr == f"error: {OFFICE} has no person or system {NOBODY}.\n"
    assert "is not a valid UUID" in (
        people(command, "--person", "Bruno", exit_code=2).stderr
    )


@pytest.mark.parametrize(
    "call",
    [
        ("list",),
        ("add", "--name", "Amélie", "--role", "clerk"),
        ("new-key", "--person", NOBODY),
        ("revoke-key", "--prefix", "rk_test_nothing1"),
        ("leave", "--person", NOBODY),
    ],
)
def test_an_authority_that_is_not_there_has_no_people(people, call):
    refused = people(*call, authority="xx", exit_code=2)
    assert refused.stderr == "error: There is no authority xx.\n"


@pytest.mark.parametrize(
    "wrong", [("--name", " ", "--role", "clerk"), ("--name", "x", "--role", "king"), ()]
)
def test_nobody_is_added_without_a_name_and_a_role_that_there_is(people, listed, wrong):
    before = listed()
    people("add", *wrong, exit_code=2)
    assert listed() == before


def test_the_roles_on_offer_are_those_that_open_something(runtime):
    opening = {
        role
        for view in create_app(runtime).view_functions.values()
        for role in getattr(view, REQUIRED_ROLES, ())
    }
    assert opening == set(ROLES)
