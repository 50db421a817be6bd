"""The desk: what an agent uses with somebody in front of them, under /agent."""
