"""What the assistant carries and what it costs: `make bench` (docs/charge.md)."""
