"""What differs between the databases that a store can lie in."""
