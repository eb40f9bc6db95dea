"""The compiled evaluator: the reference's steps, under the same names, over integers."""
