"""All checks of the equivalence tables, in one call."""

from collections.abc import Mapping

from recognition_service.frameworks.check_conditions import check_conditions
from recognition_service.frameworks.check_evidence import check_evidence
from recognition_service.frameworks.check_order import check_order
from recognition_service.frameworks.check_programmes import check_programmes
from recognition_service.frameworks.check_references import check_references
from recognition_service.frameworks.check_relations import check_relations
from recognition_service.frameworks.check_shape import check_shape
from recognition_service.frameworks.check_validity import check_validity
from recognition_service.frameworks.files import TableFile
from recognition_service.frameworks.findings import Finding
from recognition_service.frameworks.schema import TableSchema


def check_tables(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> list[Finding]:
    """Return everything to mend, in the order of files and lines.

    Args:
        schema: The description of the tables, from `schema.parse_schema`.
        files: The files by table name, as a reader found them.
    """
    findings = [
        *check_shape(schema, files),
        *check_references(schema, files),
        *check_order(files),
        *check_validity(files),
        *check_evidence(schema, files),
        *check_relations(files),
        *check_conditions(files),
        *check_programmes(files),
    ]
    return sorted(
        findings, key=lambda found: (found.file, found.line, found.column or "")
    )
