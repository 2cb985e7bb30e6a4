"""How steps are carried out that may fail without stopping others."""

from collections.abc import Callable

Attempt = Callable[[str, Callable[[], object]], str | None]
"""Carries out a step under a name; returns what went wrong, or None."""
