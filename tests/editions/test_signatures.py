"""Editions are signed by who publishes them, and refused when they were altered."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from recognition_service.credentials import jws
from recognition_service.credentials.jwk import public_key
from recognition_service.editions.errors import (
    EditionAlteredError,
    EditionSignatureError,
    OlderEditionError,
)
from recognition_service.editions.find import edition_document
from recognition_service.editions.models import Edition
from recognition_service.editions.signatures import (
    EDITION_TYPE,
    editions_issuer,
    require_signature,
    sign_edition,
    signed_claims,
)
from recognition_service.signing.file_keys import FileKeyStore
from tests.builders import (
    AUTHORITY,
    BACHELOR,
    PUBLIC_URL,
    a_package,
    an_authority,
    an_installation,
    rewrite_row,
)
from tests.editions.test_publishing_overlays import a_row, corrected, publish

ALTERED = json.dumps(a_row("qualifications", BACHELOR, level="8"))


def document(runtime, digest):
    with runtime.database.reading() as session:
        return edition_document(session, digest)


def signature_of(runtime, digest):
    return jws.split(document(runtime, digest)["signature"].encode())


def opened_again(runtime, tmp_path, clock):
    """The same installation as another process sees it."""
    again = an_installation(tmp_path, runtime.database, clock=clock)
    again._compiled = {}
    return again


@pytest.fixture
def stranger(tmp_path):
    """A signer whom nobody knows."""
    store = FileKeyStore(tmp_path / "strangers", "a passphrase of theirs")
    jwk = store.create()
    return store.signer(public_key(jwk).thumbprint, "https://else.example/keys#1")


def test_a_loaded_edition_is_signed_by_the_operator(own_small):
    digest = own_small.edition().in_force.base
    signature = signature_of(own_small, digest)
    (key,) = own_small.edition_keys()
    assert signature.header["kid"] == key.kid
    assert signature.header["typ"] == EDITION_TYPE
    assert jws.verify_signature(signature, public_key(key.public_jwk))
    said = json.loads(signature.payload)
    assert (said["digest"], said["iss"]) == (digest, editions_issuer(PUBLIC_URL))
    assert (said["id"], said["date"], said["base"]) == (
        "2026-11-01",
        "2026-11-01",
        None,
    )


def test_rows_of_an_authority_are_signed_with_its_own_key(own_small):
    an_authority(own_small)
    overlay = publish(own_small, corrected("7"))
    assert document(own_small, overlay)["signature"] is None
    assert own_small.sign_editions([AUTHORITY]) == 1
    signature = signature_of(own_small, overlay)
    assert signature.header["kid"].startswith(f"{PUBLIC_URL}/issuers/{AUTHORITY}#")
    said = json.loads(signature.payload)
    assert (said["digest"], said["base"]) == (
        overlay,
        own_small.edition().in_force.base,
    )
    whole = document(own_small, overlay)
    assert (whole["owner"], whole["withdrawn"]) == (AUTHORITY, [])
    assert [row["id"] for row in whole["tables"]["qualifications"]] == [BACHELOR]
    assert own_small.sign_editions([AUTHORITY]) == 0


def test_a_row_that_was_altered_in_the_database_answers_nobody(
    own_small, tmp_path, clock
):
    rewrite_row(own_small, "qualifications", BACHELOR, ALTERED)
    with pytest.raises(EditionAlteredError, match=f"qualifications/{BACHELOR}"):
        opened_again(own_small, tmp_path, clock).snapshot()


def test_another_signature_than_the_operators_answers_nobody(
    own_small, tmp_path, clock, stranger
):
    in_force = own_small.edition().in_force
    claims = signed_claims(
        in_force.base,
        a_package().description,
        base=None,
        issuer=editions_issuer(PUBLIC_URL),
        now=own_small.now(),
    )
    with own_small.database.transaction() as session:
        session.execute(
            update(Edition).values(signature=sign_edition(claims, stranger))
        )
    with pytest.raises(EditionAlteredError, match="not known here"):
        opened_again(own_small, tmp_path, clock).snapshot()


def test_what_was_altered_is_not_signed(own_small):
    an_authority(own_small)
    publish(own_small, corrected("7"))
    rewrite_row(own_small, "qualifications", BACHELOR, ALTERED, owner=AUTHORITY)
    with pytest.raises(EditionAlteredError):
        own_small.sign_editions([AUTHORITY])


def test_an_older_edition_comes_back_only_if_somebody_says_so(own_small):
    newest = own_small.edition().in_force.base
    older = replace(
        a_package(),
        description=replace(a_package().description, dated=date(2026, 1, 1)),
    )
    with pytest.raises(OlderEditionError):
        own_small.load_edition(older)
    assert own_small.edition().in_force.base == newest
    back = own_small.load_edition(older, goes_back=True)
    assert own_small.edition().in_force.base == back


@pytest.mark.parametrize(
    "token", ["", "a.b.c", "no token at all", "e30.e30.c2ln"], ids=repr
)
def test_what_is_no_signature_is_refused(token):
    with pytest.raises(EditionSignatureError):
        require_signature(token, "sha256-x", [])


def test_a_signature_over_other_rows_is_refused(own_small):
    package = a_package()
    digest, token = own_small.sign_package(package)
    require_signature(token, digest, own_small.edition_keys())
    with pytest.raises(EditionSignatureError, match="over"):
        require_signature(token, "sha256-other", own_small.edition_keys())
