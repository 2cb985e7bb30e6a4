"""The first page: what this is, three doors, and what it is not."""

from flask import Response

from recognition_service.web.pages.rendering import page


def show_home() -> Response:
    """Show the doors for employers, holders and certification bodies."""
    return page("home.html")
