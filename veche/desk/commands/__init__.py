"""Commands of the shell that need several rooms: `veche demo` and `veche clean`."""
