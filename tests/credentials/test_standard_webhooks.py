"""Signatures over webhooks are those that libraries of receivers compute."""

from base64 import b64decode, b64encode

import pytest

from recognition_service.credentials import standard_webhooks
from recognition_service.credentials.errors import WebhookSecretError

# libraries/python/tests/test_webhooks.py and libraries/rust/src/lib.rs of
# github.com/standard-webhooks/standard-webhooks at b2fa7b8 (MIT).
PUBLISHED = [
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1649367553,
        b'{"email":"test@example.com","username":"test_user"}',
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ),
]
SECRET = PUBLISHED[0][0]


@pytest.mark.parametrize(("secret", "event", "at", "body", "signed"), PUBLISHED)
def test_signatures_are_those_of_the_standard(secret, event, at, body, signed):
    assert standard_webhooks.signature(secret, event, at, body) == signed
    assert standard_webhooks.headers((secret,), event, at, body) == {
        "webhook-id": event,
        "webhook-timestamp": str(at),
        "webhook-signature": signed,
    }


def test_while_a_secret_is_replaced_both_sign():
    secret, event, at, body, signed = PUBLISHED[0]
    other = PUBLISHED[1][0]
    found = standard_webhooks.headers((other, secret), event, at, body)
    first, second = found["webhook-signature"].split(" ")
    assert second == signed
    assert first == standard_webhooks.signature(other, event, at, body)


def test_every_part_is_signed():
    secret, event, at, body, signed = PUBLISHED[0]
    for changed in ((event + "x", at, body), (event, at + 1, body), (event, at, b"{}")):
        assert standard_webhooks.signature(secret, *changed) != signed


@pytest.mark.parametrize("length", [24, 32, 64])
def test_a_secret_is_written_and_read(length):
    raw = bytes(range(length))
    written = standard_webhooks.write_secret(raw)
    assert written.startswith("whsec_")
    assert standard_webhooks.read_secret(written) == raw


@pytest.mark.parametrize("length", [0, 23, 65])
def test_a_secret_that_is_too_short_or_too_long_is_refused(length):
    with pytest.raises(WebhookSecretError):
        standard_webhooks.write_secret(bytes(length))


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_!!!!",
        SECRET.removeprefix("whsec_"),
        SECRET[:-1],
        SECRET + "\n",
        "whsk_" + SECRET.removeprefix("whsec_"),
        "whsec_" + b64encode(b64decode(SECRET.removeprefix("whsec_"))[:8]).decode(),
    ],
)
def test_what_is_no_secret_signs_nothing(secret):
    with pytest.raises(WebhookSecretError):
        standard_webhooks.signature(secret, "evt_1", 1, b"{}")
