"""Vocabulary every room shares: errors, options, formatting, clock, resources."""
