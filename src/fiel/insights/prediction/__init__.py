"""What members will do: purchases to come, who has gone, their worth, what to offer next."""
