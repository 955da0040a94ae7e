"""Conversation: what the hotline does next, whatever the channel."""
