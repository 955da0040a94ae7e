"""Knowledge: facts, articles and organisations as data; their checks, rendering and search."""
