"""The lead's ten minutes: a folder of projects, and the outcome card."""
