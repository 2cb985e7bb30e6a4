"""Everything that an operator can set, read once from the environment."""

import os
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from recognition_service.clock import parse_instant
from recognition_service.errors import RecognitionError

DEFAULT_DATA_DIR = Path("recognition-data")
DEFAULT_PORT = 8000
LEAST_STATISTICS_THRESHOLD = 3


class ConfigurationError(RecognitionError):
    """A setting does not make sense; the message says which and how to mend it."""

    code = "configuration"
    title = "A setting does not make sense"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process.

    Attributes:
        data_dir: Where the embedded database, keys and published files live.
        database_url: SQLite in `data_dir` unless `DATABASE_URL` says otherwise.
        keys_dir: Where encrypted private keys lie.
        keys_passphrase: Opens the keys; None: read from `keys_dir/passphrase`.
        public_url: Prefix of all ids and links of a new installation, or None.
        fixed_now: The instant at which the clock stands still, for rehearsals.
        keys_url: A `pkcs11:` URI (RFC 7512); None: the keys are files in `keys_dir`.
        vc_api_open: Whether the VC-API at the root signs for anybody on this machine.
        vc_api_status: Whether what it signs gets a status without being asked.
        statistics_threshold: From which number of cases on figures show them.
        statistics_quarters: Whether figures of quarters are published beside years.
        exchange_kept_months: For how many months closed requests between bodies keep
            what they said; None: for ever.
        outgoing_test_ranges: Networks that requests may go to although they are not
            public, and without TLS.
    """

    data_dir: Path
    database_url: str
    keys_dir: Path
    keys_passphrase: str | None
    public_url: str | None
    fixed_now: datetime | None
    keys_url: str | None = None
    vc_api_open: bool = False
    vc_api_status: bool = False
    statistics_threshold: int = 5
    statistics_quarters: bool = True
    exchange_kept_months: int | None = None
    outgoing_test_ranges: tuple[IPv4Network | IPv6Network, ...] = ()


def read_config(data_dir: Path | None = None) -> Config:
    """Read the settings; an explicit `data_dir` wins over `RECOGNITION_DATA_DIR`.

    Raises:
        ConfigurationError: A variable cannot be read as what it should be.
    """
    from environs import Env, EnvError  # noqa: PLC0415  # offline checks go without

    env = Env()
    try:
        directory = (
            data_dir or env.path("RECOGNITION_DATA_DIR", DEFAULT_DATA_DIR)
        ).resolve()
        fixed_now = env.str("RECOGNITION_NOW", "")
        keys_url = env.str("KEYS_URL", "")
        named_dir = _named_directory(keys_url)
        return Config(
            data_dir=directory,
            database_url=env.str(
                "DATABASE_URL", f"sqlite:///{directory / 'recognition.sqlite3'}"
            ),
            keys_dir=named_dir or env.path("RECOGNITION_KEYS_DIR", directory / "keys"),
            keys_passphrase=env.str("RECOGNITION_KEYS_PASSPHRASE", "") or None,
            public_url=env.str("PUBLIC_URL", "").rstrip("/") or None,
            fixed_now=_instant(fixed_now) if fixed_now else None,
            keys_url=None if named_dir else keys_url or None,
            vc_api_open=env.bool("VC_API_OPEN", default=False),
            vc_api_status=env.bool("VC_API_STATUS", default=False),
            statistics_threshold=_threshold(env.int("STATISTICS_THRESHOLD", 5)),
            statistics_quarters=env.bool("STATISTICS_QUARTERS", default=True),
            exchange_kept_months=_months(env.int("EXCHANGE_KEPT_MONTHS", None)),
            outgoing_test_ranges=_networks(env.str("OUTGOING_TEST_RANGES", "")),
        )
    except EnvError as error:
        raise ConfigurationError(str(error)) from error


def _named_directory(url: str) -> Path | None:
    """Return the directory that a file URL names; None: it is no file URL.

    Source: RFC 8089 section 2.
    """
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    path = Path(unquote(parts.path))
    if parts.netloc not in {"", "localhost"} or not path.is_absolute():
        raise ConfigurationError(
            f"KEYS_URL is {url!r}; write it like file:///var/lib/recognition/keys"
        )
    return path


def _threshold(number: int) -> int:
    if number < LEAST_STATISTICS_THRESHOLD:
        raise ConfigurationError(
            f"STATISTICS_THRESHOLD is {number}; below {LEAST_STATISTICS_THRESHOLD} "
            "figures would tell about single persons."
        )
    return number


def _months(number: int | None) -> int | None:
    if number is not None and number < 1:
        raise ConfigurationError(
            f"EXCHANGE_KEPT_MONTHS is {number}; give a number of months, or leave it "
            "out to keep everything."
        )
    return number


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(
            ip_network(part.strip()) for part in text.split(",") if part.strip()
        )
    except ValueError as error:
        raise ConfigurationError(
            f"OUTGOING_TEST_RANGES is {text!r}; write networks like 127.0.0.0/8,::1/128"
        ) from error


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise ConfigurationError(
            f"RECOGNITION_NOW is {text!r}; write it like 2026-11-02T09:00:00Z."
        ) from error


def state_dir() -> Path:
    """Return where programs of this user keep what they remember.

    Source: XDG Base Directory Specification 0.8 (`XDG_STATE_HOME`).
    """
    given = os.environ.get("XDG_STATE_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".local" / "state"
    return base / "recognition"
