"""A multilingual Telegram hotline for labour migrants."""
