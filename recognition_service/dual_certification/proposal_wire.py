"""Reading the record of a joint award that a body in another installation proposes.

It will be attested here as it is, so it must be exactly what is frozen here too: every
member is read, and what follows from the inputs is computed anew.
"""

import re
from collections.abc import Callable
from uuid import UUID

from recognition_service.attestations.decision_record import ENGINE, DecisionRecord
from recognition_service.attestations.joint_record import (
    EARNED,
    KIND,
    joint_findings,
)
from recognition_service.credentials import base64url
from recognition_service.credentials.errors import MalformedInputError
from recognition_service.exchange.errors import BodyUnfitError
from recognition_service.exchange.wire import Body
from recognition_service.frameworks.instruments import Purpose
from recognition_service.recognition.vocabulary import DecisionKind

_RECORD = "inputs findings"
_INPUTS = (
    "kind nonce engine edition group subject_nonce holder decision_kind purpose "
    "decided_on legal targets units awards missing"
)
_HOLDER = "family_name given_name birth_date name_on_evidence"
_TARGET = "key issuer qualification jurisdiction profession requirements legal_basis"
_QUALIFICATION = "title framework level eqf"
_UNIT = "id title credits hours provider place counts_for result"
_RESULT = "achieved_on evidence kind"
_NONCE_BYTES = 16
_DIGEST = re.compile(r"sha256-[A-Za-z0-9_-]{43}\Z")
_SHORT, _LONG = 128, 500
_FEWEST, _MOST = 2, 10
_MOST_UNITS = 1_000
_FULL = "full"


def read_record(body: Body, conversation: UUID) -> DecisionRecord:
    """Return the record of a proposal, which every body can attest as it stands.

    Args:
        body: Of the message: `record` and `digest` are read.
        conversation: What the message belongs to, which is the award's group.

    Raises:
        BodyUnfitError: It is no such record, or another one than its digest says.
    """
    told = body.within("record", _RECORD)
    inputs, findings = told.object("inputs"), told.object("findings")
    _read_inputs(told.within("inputs", _INPUTS), conversation)
    record = DecisionRecord(inputs, joint_findings(inputs))
    if record.findings != findings or record.digest != body.text("digest"):
        raise BodyUnfitError("/record: something else follows from its inputs.")
    targets = record.findings["targets"]
    for key, found in targets.items():
        if (
            found["outcome"] != _FULL
            or found["validity"]["from"] > inputs["decided_on"]
        ):
            raise BodyUnfitError(f"/record: {key} was not earned.")
    return record


def _read_inputs(inputs: Body, conversation: UUID) -> None:
    _require(inputs.text("kind") == KIND, "kind")
    _require(inputs.text("engine") == ENGINE, "engine")
    for name in ("nonce", "subject_nonce"):
        _require(_is_nonce(inputs.text(name, longest=_SHORT)), name)
    edition = inputs.within("edition", "base overlay")
    _require(_DIGEST.match(edition.text("base")) is not None, "edition")
    _require(edition.optional("overlay", edition.text) is None, "edition")
    _require(inputs.text("group") == str(conversation), "group")
    _read_holder(inputs.within("holder", _HOLDER))
    inputs.word("decision_kind", DecisionKind)
    inputs.word("purpose", Purpose)
    inputs.day("decided_on")
    legal = inputs.within("legal", "force does_not_allow")
    _require(bool(legal.texts("force")), "legal")
    _require(_all_short(legal.items("does_not_allow", str)), "legal")
    keys = _read_targets(inputs)
    _read_units(inputs, keys)
    _read_awards(inputs, keys)
    missing = inputs.object("missing")
    nothing = all(lacks == [] for lacks in missing.values())
    _require(set(missing) <= keys and nothing, "missing")


def _read_holder(holder: Body) -> None:
    _require(bool(holder.text("family_name", longest=_LONG).strip()), "holder")
    for name in ("given_name", "name_on_evidence"):
        holder.optional(name, _text_of(holder))
    holder.optional("birth_date", holder.day)


def _read_targets(inputs: Body) -> set[str]:
    """Return the keys of the targets."""
    targets = list(inputs.each("targets", _TARGET))
    _require(_FEWEST <= len(targets) <= _MOST, "targets")
    for target in targets:
        target.text("issuer", longest=_LONG)
        target.text("jurisdiction", longest=16)
        target.optional("profession", _text_of(target))
        target.object("requirements")
        _require(_all_short(target.items("legal_basis", str)), "targets")
        qualification = target.within("qualification", _QUALIFICATION)
        qualification.text("title", longest=_LONG)
        for name in ("framework", "level", "eqf"):
            qualification.optional(name, _text_of(qualification))
    for name in ("key", "issuer"):
        _require(len({target.text(name) for target in targets}) == len(targets), name)
    return {target.text("key", longest=_SHORT) for target in targets}


def _read_units(inputs: Body, keys: set[str]) -> None:
    units = list(inputs.each("units", _UNIT))
    _require(len(units) <= _MOST_UNITS, "units")
    for unit in units:
        unit.text("id", longest=_SHORT)
        for name in ("title", "provider", "place"):
            unit.optional(name, _text_of(unit))
        for name in ("credits", "hours"):
            unit.optional(name, unit.amount)
        result = unit.within("result", _RESULT)
        result.day("achieved_on")
        result.text("evidence", longest=_SHORT)
        result.optional("kind", _text_of(result))
        for counted in unit.each("counts_for", "target rule"):
            _require(counted.text("target") in keys, "units")
            counted.optional("rule", _text_of(counted))


def _read_awards(inputs: Body, keys: set[str]) -> None:
    awards = list(inputs.each("awards", "target awarded_on how"))
    for award in awards:
        award.day("awarded_on")
        _require(award.text("how") == EARNED, "awards")
    named = [award.text("target") for award in awards]
    _require(sorted(named) == sorted(keys), "awards")


def _text_of(body: Body) -> Callable[[str], str]:
    return lambda name: body.text(name, longest=_LONG)


def _all_short(words: list[str]) -> bool:
    return all(len(word) <= _LONG for word in words)


def _is_nonce(text: str) -> bool:
    try:
        return len(base64url.decode(text)) == _NONCE_BYTES
    except MalformedInputError:
        return False


def _require(fits: bool, name: str) -> None:  # noqa: FBT001  # reads as a sentence
    if not fits:
        raise BodyUnfitError(f"/record/inputs/{name} is not what it must be.")
