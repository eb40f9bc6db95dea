"""Witness care: the cases before the courts, the victims in them, and what witness care owes these."""
