"""The knowledge: fiches, amounts, places and territories, read from data/ and checked."""
