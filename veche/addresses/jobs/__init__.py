"""Work of this room that is longer than a click. Each file registers its jobs."""
