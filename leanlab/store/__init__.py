"""The .leanlab file: open, check, working copy, undo, save, recover."""
