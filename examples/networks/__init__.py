"""Four papers' networks in PyTorch, one network or building block a file.

README.md says which is where; `examples/overfit.py` trains any of them on a few
portraits. Each file needs `blocks.py` and what it imports, and nothing of the rest:
copy what you want.
"""
