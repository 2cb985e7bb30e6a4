"""The HTTP door: the platform of all views, the REST interface and the pages."""
