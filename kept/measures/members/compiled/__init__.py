"""What of making members is compiled: one pass over the entries of a row group.

It stands in one file, for numba looks at no other when it asks whether what it compiled before is still good.
"""
