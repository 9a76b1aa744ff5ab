"""Runs reference cases through leanlab.stats and writes the certificate."""
