"""How the assistant is reached: each channel turns what it receives into a call of `bot.service.assistant`."""
