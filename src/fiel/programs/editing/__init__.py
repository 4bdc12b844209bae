"""Editing: documents changed by forms, with all that people wrote in them left as it stands."""
