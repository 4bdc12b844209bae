"""Impact: what a program or a promotion caused, told from members who were kept out of it."""
