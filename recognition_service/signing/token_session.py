"""The one session of this process with a PKCS#11 token.

`python-pkcs11` initialises a module without telling it about threads, and lets go of
the interpreter's lock inside it. Two sessions used by two threads at once can end the
process; therefore one lock stands before every call of this process. A session
does not survive a fork; the child opens its own when it first needs one.

Source: PKCS #11 v2.40, Cryptographic Token Interface Base Specification, sections
5.4 (C_Initialize) and 5.6 (sessions).
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypeVar

import pkcs11
from pkcs11 import PKCS11Error, PrivateKey, Session, Token, TokenFlag
from pkcs11.exceptions import (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    UserPinNotInitialized,
)

from recognition_service.credentials.jwk import PublicKey
from recognition_service.signing.errors import KeyStoreError, KeyStoreUnavailableError
from recognition_service.signing.private_files import read_private
from recognition_service.signing.token_address import TokenAddress

_Result = TypeVar("_Result")

_LONGEST_WAIT_SECONDS = 10.0
"""Whoever waits longer is told so: a slow token must not hold up every thread."""

_REFUSED_PIN = (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    UserPinNotInitialized,
)


@dataclass(frozen=True, slots=True)
class KeyOnToken:
    """A key that was found on the token and has proved to be the right one."""

    private: PrivateKey
    public: PublicKey


@dataclass(frozen=True, slots=True)
class OpenToken:
    """A session that is logged in, and the keys that were found through it."""

    session: Session
    keys: dict[str, KeyOnToken] = field(default_factory=dict)


class TokenSession:
    """Opens the session when it is needed, and once more when it was lost."""

    def __init__(self, address: TokenAddress) -> None:
        self._address = address
        self._open: OpenToken | None = None
        self._refusal: str | None = None

    def use(self, operation: Callable[[OpenToken], _Result]) -> _Result:
        """Carry out an operation, with no other of this process beside it.

        If the session was lost, it is opened again and the operation is repeated,
        once.

        Raises:
            KeyStoreUnavailableError: The token is absent, busy or refuses the PIN, or
                the operation fails.
        """
        with _alone():
            if self._open is not None:
                try:
                    return operation(self._open)
                except PKCS11Error:
                    self._open = None
            try:
                self._open = self._opened()
                return operation(self._open)
            except PKCS11Error as error:
                self._open = None
                raise KeyStoreUnavailableError(
                    f"The token {self._address} cannot be used now: "
                    f"{str(error) or type(error).__name__}."
                ) from error

    def forget(self) -> None:
        """Let go of what belonged to the parent process."""
        self._open = None

    def _opened(self) -> OpenToken:
        """Log in. A PIN that was refused is never shown again by this process."""
        if self._refusal is not None:
            raise KeyStoreUnavailableError(self._refusal)
        pin = self._pin()
        # Processes log in one after another: the next one sees the warning of a token
        # that has had a wrong PIN, and SoftHSM fails if several come at once.
        with _in_turn(self._address.pin_file):
            return self._logged_in(pin)

    def _logged_in(self, pin: str) -> OpenToken:
        token = self._token()
        if token.flags & (TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_LOCKED):
            raise KeyStoreUnavailableError(
                f"The token {self._address} is locked, or the next wrong PIN locks it; "
                "log in with the tool of its vendor first."
            )
        try:
            return OpenToken(token.open(rw=True, user_pin=pin))
        except _REFUSED_PIN as error:
            self._refusal = (
                f"The token {self._address} refused the PIN ({type(error).__name__}); "
                "it is not tried again. Correct the PIN, then restart the service."
            )
            raise KeyStoreUnavailableError(self._refusal) from error

    def _token(self) -> Token:
        module = str(self._address.module)
        library = pkcs11.lib(module)
        if module in _PROCESS.initialised:
            # A module sees tokens that come later, and forgets a parent process,
            # only if it is initialised anew.
            with suppress(PKCS11Error):
                library.finalize()
            library.initialize()
        _PROCESS.initialised.add(module)
        found = [
            token
            for token in library.get_tokens()
            if self._address.fits(
                label=token.label,
                serial=token.serial,
                manufacturer=token.manufacturer_id,
                model=token.model,
            )
        ]
        if len(found) != 1:
            raise KeyStoreUnavailableError(
                f"{len(found) or 'No'} tokens fit {self._address}; exactly one must."
            )
        return found[0]

    def _pin(self) -> str:
        try:
            return read_private(self._address.pin_file).decode().rstrip("\r\n")
        except (KeyStoreError, UnicodeDecodeError) as error:
            raise KeyStoreUnavailableError(
                f"The PIN of the token {self._address} cannot be read: {error}"
            ) from error


class _Process:
    """What no two threads may use at once, and no two processes share."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.initialised: set[str] = set()
        self.sessions: dict[TokenAddress, TokenSession] = {}

    def start_anew(self) -> None:
        self.lock = Lock()  # A thread that is not in this process may have held it.
        for session in self.sessions.values():
            session.forget()


_PROCESS = _Process()
os.register_at_fork(after_in_child=_PROCESS.start_anew)


def session_with(address: TokenAddress) -> TokenSession:
    """Return the session of this process with a token; there is only one."""
    return _PROCESS.sessions.setdefault(address, TokenSession(address))


@contextmanager
def _alone() -> Iterator[None]:
    lock = _PROCESS.lock
    if not lock.acquire(timeout=_LONGEST_WAIT_SECONDS):
        raise KeyStoreUnavailableError("The token is busy with other signatures.")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _in_turn(path: Path) -> Iterator[None]:
    """Wait until no other process of this machine is in here."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:  # Closing is not enough: a child that was forked has a copy.
            fcntl.flock(file, fcntl.LOCK_UN)
