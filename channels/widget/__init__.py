"""A frame of the conversation that other sites put in their pages."""
