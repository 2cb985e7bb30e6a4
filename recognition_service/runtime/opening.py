"""Making an installation, and opening one."""

from urllib.parse import urlsplit

from recognition_service.clock import Clock, fixed_clock, system_clock
from recognition_service.config import Config
from recognition_service.errors import RecognitionError
from recognition_service.runtime.runtime import Runtime
from recognition_service.signing.file_keys import FileKeyStore
from recognition_service.signing.open_store import open_key_store
from recognition_service.storage import migrations
from recognition_service.storage.engine import Database
from recognition_service.storage.settings import PUBLIC_URL, fix_setting, read_setting

KIND = "kind"
DEMO, SERVER = "demo", "server"


class NotInstalledError(RecognitionError):
    """The database holds no installation yet."""

    code = "not_installed"
    title = "There is no installation here"


class PublicURLError(RecognitionError):
    """The public URL cannot prefix ids."""

    code = "public_url"
    title = "The public URL cannot be used"


def make_installation(config: Config, *, public_url: str, is_demo: bool) -> None:
    """Create or upgrade the schema and fix what can never change afterwards.

    The data directory holds personal data; a new one is for its owner only.

    Doing it again on an installation changes nothing but the schema.

    Raises:
        PublicURLError: Not an http or https URL of a host.
        DatabaseUnavailableError: The database does not answer.
    """
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
        raise PublicURLError(
            f"PUBLIC_URL is {public_url!r}; write it like https://recognition.example"
        )
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(config.database_url)
    try:
        migrations.upgrade(database)
        with database.transaction() as session:
            fix_setting(session, PUBLIC_URL, public_url.rstrip("/"))
            fix_setting(session, KIND, DEMO if is_demo else SERVER)
    finally:
        database.close()


def open_runtime(config: Config, clock: Clock | None = None) -> Runtime:
    """Open an installation that was made before.

    Args:
        config: The settings.
        clock: Another clock than that of the settings or the system.

    Raises:
        NotInstalledError: There is none.
        SchemaBehindError: Its schema is not the one that this code needs.
        KeyStoreError: A key file, its mode, the passphrase or `KEYS_URL` is wrong.
    """
    database = Database(config.database_url)
    try:
        public_url, kind = _fixed_settings(database)
        keys = open_key_store(config)
        runtime = Runtime(
            config,
            database,
            keys,
            clock or _clock_of(config),
            public_url=public_url,
            is_demo=kind == DEMO,
        )
        if isinstance(keys, FileKeyStore):
            # A token is asked when it is needed first. It may come later, and a
            # session that was opened here would not survive a fork.
            runtime.check_keys()
    except BaseException:
        database.close()
        raise
    return runtime


def _clock_of(config: Config) -> Clock:
    return fixed_clock(config.fixed_now) if config.fixed_now else system_clock


def _fixed_settings(database: Database) -> tuple[str, str | None]:
    """Return the public URL and the kind of an installation of this schema."""
    if migrations.current_revision(database.engine) is not None:
        migrations.require_current(database)
        with database.reading() as session:
            public_url = read_setting(session, PUBLIC_URL)
            if public_url is not None:
                return public_url, read_setting(session, KIND)
    raise NotInstalledError(
        "There is no installation here yet; run `recognition db upgrade` "
        "or `recognition demo`."
    )
