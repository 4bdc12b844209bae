"""The story of a member as the staff reads it: what happened, why, and all that is known."""
