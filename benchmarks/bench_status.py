"""What it costs to publish one change of a status list, and how large lists are.

Prints CPU microseconds (median over rounds) and the ratio to one ES256 signature of
the same run, for lists of which 1 % is set; beside it what compressing the whole
list anew would cost. Then the size of each published form.

Usage: python -m benchmarks.bench_status
"""

import gc
import random
import statistics
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from benchmarks.bench_verification import ES256, MemorySigner
from recognition_service.attestations.compressed_lists import (
    ChangedPlace,
    CompressedList,
)
from recognition_service.attestations.models import ListForm
from recognition_service.credentials import base64url, jws
from recognition_service.credentials import bitstring_status_list as bitstring
from recognition_service.credentials import token_status_list as tsl
from recognition_service.credentials.deflate_blocks import DeflatedBlocks
from recognition_service.credentials.jwk import public_key

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
URI = "https://recognition.example/status/tsl/be-fl-demo/1"
ISSUER = "https://recognition.example/issuers/be-fl-demo"
SIZES = (1_000_000, 10_000_000)
ROUNDS = 21
SEED = 20261121
FILLED = (0, 0.001, 0.01)
LIST_SIZE = 1 << 20
Case = tuple[str, int, Callable[[], object]]


def some_places(size: int, share: float) -> list[int]:
    """Return random places of a list."""
    return random.Random(SEED).sample(range(size), int(size * share))  # noqa: S311  # for repeatable figures


def sign_token(lst: str, signer: MemorySigner) -> str:
    """Return a signed status list token."""
    claims = tsl.status_list_token(
        uri=URI,
        issued_at=NOW,
        expires_at=NOW + timedelta(hours=24),
        ttl_seconds=600,
        bits=tsl.BITS,
        lst=lst,
    )
    return tsl.sign(claims, signer)


def sign_credential(form: ListForm, encoded: str, signer: MemorySigner) -> str:
    """Return a signed bitstring list."""
    credential = bitstring.list_credential(
        uri=URI,
        issuer=ISSUER,
        purpose=form,
        valid_from=NOW,
        valid_until=NOW + timedelta(hours=24),
        ttl_seconds=600,
        encoded_list=encoded,
    )
    return bitstring.sign(credential, signer)


def sign_all(encoded: dict[ListForm, str], signer: MemorySigner) -> list[str]:
    """Return all forms of a list, signed and verified."""
    tokens = [
        sign_token(text, signer)
        if form is ListForm.TSL
        else sign_credential(form, text, signer)
        for form, text in encoded.items()
    ]
    key = public_key(signer.public_jwk)
    for token in tokens:
        message, _, signature = token.encode().rpartition(b".")
        if not jws.is_signature(base64url.decode(signature), message, key):
            raise SystemExit("A signature does not verify.")
    return tokens


def cases() -> Iterator[Case]:
    """Yield what is measured and how often in a round, the reference first."""
    signer = MemorySigner()
    yield (
        "one ES256 signature",
        200,
        lambda: signer.private_key.sign(b"x" * 200, ES256),
    )
    for size in SIZES:
        yield from cases_of(size, signer)


def cases_of(size: int, signer: MemorySigner) -> Iterator[Case]:
    """Yield what is measured with a list of one size."""
    places, versions = some_places(size, 0.01), count(2)
    blocks = DeflatedBlocks(size * tsl.BITS // 8)
    for place in places:
        tsl.put(blocks, place, tsl.REVOKED)
    whole = blocks.content
    compressed = CompressedList(size)
    compressed.encoded([ChangedPlace(each, tsl.REVOKED, 1) for each in places], 1)
    choice = random.Random(SEED)  # noqa: S311  # for repeatable figures

    def change() -> str:
        tsl.put(blocks, choice.randrange(size), choice.randrange(4))
        return sign_token(tsl.encoded(blocks.zlib_stream()), signer)

    def change_all() -> object:
        version = next(versions)
        changed = ChangedPlace(choice.randrange(size), choice.randrange(4), version)
        _, encoded = compressed.encoded([changed], version)
        return sign_all(dict(encoded), signer)

    def anew(level: int) -> str:
        return sign_token(tsl.compress(whole, level), signer)

    millions = f"{size // 1_000_000} M: "
    yield millions + "one change, token list signed", 20, change
    yield millions + "one change, three forms signed and verified", 10, change_all
    yield millions + "whole list by zlib level 6, signed", 2, lambda: anew(6)
    if size == SIZES[0]:
        yield millions + "whole list by zlib level 9, signed", 1, lambda: anew(9)


def measured(case: Case) -> float:
    """Return the CPU microseconds of one call."""
    _, times, call = case
    began = time.process_time_ns()
    for _ in range(times):
        call()
    return (time.process_time_ns() - began) / times / 1000


def show_sizes() -> None:
    """Print how large the published forms of one list are, and their growth."""
    signer = MemorySigner()
    print(f"\nbytes of one publication of {LIST_SIZE} places, in haste / thorough")
    for share in FILLED:
        compressed = CompressedList(LIST_SIZE)
        places = some_places(LIST_SIZE, share)
        changes = [ChangedPlace(each, tsl.REVOKED, 1) for each in places]
        sizes = []
        for thoroughly in (False, True):
            _, encoded = compressed.encoded(changes, 1, thoroughly=thoroughly)
            sizes.append([len(each) for each in sign_all(dict(encoded), signer)])
        told = ", ".join(
            f"{form} {hasty} / {thorough}"
            for form, hasty, thorough in zip(ListForm, *sizes, strict=True)
        )
        print(f"{share:5.1%} revoked: {told}; together {sum(sizes[0])}")


def main() -> None:
    """Measure and print."""
    print(f"zlib {zlib.ZLIB_RUNTIME_VERSION}")
    every = list(cases())
    for case in every:
        measured(case)
    gc.disable()
    rounds = [[measured(case) for case in every] for _ in range(ROUNDS)]
    for position, (name, _, _) in enumerate(every):
        spent = statistics.median(each[position] for each in rounds)
        # Neighbours on the machine slow a whole round: compare within the round.
        ratio = statistics.median(each[position] / each[0] for each in rounds)
        print(f"{name:50} {spent:10.1f} us CPU {ratio:8.1f} x")
    show_sizes()


if __name__ == "__main__":
    main()
