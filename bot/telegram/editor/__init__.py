"""Updates from editors: previews, files, publications."""
