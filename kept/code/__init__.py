"""The law as data: duties, editions, rulebooks, the loader that refuses a bad one, and the diff of two editions.

Read in this order: one `editions/code-2020/right-NN.yaml`, then `model.py`, then `loader.py`.
"""
