"""Editions of the equivalence tables: read, check, load, find again, search."""
