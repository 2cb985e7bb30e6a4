"""Handing over: claim codes by which a person collects what was decided."""
