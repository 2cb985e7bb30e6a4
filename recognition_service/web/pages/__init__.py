"""Pages for people: server-rendered, complete without scripts, at most 50 kB each."""
