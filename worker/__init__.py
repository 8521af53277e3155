"""Door 2: what machines do. Tasks (one per kind of job) over media (the only room that runs ffmpeg)."""
