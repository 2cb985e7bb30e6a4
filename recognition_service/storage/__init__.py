"""What lasts: transactions, audit, outbox, idempotency, numbers, migrations."""
