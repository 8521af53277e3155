"""Everything that touches the bytes of a recording: pure functions on local files.

No database, no object store, no Flask. ffmpeg is treated as hostile code on hostile input:

    tools       which ffmpeg, ffprobe and sandbox this machine has
    sandbox     what a tool may see while it runs
    process     one child: limits, watchdogs, abort, a bounded tail of its complaints
    commands    what every ffmpeg and ffprobe command of ours has in common
    sniff       first bytes -> the demuxer that we allow, or why not
    profiles    limits, rungs and encoder settings as data
    probe       what is in the file, and whether it may come in
    copy        stage 1: a playable file without encoding
    poster, loudness, ladder, storyboard    what is derived from a source
    playlist, renditions    the facts about what was made
    verify      nothing is believed until ffprobe has seen it
"""
