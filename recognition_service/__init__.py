"""Recognition of qualifications across borders: tables, decisions, attestations."""

__version__ = "0.1.0"
