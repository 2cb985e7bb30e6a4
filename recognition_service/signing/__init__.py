"""Private keys: made, kept and used here, and nowhere else."""
