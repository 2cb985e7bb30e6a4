"""The REST views, one module per noun."""
