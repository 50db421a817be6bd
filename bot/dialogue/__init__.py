"""What to answer: decided from what was understood and from what was said before, without any text."""
