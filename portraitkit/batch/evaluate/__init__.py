"""Predictions against truths: pairing, scores of each pair, and what they add up to."""
