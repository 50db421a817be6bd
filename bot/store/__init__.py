"""What is kept, and for how long: SQLite by default, any SQLAlchemy database otherwise."""
