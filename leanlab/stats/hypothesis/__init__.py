"""Tests that compare groups, counts and targets."""

from leanlab.stats.hypothesis.student import (
    t_one_sample,
    t_paired,
    t_two_sample_pooled,
    t_two_sample_welch,
)

__all__ = ["t_one_sample", "t_paired", "t_two_sample_pooled", "t_two_sample_welch"]
