"""The parts of the data page: grid, header, column panel, find bar, filter."""
