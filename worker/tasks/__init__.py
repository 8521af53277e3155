"""One shallow task per job kind: load, make, save. `registry.py` names them all."""
