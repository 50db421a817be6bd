"""Telegram: updates come by webhook or by polling, answers go through the Bot API."""
