"""The parts of a gate review: questions, their evidence beside them, and the whole on a large screen."""
