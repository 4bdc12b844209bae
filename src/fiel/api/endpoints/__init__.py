"""The operations, by what they are about. Each makes one service call."""
