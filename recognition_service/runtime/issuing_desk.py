"""Attestations, issued in two short transactions with the signature between."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from recognition_service.attestations import issue
from recognition_service.attestations.drafts import (
    COMMON_COPIES,
    NewAttestation,
    NewCopy,
)
from recognition_service.attestations.fresh_copies import fresh_copies_wanted
from recognition_service.attestations.issue import Intent, Sealed
from recognition_service.attestations.issuer import find_issuer
from recognition_service.attestations.last_signed import require_clock
from recognition_service.attestations.read import describe_new, get_attestation
from recognition_service.attestations.reserve import (
    reserve,
    reserve_copies,
    reserve_many,
)
from recognition_service.authorities import keys as key_records
from recognition_service.authorities.access import Caller
from recognition_service.errors import RecognitionError, UnavailableError
from recognition_service.recognition.decide import SignedDecision
from recognition_service.recognition.records import open_desk, take_over_many
from recognition_service.runtime.editions_desk import SERVICE
from recognition_service.runtime.keys_desk import KeysDesk
from recognition_service.runtime.turns import Turns
from recognition_service.signing.errors import KeyUnavailableError

UNFINISHED_AFTER = timedelta(seconds=30)
_FRESH_AT_ONCE = 200


_Issued = dict[str, Any] | RecognitionError
_Wanted = tuple[Mapping[str, Any], Sequence[NewCopy]]
_Asked = tuple[Caller, Mapping[str, Any], Sequence[NewCopy]]


class IssuingDesk(KeysDesk):
    """Uses the private keys; no transaction is open while it does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the desk; nobody waits yet."""
        super().__init__(*args, **kwargs)
        self._turns = Turns(self._attest_records)

    def issue(
        self, authority_id: str, signed: SignedDecision, *, actor: str
    ) -> UUID | None:
        """Issue the attestation over a signed decision; None for a refusal.

        Two short transactions with the signature between them. What fails after
        the first is finished by `finish_issuing`.

        Raises:
            AlreadyAttestedError: The decision has an attestation.
            MandateMissingError: No mandate covers the decision.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now, or the clock was put back.
        """
        if signed.attestation is None:
            return None
        now = self.now()
        self._require_clock(authority_id, now)
        with self.database.transaction() as session:
            reservation = reserve(
                session,
                authority_id,
                signed.attestation,
                public_url=self.public_url,
                actor=actor,
                now=now,
            )
        self.finish(reservation.intents, actor=actor)
        return reservation.attestations[0]

    def attest_record(
        self,
        caller: Caller,
        record: Mapping[str, Any],
        copies: Sequence[NewCopy] = COMMON_COPIES,
    ) -> dict[str, Any]:
        """Issue the attestation over a decision of another case system.

        What several ask for at the same time is issued together.

        Returns:
            The attestation as callers see it.

        Raises:
            RecordInvalidError: A member does not fit the authority or the tables.
            AlreadyAttestedError: The decision has an attestation.
            MandateMissingError: No mandate covers the decision.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now, or the clock was put back.
        """
        return self._turns.ask((caller, record, copies))

    def _attest_records(self, asked: Sequence[_Asked]) -> list[_Issued]:
        """Issue over the records of many callers, each as its own act."""
        results: dict[int, _Issued] = {}
        for caller in {caller.actor: caller for caller, _, _ in asked}.values():
            own = {
                place: (record, copies)
                for place, (by, record, copies) in enumerate(asked)
                if by.actor == caller.actor
            }
            found: list[_Issued]
            try:
                found = self._attest_together(caller, list(own.values()))
            except RecognitionError as error:
                found = [error] * len(own)
            results |= zip(own, found, strict=True)
        return [results[place] for place in range(len(asked))]

    def _attest_together(
        self, caller: Caller, asked: Sequence[_Wanted]
    ) -> list[_Issued]:
        now, edition = self.now(), self.edition(caller.authority_id)
        with self.database.transaction() as session:
            require_clock(session, caller.authority_id, now)
            desk = open_desk(session, caller, edition=edition, now=now)
            taken = take_over_many(desk, asked)
            wanted = {
                place: found
                for place, found in enumerate(taken)
                if isinstance(found, NewAttestation)
            }
            issuer = find_issuer(
                session, caller.authority_id, public_url=self.public_url, now=now
            )
            reservation = reserve_many(
                session, issuer, list(wanted.values()), actor=caller.actor, now=now
            )
        order = list(wanted)
        results: dict[int, _Issued] = {
            place: found
            for place, found in enumerate(taken)
            if isinstance(found, RecognitionError)
        }
        results |= {
            order[n]: describe_new(
                issuer, wanted[order[n]].record, *rows, today=desk.today, now=now
            )
            for n, rows in reservation.rows.items()
        }
        results |= {order[n]: error for n, error in reservation.refused.items()}
        self.finish(reservation.intents, actor=caller.actor)
        return [results[place] for place in range(len(asked))]

    def issue_copy(
        self, authority_id: str, attestation_id: UUID, new: NewCopy, *, actor: str
    ) -> UUID:
        """Issue a further copy of an attestation and return the copy's id.

        Raises:
            AttestationNotFoundError: The authority has no such attestation.
            CopyNotAllowedError: It does not hold any more.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now, or the clock was put back.
        """
        now = self.now()
        self._require_clock(authority_id, now)
        with self.database.transaction() as session:
            attestation = get_attestation(
                session, authority_id, attestation_id, to_change=True
            )
            intents = reserve_copies(
                session,
                authority_id,
                [(attestation, (new,))],
                public_url=self.public_url,
                actor=actor,
                now=now,
            )
        self.finish(intents, actor=actor)
        return intents[0].copy_id

    def issue_fresh_copies(
        self, authority_id: str, thumbprint: str, *, actor: str = SERVICE
    ) -> Iterator[int]:
        """Issue anew what a key has signed, with the key that signs now.

        Copies of attestations that are still valid are issued in their format and for
        their holder's key; the earlier copies stay what they are. What was issued anew
        before is left alone, so that an interrupted run goes on.

        Yields:
            How many attestations have got fresh copies so far.

        Raises:
            KeyNotFoundError: The authority has no such key.
            NoActiveKeyError: It has no key that may sign now.
        """
        count = 0
        while True:
            now = self.now()
            self._require_clock(authority_id, now)
            with self.database.transaction() as session:
                wanted = fresh_copies_wanted(
                    session, authority_id, thumbprint, limit=_FRESH_AT_ONCE
                )
                if not wanted:
                    return
                intents = reserve_copies(
                    session,
                    authority_id,
                    wanted,
                    public_url=self.public_url,
                    actor=actor,
                    now=now,
                )
            self.finish(intents, actor=actor)
            count += len(wanted)
            yield count

    def finish_issuing(self) -> int:
        """Finish what was reserved half a minute ago and never recorded.

        A copy whose key is gone or may not sign any more is given up. One that cannot
        be finished holds up no other.

        Returns:
            How many copies were finished or given up.

        Raises:
            RecognitionError: One could not be finished; the others are.
        """
        failed: RecognitionError | None = None
        with self.database.reading() as session:
            intents = issue.unfinished(session, before=self.now() - UNFINISHED_AFTER)
        for intent in intents:
            try:
                if self._may_still_sign(intent):
                    self.finish([intent], actor=SERVICE)
                    continue
            except KeyUnavailableError:
                pass
            except RecognitionError as error:
                failed = error
                continue
            with self.database.transaction() as session:
                issue.void(session, intent, now=self.now())
        if failed is not None:
            raise failed
        return len(intents)

    def finish(self, intents: Sequence[Intent], *, actor: str) -> None:
        """Seal reserved copies of one authority and record them.

        A list that has never been published is published now.

        Raises:
            UnavailableError: The key cannot be used now; the worker tries again.
        """
        if not intents:
            return
        sealed = self.seal(intents)
        with self.database.transaction() as session:
            issue.record(session, sealed, actor=actor, now=self.now())
        self.publish_lists(intents[0].authority_id)

    def finish_if_possible(self, intents: Sequence[Intent], *, actor: str) -> None:
        """Do the same for somebody else's act, which a missing key must not disturb.

        What cannot be signed now is finished by the worker.
        """
        with suppress(UnavailableError):
            self.finish(intents, actor=actor)

    def seal(self, intents: Iterable[Intent]) -> list[Sealed]:
        """Sign reserved copies, and verify each signature."""
        return [
            issue.seal(intent, self._keys.signer(intent.thumbprint, intent.kid))
            for intent in intents
        ]

    def _may_still_sign(self, intent: Intent) -> bool:
        with self.database.reading() as session:
            return key_records.may_seal(session, intent.authority_id, intent.thumbprint)
