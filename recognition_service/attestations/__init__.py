"""Decision records, the attestations issued over them, their copies and status."""
