"""An open installation: settings, database, clock and private keys."""

from datetime import datetime
from threading import RLock

from recognition_service.clock import Clock
from recognition_service.config import Config
from recognition_service.signing.key_store import KeyStore
from recognition_service.storage.engine import Database


class Installation:
    """What every desk of the runtime works with. Safe for use by many threads.

    Attributes:
        config: The settings of this process.
        database: For use cases that need nothing but a transaction.
        public_url: Fixed when the installation was made; no slash at the end.
        is_demo: Whether test authorities are believed, as in a demonstration.
    """

    def __init__(
        self,
        config: Config,
        database: Database,
        keys: KeyStore,
        clock: Clock,
        *,
        public_url: str,
        is_demo: bool,
    ) -> None:
        """Take over what `opening.open_runtime` has opened."""
        self.config = config
        self.database = database
        self.public_url = public_url
        self.is_demo = is_demo
        self._keys = keys
        self._clock = clock
        self._lock = RLock()

    def now(self) -> datetime:
        """Return the present instant; read it once per operation."""
        return self._clock()

    def close(self) -> None:
        """Give connections back."""
        self.database.close()

    def refresh(self) -> None:
        """Forget what another process may have changed meanwhile."""

    def check_keys(self) -> None:
        """Make sure that every private key can be opened.

        Raises:
            KeyStoreError: One cannot.
            KeyStoreUnavailableError: The store does not answer now.
        """
        self._keys.check()
