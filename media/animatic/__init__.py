"""Draws a scene's clip from its own text, so that a story can be tried before it is filmed."""
