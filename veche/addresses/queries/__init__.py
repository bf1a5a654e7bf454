"""What is known of addresses. The register is public knowledge: whoever is signed in may ask it."""
