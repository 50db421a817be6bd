"""The kiosk: a shared screen that keeps nothing of who used it."""
