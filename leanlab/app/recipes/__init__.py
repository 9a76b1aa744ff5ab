"""Recipes of the sample projects: each tells a story through the public API."""
