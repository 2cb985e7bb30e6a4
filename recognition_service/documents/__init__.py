"""Written papers: letters, indexes and archives as bytes; values in, bytes out."""
