"""Explore: a page on the published file for somebody who does not write SQL.

The pages are made on the server and hold no script. Only the published file is read.
"""
