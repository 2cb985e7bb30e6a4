"""The equivalence tables as values: rows, tables, schema, parsing, checks, titles."""
