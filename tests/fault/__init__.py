"""What must hold while processes die, servers go away and clocks are wrong."""
