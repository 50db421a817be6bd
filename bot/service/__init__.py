"""The way of a message: received and stored, answered in order, kept for who comes to fetch it."""
