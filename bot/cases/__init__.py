"""Cases: the life of one problem of one person, from opening to purge."""
