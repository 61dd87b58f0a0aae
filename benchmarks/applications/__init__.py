"""The applications that are measured, each a module for the web server: ours in two states, and the yardsticks."""
