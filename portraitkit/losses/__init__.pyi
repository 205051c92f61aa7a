__all__ = [
    "balanced_edge_loss",
    "boundary_sensitive_loss",
    "consensus_labels",
    "consistency_loss",
    "global_kernel_grad",
    "global_kernel_loss",
    "n_pair_grad",
    "n_pair_loss",
    "n_pair_loss_and_grad",
    "sampled_n_pair_loss",
    "soft_label_grad",
    "soft_label_loss",
]

from .balanced_edge import balanced_edge_loss as balanced_edge_loss
from .boundary_sensitive import boundary_sensitive_loss as boundary_sensitive_loss
from .consensus import consensus_labels as consensus_labels
from .consensus import consistency_loss as consistency_loss
from .global_kernel import global_kernel_grad as global_kernel_grad
from .global_kernel import global_kernel_loss as global_kernel_loss
from .n_pair import n_pair_grad as n_pair_grad
from .n_pair import n_pair_loss as n_pair_loss
from .n_pair import n_pair_loss_and_grad as n_pair_loss_and_grad
from .sampled_n_pair import sampled_n_pair_loss as sampled_n_pair_loss
from .soft_label import soft_label_grad as soft_label_grad
from .soft_label import soft_label_loss as soft_label_loss
