"""What callers are answered, as pydantic models: the reference that the answers are held to."""
