"""The VC-API: credentials of any kind, issued and verified in the common form."""
