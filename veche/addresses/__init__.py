"""Russian postal addresses: the state register of them, and what is found in it."""
