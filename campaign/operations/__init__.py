"""Whether this installation works: health addresses for machines, `doctor` for operators."""
