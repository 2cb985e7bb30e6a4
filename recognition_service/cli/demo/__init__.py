"""The demonstration: example offices and people, real tables and instruments."""
