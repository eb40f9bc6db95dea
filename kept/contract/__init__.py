"""The record contract: the tables a force supplies, and the closed vocabulary of what they may say."""
