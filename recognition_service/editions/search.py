"""Finding qualifications by words of their titles, in any accents and script.

Both databases look for titles that have, for each word of the query, a word that
begins with it: SQLite by FTS5, PostgreSQL by its text search with the `simple`
configuration, over the same ASCII keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import collate, delete, func, insert, literal_column, select, text
from sqlalchemy.orm import Session

from recognition_service.editions.models import QualificationTitle
from recognition_service.frameworks.titles import search_key, words

_MOST_WORDS = 12
_LONGEST_QUERY = 400


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A qualification and the title by which it was found.

    Attributes:
        position: Place in the order of results, for the next page.
    """

    qualification_id: str
    title: str
    position: int


def index_titles(session: Session, qualifications: Mapping[str, Any]) -> None:
    """Replace the search index by these rows. The caller owns the transaction."""
    session.execute(delete(QualificationTitle))
    values = [
        {
            "qualification_id": row_id,
            "jurisdiction": row["jurisdiction"],
            "framework": row.get("framework"),
            "title": title,
            "key": search_key(title),
        }
        for row_id, row in sorted(qualifications.items())
        for title in dict.fromkeys(filter(None, (row["title"], row.get("title_en"))))
    ]
    if values:
        session.execute(insert(QualificationTitle), values)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text(
                "INSERT INTO qualification_search(qualification_search) "
                "VALUES ('rebuild')"
            )
        )


def search_titles(
    session: Session,
    query: str,
    *,
    jurisdiction: str | None = None,
    framework: str | None = None,
    after: int = 0,
    limit: int = 20,
) -> list[FoundTitle]:
    """Return qualifications whose title has all words of the query, best first.

    A title that begins like the query comes before others, then shorter ones. A
    qualification appears once. Without a word in the query all are returned.

    Args:
        session: Any session.
        query: Words, or beginnings of words; what is beyond 400 signs is not read.
        jurisdiction: Only qualifications of this jurisdiction.
        framework: Only qualifications of this framework.
        after: `position` of the last result of the page before.
        limit: At most so many results.
    """
    query = query[:_LONGEST_QUERY]
    wanted = words(query)[:_MOST_WORDS]
    key, found = QualificationTitle.key, QualificationTitle
    prefix = search_key(query)
    statement = select(
        found.qualification_id,
        func.min(_by_sign(session, found.title)).label("title"),
        func.min(func.length(key)).label("size"),
        func.max(key.startswith(prefix, autoescape=True).cast(found.id.type)).label(
            "begins"
        ),
    ).group_by(found.qualification_id)
    if wanted:
        statement = statement.where(_matches(session, wanted))
    if jurisdiction:
        statement = statement.where(found.jurisdiction == jurisdiction)
    if framework:
        statement = statement.where(found.framework == framework)
    rows = session.execute(
        statement.order_by(
            literal_column("begins").desc(),
            literal_column("size"),
            _by_sign(session, found.qualification_id),
        )
        .offset(after)
        .limit(limit)
    )
    return [
        FoundTitle(row.qualification_id, row.title, after + number)
        for number, row in enumerate(rows, start=1)
    ]


def _by_sign(session: Session, column: Any) -> Any:
    """Return a column that is ordered sign by sign, whatever the server's language."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return collate(column, "BINARY" if is_sqlite else "C")


def _matches(session: Session, wanted: tuple[str, ...]) -> Any:
    """Return the condition; the words are ASCII letters and digits only."""
    if session.get_bind().dialect.name == "sqlite":
        query = " AND ".join(f'"{word}"*' for word in wanted)
        return text(
            "qualification_title.id IN (SELECT rowid FROM qualification_search "
            "WHERE qualification_search MATCH :words)"
        ).bindparams(words=query)
    query = " & ".join(f"{word}:*" for word in wanted)
    return func.to_tsvector(literal_column("'simple'"), QualificationTitle.key).op(
        "@@"
    )(func.to_tsquery(literal_column("'simple'"), query))
