"""Plain data passed between the parts of the assistant; no input or output here."""
