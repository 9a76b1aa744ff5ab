"""The editors of worksheets: one per archetype, driven by the declarations."""
