"""Updates from private chats with people."""
