"""Tests mirror the rooms of the house; `conftest.py` holds the world they run in."""
