"""LeanLab: Lean/Six Sigma projects with numbers that can be checked."""

__version__ = "0.1.0.dev0"
