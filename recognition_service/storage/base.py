"""The declarative base of all tables and what every tenant's table shares."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Date, MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from recognition_service.storage.types import UtcDateTime

PLATFORM = "platform"
"""The reserved authority that owns what belongs to the installation itself."""


class Base(DeclarativeBase):
    """All tables; constraints get names, so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        date: Date(),
        UUID: Uuid(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[Any]: JSON(),
    }


class OwnedByAuthority:
    """First half of the primary key of every table of casework."""

    authority_id: Mapped[str] = mapped_column(
        String(64), primary_key=True, sort_order=-2
    )


class TenantRow(OwnedByAuthority):
    """A row of casework: its key begins with the authority that owns it."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
