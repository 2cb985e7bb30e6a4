"""Requests for recognition: submitted, routed, proposed, decided, signed."""
