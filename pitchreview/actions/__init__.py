"""Verbs that cross nouns or leave the process: plain functions, session and store passed in.

They flush but never commit; the door that called them does.
"""
