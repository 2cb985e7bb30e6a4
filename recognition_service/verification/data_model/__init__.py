"""The rules of the Verifiable Credentials Data Model v2.0, one module per noun."""
