"""What a member's own page shows: read at one moment, in words of the member's language."""
