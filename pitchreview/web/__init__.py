"""Door 1: people. The only Flask. A view has five beats: find, check, act, commit, answer."""
