"""The web face: health and metrics."""
