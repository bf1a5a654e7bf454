"""Which parser read an address. Grows with every change that reads some address otherwise than before."""

VERSION = 5
