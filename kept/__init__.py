"""Kept: was each right that the Victims' Code gives to each victim kept, and how do we know?"""

__version__ = "0.1.0"
