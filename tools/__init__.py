"""Tools of the project itself; nothing here runs in an installation of a city."""
