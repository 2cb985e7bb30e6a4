"""Private keys on a token: made there, used there, never leaving it."""

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass

from recognition_service.credentials import base64url, jwk, jws
from recognition_service.credentials.jwk import Algorithm
from recognition_service.signing import token_session
from recognition_service.signing.errors import (
    KeyStoreUnavailableError,
    KeyUnavailableError,
)
from recognition_service.signing.pkcs11_keys import PKCS11KeyStore
from recognition_service.signing.token_session import session_with
from tests.signing.softhsm import PIN, in_another_process

EVERY_ALGORITHM = pytest.mark.parametrize("algorithm", list(Algorithm))
MESSAGE = b"message"


def is_signed(signer, message=MESSAGE):
    key = jwk.public_key(signer.public_jwk)
    return jws.is_signature(signer.sign(message), message, key)


def on_token(token, operation):
    """Do something on the token as another program would."""
    return session_with(token.address).use(lambda opened: operation(opened.session))


def objects(session, thumbprint):
    return list(session.get_objects({Attribute.LABEL: thumbprint}))


@EVERY_ALGORITHM
def test_a_key_is_made_on_the_token_and_signs(token, algorithm):
    store = PKCS11KeyStore(token.address)
    public = store.create(algorithm)
    signer = store.signer(jwk.thumbprint(public), "https://a/issuers/x#1")
    assert (signer.alg, signer.kid) == (algorithm, "https://a/issuers/x#1")
    assert signer.public_jwk == public
    assert len(signer.sign(MESSAGE)) == 64
    assert is_signed(signer)
    assert not jws.is_signature(
        signer.sign(MESSAGE), b"another", jwk.public_key(public)
    )


@EVERY_ALGORITHM
def test_the_private_half_cannot_leave_the_token(token, algorithm):
    store = PKCS11KeyStore(token.address)
    thumbprint = jwk.thumbprint(store.create(algorithm))

    def look(session):
        (private,) = session.get_objects(
            {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: thumbprint}
        )
        assert private[Attribute.SENSITIVE]
        assert private[Attribute.NEVER_EXTRACTABLE]
        assert private[Attribute.ID] == base64url.decode(thumbprint)
        with pytest.raises(pkcs11.AttributeSensitive):
            private[Attribute.VALUE]

    on_token(token, look)


def test_a_key_that_the_token_does_not_have_is_unavailable(token):
    store = PKCS11KeyStore(token.address)
    known = store.create()
    unknown = jwk.thumbprint(known)[::-1]
    for name in (unknown, "no thumbprint"):
        with pytest.raises(KeyUnavailableError):
            store.signer(name, "k")


def test_every_store_of_a_process_shares_one_session(token):
    first, second = PKCS11KeyStore(token.address), PKCS11KeyStore(token.address)
    thumbprint = jwk.thumbprint(first.create())
    assert is_signed(second.signer(thumbprint, "k"))
    assert is_signed(first.signer(thumbprint, "k"))


def test_a_key_that_bears_only_the_label_is_found(token):
    store = PKCS11KeyStore(token.address)
    thumbprint = jwk.thumbprint(store.create())

    def rename(session):
        for half in objects(session, thumbprint):
            half[Attribute.ID] = b"\x01"

    on_token(token, rename)
    session_with(token.address).forget()
    assert is_signed(store.signer(thumbprint, "k"))


def test_case_54_a_lost_session_is_opened_again_and_the_signature_is_made(token):
    store = PKCS11KeyStore(token.address)
    signer = store.signer(jwk.thumbprint(store.create()), "k")
    pkcs11.lib(token.module).reinitialize()
    assert is_signed(signer)
    pkcs11.lib(token.module).reinitialize()
    store.check()


def test_case_54_a_token_that_comes_later_is_found_without_a_restart(absent_token):
    store = PKCS11KeyStore(absent_token.address)
    with pytest.raises(KeyStoreUnavailableError, match="No tokens fit"):
        store.create()
    absent_token.make()
    assert is_signed(store.signer(jwk.thumbprint(store.create()), "k"))


def test_case_54_a_wrong_pin_is_tried_once_and_never_again(token):
    token.write_pin("99999")
    store = PKCS11KeyStore(token.address)
    with pytest.raises(KeyStoreUnavailableError, match="PinIncorrect"):
        store.create()
    token.write_pin(PIN)  # The right PIN would be taken, if it were tried.
    for attempt in (store.create, store.check, PKCS11KeyStore(token.address).check):
        with pytest.raises(KeyStoreUnavailableError, match="not tried again"):
            attempt()


