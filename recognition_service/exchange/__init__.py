"""Messages to and from authorities in other installations: numbered, signed, kept."""
