"""Other packages that do the same work, for the table of `make bench`; never a part of LeanLab."""
