"""Decisions of other case systems, as a body or as lines of a batch."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import request

from recognition_service.attestations.models import CopyFormat
from recognition_service.errors import RecognitionError
from recognition_service.frameworks.instruments import Purpose
from recognition_service.recognition.vocabulary import DecisionKind
from recognition_service.web.api.casework_bodies import (
    DestinationIn,
    HeldQualificationIn,
    MadeDecisionIn,
    as_json,
)
from recognition_service.web.api.shapes import query
from recognition_service.web.bodies import bad_parameter, fit, parse_json
from recognition_service.web.errors import BodyTooLargeError
from recognition_service.web.fields import DateField, Identifier, Part
from recognition_service.web.schemas import Fault, Input
from recognition_service.web.text_fields import Choice, Code, Name, Text
from recognition_service.web.unchanged import compile_schema

_ONE_OF_TWO = Fault("decision_or_record", "Give either a decision or a record.")
LARGEST_LINE = 65_536
LARGEST_BODY = 256 << 20
_PIECE = 65_536


class HolderKeyIn(Input):
    """Public key of a wallet, as a JWK."""

    kty = Code(required=True, longest=10)
    crv = Code(required=True, longest=20)
    x = Code(required=True, longest=100)
    y = Code(longest=100)


class HolderIn(Input):
    """The person, named as on the evidence."""

    family_name = Name(required=True)
    given_name = Name(allow_none=True)
    birth_date = DateField(past=True, allow_none=True)
    name_on_evidence = Name(allow_none=True)


class RecordIn(Input):
    """A complete record of a decision that another case system holds."""

    external_reference = Text(required=True, longest=200, lines=False)
    decided_on = DateField(required=True, past=True)
    decided_by = Code(required=True, longest=120)
    regime = Code(longest=60, allow_none=True)
    decision_kind = Choice(DecisionKind, required=True)
    purpose = Choice(Purpose, required=True)
    destination = Part(DestinationIn, required=True)
    holder = Part(HolderIn, required=True)
    held_qualification = Part(HeldQualificationIn, required=True)
    decision = Part(MadeDecisionIn, required=True)
    supersedes = Identifier(allow_none=True)


class AttestationIn(Input):
    """What an attestation is wanted over: a signed decision, or a record of one."""

    decision = Identifier()
    record = Part(RecordIn)

    @ma.validates_schema
    def _is_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if len(data) != 1:
            raise ma.ValidationError([_ONE_OF_TWO])


class CopyIn(Input):
    """A further signed form of an attestation."""

    format = Choice(CopyFormat, required=True)
    holder_key = Part(HolderKeyIn, load_default=None, allow_none=True)


_FORMATS = {"vc_jwt": CopyFormat.VC_JWT, "sd_jwt": CopyFormat.SD_JWT_VC}
FORMATS_PARAMETER = query(
    "formats",
    "The signed forms to issue, separated by commas: vc_jwt, sd_jwt.",
    example="vc_jwt,sd_jwt",
)
_SCHEMA, _BODY = RecordIn(), AttestationIn()
_is_unchanged = compile_schema(_SCHEMA)


def read_record(value: Any) -> dict[str, Any]:
    """Return a record as a checked JSON value, dates as text.

    Raises:
        InvalidInputError: It does not fit; `errors` names each member.
    """
    if _is_unchanged(value) and _is_named(value["held_qualification"]):
        record: dict[str, Any] = value
        return record
    return as_record(fit(_SCHEMA, value))


def as_record(loaded: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record that its schema has read as a JSON value."""
    record: dict[str, Any] = as_json(loaded)
    if record.get("supersedes") is not None:
        record["supersedes"] = str(record["supersedes"])
    return record


def read_what_to_attest(value: Any) -> UUID | dict[str, Any]:
    """Return the decision that is named, or the record that is given.

    Raises:
        InvalidInputError: It does not fit; `errors` names each member.
    """
    if type(value) is dict and value.keys() == {"record"}:
        record = value["record"]
        if _is_unchanged(record) and _is_named(record["held_qualification"]):
            return dict(record)
    body = fit(_BODY, value)
    if "record" in body:
        return as_record(body["record"])
    decision: UUID = body["decision"]
    return decision


def read_formats(given: str) -> list[CopyFormat]:
    """Return the signed forms that a query asks for.

    Raises:
        InvalidParametersError: One is unknown, or named twice.
    """
    names = given.split(",")
    if len(set(names)) != len(names) or not set(names) <= _FORMATS.keys():
        raise bad_parameter(
            "formats", "not_in_enum", f"Some of {', '.join(_FORMATS)} are expected."
        )
    return [_FORMATS[name] for name in names]


def read_line(line: bytes) -> dict[str, Any] | RecognitionError:
    """Return the record of a line of a batch, or what is wrong with it."""
    try:
        return read_record(parse_json(line, LARGEST_LINE))
    except RecognitionError as error:
        return error


def read_lines() -> Iterator[bytes]:
    """Yield the lines of the body, which is never whole in memory.

    Raises:
        BodyTooLargeError: A line or the whole is too long.
    """
    request.max_content_length = LARGEST_BODY
    if (request.content_length or 0) > LARGEST_BODY:
        raise BodyTooLargeError(f"Up to {LARGEST_BODY} bytes are read here.")
    # The stream is limited by what holds when it is asked for.
    stream, rest, received = request.stream, b"", 0
    while piece := stream.read(_PIECE):
        received += len(piece)
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > LARGEST_LINE or received > LARGEST_BODY:
            raise BodyTooLargeError(f"A line has up to {LARGEST_LINE} bytes.")
    yield rest


def _is_named(held: Mapping[str, Any]) -> bool:
    return bool(held.get("title") or held.get("qualification"))
