"""Whether an attestation is genuine, in force, and what it allows: pure answers."""
