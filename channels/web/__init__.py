"""The pages: forms and links that work without any script."""
