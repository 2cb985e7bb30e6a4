"""What a verification relies on survives being written, and nothing else does."""

import copy
import json
from datetime import UTC, date, datetime

import pytest

from recognition_service.runtime import saved_inputs
from recognition_service.verification.inputs_file import (
    InputsFileError,
    from_value,
    to_value,
)
from recognition_service.verification.trust import VerificationInputs
from tests.verification.world import (
    GOOD,
    KEYS,
    START,
    a_mandate,
    an_issuer,
    check,
    inputs,
    issuer_key,
)
from tests.verification.world import OTHER_KEY as RETIRED

LATER = datetime(2026, 6, 1, 12, tzinfo=UTC)
RICH = inputs(
    an_issuer(
        trusted_until=LATER,
        keys=(*KEYS, issuer_key(RETIRED, retired_at=LATER, compromised_at=START)),
        mandates=(
            a_mandate(levels=("EQF:6",), fields=("0913",), valid_to=date(2027, 12, 31)),
        ),
    ),
    accept_test=True,
)


def written(value=RICH):
    return json.loads(json.dumps(to_value(value)))


@pytest.mark.parametrize("given", [RICH, inputs(), VerificationInputs(None)])
def test_what_was_written_is_read_again(given):
    assert from_value(written(given)) == given


def test_a_verification_comes_out_alike():
    assert check(GOOD, from_value(written(inputs()))) == check(GOOD, inputs())


def places(value, path=()):
    """Yield the path of every member and item."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


def at(value, path):
    for name in path:
        value = value[name]
    return value


@pytest.mark.parametrize("path", list(places(written())), ids=str)
def test_any_member_of_another_kind_refuses_the_whole(path):
    for wrong in (7.5, [[]], {"x": 1}):
        value = written()
        at(value, path[:-1])[path[-1]] = wrong
        with pytest.raises(InputsFileError):
            from_value(value)


def test_a_member_too_many_or_too_few_refuses_the_whole():
    for path in [(), *places(written())]:
        if not isinstance(at(written(), path), dict) or path[-1:] == ("public_jwk",):
            continue
        surplus, short = written(), written()
        at(surplus, path)["note"] = "x"
        at(short, path).popitem()
        for value in (surplus, short):
            with pytest.raises(InputsFileError):
                from_value(value)


@pytest.mark.parametrize("value", [None, [], "x", 1, {}])
def test_what_is_no_object_at_all_is_refused(value):
    with pytest.raises(InputsFileError):
        from_value(value)


def test_another_version_is_refused():
    value = copy.deepcopy(written()) | {"format": "recognition-verification-inputs/2"}
    with pytest.raises(InputsFileError, match="format"):
        from_value(value)


def test_a_file_is_replaced_as_a_whole(tmp_path):
    assert saved_inputs.load(tmp_path) is None
    saved_inputs.save(tmp_path, RICH)
    saved_inputs.save(tmp_path, inputs())
    assert saved_inputs.load(tmp_path) == inputs()
    assert [path.name for path in tmp_path.iterdir()] == [saved_inputs.FILE_NAME]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"a": 1, "a": 2}', b"[]"])
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / saved_inputs.FILE_NAME).write_bytes(content)
    with pytest.raises(InputsFileError):
        saved_inputs.load(tmp_path)
