"""The law as data: dated regimes, which of them applies, what a decision must say."""
