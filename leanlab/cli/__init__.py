"""The commands of LeanLab; docs/architecture.md says what each is for."""

from leanlab.cli.group import cli

__all__ = ["cli"]
