"""One running installation: where rooms, keys, database and clock come together."""
