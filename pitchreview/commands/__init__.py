"""What the `pitchreview` command does itself, without a browser: a door for those who run the site."""
