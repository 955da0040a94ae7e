"""Delivery: inbox, outbox, sender, scheduler."""
