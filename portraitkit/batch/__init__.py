"""Many photographs: which, where to, by how many processes, and what became of each."""
