"""The only door that figures leave by."""
