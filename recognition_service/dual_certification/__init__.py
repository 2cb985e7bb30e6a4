"""Dual certification: one training path, two awards, each of its own body."""
