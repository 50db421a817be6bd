"""What the assistant knows and does, whatever the channel."""
