"""The Telegram face: updates to inputs, effects to Bot API methods."""
