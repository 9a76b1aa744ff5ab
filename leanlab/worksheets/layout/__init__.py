"""Pure geometry: where bones, lanes, boxes and chips go; the window and the report draw it."""