def test_case_54_another_key_under_the_name_is_refused(token):
    store = PKCS11KeyStore(token.address)
    wanted, other = (jwk.thumbprint(store.create()) for _ in range(2))

    def swap(session):
        for half in objects(session, wanted):
            half.destroy()
        for half in objects(session, other):
            half[Attribute.LABEL] = wanted
            half[Attribute.ID] = base64url.decode(wanted)

    on_token(token, swap)
    session_with(token.address).forget()
    for attempt in (lambda: store.signer(wanted, "k"), store.check):
        with pytest.raises(KeyStoreUnavailableError, match="another key"):
            attempt()


def test_case_54_a_private_half_of_another_key_is_refused(token):
    store = PKCS11KeyStore(token.address)
    wanted, other = (jwk.thumbprint(store.create()) for _ in range(2))

    def swap(session):
        private = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
        (own,) = session.get_objects({**private, Attribute.LABEL: wanted})
        own.destroy()
        (foreign,) = session.get_objects({**private, Attribute.LABEL: other})
        foreign[Attribute.LABEL] = wanted
        foreign[Attribute.ID] = base64url.decode(wanted)

    on_token(token, swap)
    session_with(token.address).forget()
    with pytest.raises(KeyStoreUnavailableError, match="another key"):
        store.signer(wanted, "k")


def test_case_54_a_module_that_is_not_there_is_told(token):
    token.module = "/nowhere/libpkcs11.so"
    with pytest.raises(KeyStoreUnavailableError, match="nowhere"):
        PKCS11KeyStore(token.address).check()


def test_case_54_who_waits_too_long_for_the_token_is_told(token, monkeypatch):
    store = PKCS11KeyStore(token.address)
    store.check()
    monkeypatch.setattr(token_session, "_LONGEST_WAIT_SECONDS", 0.01)
    with (
        token_session._alone(),
        pytest.raises(KeyStoreUnavailableError, match="busy"),
    ):
        store.check()


def test_keys_of_others_on_the_token_do_not_matter(token):
    store = PKCS11KeyStore(token.address)
    store.create()

    def add_foreign(session):
        session.generate_keypair(
            pkcs11.KeyType.RSA, 2048, store=True, label="theirs", id=b"\x07" * 32
        )

    on_token(token, add_foreign)
    store.check()


PREPARED = """
import os, sys
from threading import Thread
from recognition_service.credentials import jwk, jws
from recognition_service.signing.pkcs11_keys import PKCS11KeyStore
from recognition_service.signing.token_address import token_address

def is_signed(signer, message):
    key = jwk.public_key(signer.public_jwk)
    return jws.is_signature(signer.sign(message), message, key)

store = PKCS11KeyStore(token_address(sys.argv[1]))
"""


def test_keys_made_before_a_restart_sign_after_it(token):
    made = in_another_process(
        PREPARED
        + """
print(*(jwk.thumbprint(store.create(each)) for each in jwk.Algorithm))
""",
        token.url,
    )
    again = """
for thumbprint in sys.argv[2:]:
    assert is_signed(store.signer(thumbprint, "k"), b"again")
print(len(sys.argv) - 2)
"""
    assert in_another_process(PREPARED + again, token.url, *made) == ["2"]


def test_case_54_many_threads_sign_through_one_session(token):
    script = """
signers = [
    store.signer(jwk.thumbprint(store.create(each)), "k") for each in jwk.Algorithm
]
done = []

def work(number):
    for turn in range(50):
        message = b"%d/%d" % (number, turn)
        done.append(all(is_signed(signer, message) for signer in signers))

threads = [Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(done), all(done))
"""
    assert in_another_process(PREPARED + script, token.url) == ["400", "True"]


def test_case_54_a_forked_process_opens_its_own_session(token):
    script = """
thumbprint = jwk.thumbprint(store.create())
signer = store.signer(thumbprint, "k")
assert is_signed(signer, b"parent")
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        works = all(is_signed(signer, b"%d" % turn) for turn in range(20))
        works = works and is_signed(store.signer(thumbprint, "k"), b"child")
        os._exit(0 if works else 1)
    children.append(child)
works = all(is_signed(signer, b"%d" % turn) for turn in range(20))
print(works, *(os.waitpid(child, 0)[1] for child in children))
print(is_signed(signer, b"after"))
"""
    ended = in_another_process(PREPARED + script, token.url)
    assert ended == ["True", "0", "0", "0", "True"]


def test_case_54_a_fork_beside_a_busy_token_does_not_wait_for_ever(token):
    script = """
from recognition_service.signing.token_session import _alone

signer = store.signer(jwk.thumbprint(store.create()), "k")
with _alone():  # As if another thread were signing at this moment.
    child = os.fork()
    if child == 0:
        os._exit(0 if is_signed(signer, b"child") else 1)
print(os.waitpid(child, 0)[1])
"""
    assert in_another_process(PREPARED + script, token.url) == ["0"]
