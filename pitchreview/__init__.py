"""PitchReview: video pitch review and peer feedback for sales teams.

The house has two doors and one core. People come in by `pitchreview.web`, machines by `worker`;
they meet in the database and the object store and never import each other. Floors, downward only:

    web | worker | local  ->  actions  ->  queue, permissions  ->  models, store
                                                               ->  db, errors, timecode, config
"""
