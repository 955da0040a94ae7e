"""A local Telegram: a Bot API server with Telegram's rules, and a page with a phone and an operators' group."""
