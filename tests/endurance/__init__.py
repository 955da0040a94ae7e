"""Long runs of the whole program: what only shows after many messages, many hours or many crashes."""
