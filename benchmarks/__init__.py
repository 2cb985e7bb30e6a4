"""Speed, in CPU microseconds and as a ratio to a reference of the same run."""
