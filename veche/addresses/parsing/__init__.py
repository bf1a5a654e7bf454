"""The parser: text → the parts of an address. No models, no database; entered through `veche.addresses`."""
