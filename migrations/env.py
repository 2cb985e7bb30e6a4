"""How Alembic runs here: on the connection that the service hands in."""

from importlib import import_module

from alembic import context

from recognition_service.storage.base import Base
from recognition_service.storage.types import UtcDateTime

ROOMS_WITH_TABLES = (
    "storage",
    "authorities",
    "exchange",
    "editions",
    "attestations",
    "recognition",
    "dual_certification",
    "mutual_recognition",
    "delivery",
)

for room in ROOMS_WITH_TABLES:
    import_module(f"recognition_service.{room}.models")
import_module("recognition_service.recognition.paper_models")
import_module("recognition_service.delivery.webhook_models")

connection = context.config.attributes["connection"]


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our instants into migrations as the number that they are stored as."""
    del autogen_context
    is_instant = kind == "type" and isinstance(item, UtcDateTime)
    return "sa.BigInteger()" if is_instant else False


def is_ours(item: object, name: str | None, kind: str, *rest: object) -> bool:
    """Leave out the search index: each database has its own, made by hand."""
    del item, kind, rest
    return "_search" not in (name or "")


context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    include_object=is_ours,
    transaction_per_migration=False,
)
context.run_migrations()
