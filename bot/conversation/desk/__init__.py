"""Use cases of a desk: queue, reply, close."""
