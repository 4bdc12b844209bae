"""Passes for Apple Wallet and Google Wallet, with a balance that follows the member's."""
