"""The developer tool behind `./dev`: installs what is missing, starts everything, tests everything.

Until the virtual environment exists only the standard library may be imported. Read in this order: `main` (the
command line), `installation` (ports and folders), `python_packages` and `node_packages` (what is installed),
`postgres` (how a database is found or brought), `supervisor` (the running processes), `stages` (the tests).
"""
