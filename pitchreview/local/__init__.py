"""The embedded parts: what `pitchreview up` starts for everything the environment does not configure.

Nothing outside this room imports it. Each part is a real server that comes as a wheel.
"""
