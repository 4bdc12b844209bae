"""Goals: where the merchant began, how far it has come, and whether it will get there."""
