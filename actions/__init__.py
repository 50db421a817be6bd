"""What Rasa calls: each action reads the tracker, lets `bot.dialogue` decide, and says what to answer."""
