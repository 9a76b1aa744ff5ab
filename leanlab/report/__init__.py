"""Blocks and report pages to PDF, HTML and XLSX."""
