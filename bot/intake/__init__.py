"""What happens to a message before Rasa and without it: masking, danger, command words."""
