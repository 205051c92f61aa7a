"""Cards drafted from graphs: what a graph says, what it leaves to be guessed."""
