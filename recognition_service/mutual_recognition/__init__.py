"""Questions between bodies: asking, accepting, answering, and what an answer does."""
