"""What doors hand in: members, sales and activities, read and bounded alike for all of them."""
