"""Harnesses that try to lose work; run small with the tests, in full with `make torture`."""
