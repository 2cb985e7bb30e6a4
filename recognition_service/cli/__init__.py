"""The command line: argv in, exit codes out, no rule made here."""
