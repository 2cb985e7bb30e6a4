"""Formats written in RFCs and W3C texts: JSON, keys, tokens, status lists."""
