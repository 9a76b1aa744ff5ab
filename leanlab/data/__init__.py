"""Data sheets: columns, types, row states, import, reshaping."""
