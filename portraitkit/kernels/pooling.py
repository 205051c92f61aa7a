"""Superpixel pooling, for trainers who import from one room."""

from ..superpixels.majority import pad_superpixels, pool_majority
from ..superpixels.pooling import pool_mean, pool_mean_grad, unpool

__all__ = ["pad_superpixels", "pool_majority", "pool_mean", "pool_mean_grad", "unpool"]
