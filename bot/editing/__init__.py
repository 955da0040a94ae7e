"""Tools of editors around the knowledge folder: read, check, export, compare, reload, publish. All IO is here."""
