"""Webhooks: what happened, told to whoever asked, signed, in order and at least once."""
