"""What the equivalence tables say about a question: values in, an answer out."""
