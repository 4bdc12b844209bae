"""What callers send, as pydantic models, and how it becomes values of the domain."""
