"""What is handed out: sheets, booklets and posters on paper, and an edition for machines without a network."""
