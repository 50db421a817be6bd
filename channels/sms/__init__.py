"""SMS: a gateway calls us with what people write, and we call it with what to send."""
