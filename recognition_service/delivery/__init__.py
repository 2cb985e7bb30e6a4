"""Handing over: claim codes by which a person collects, and webhooks to systems."""
