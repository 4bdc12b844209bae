"""The frame of all pages: who asks, in which language, and how the answer is dressed."""
